/**
 * As much of Docker's API as Traefik's Docker provider asks for, on a Unix socket: containers with labels, and
 * an event when they change. Traefik reads label configuration from it as from a real daemon.
 */
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";

export interface Container {
  name: string;
  labels: Record<string, string>;
  /** Where it serves on 127.0.0.1; Traefik takes it when no label says otherwise. */
  port?: number;
}

export interface DockerApi {
  /** For `providers.docker.endpoint`. */
  endpoint: string;
  /** Replaces the containers and tells Traefik. */
  set(containers: Container[]): void;
  stop(): Promise<void>;
}

const apiVersion = "1.44";

/** The network's address stands for the container's: whatever Traefik routes to it comes to the loopback address. */
const networks = { bridge: { NetworkID: "bridge", IPAddress: "127.0.0.1" } };

function listed({ name, labels, port }: Container) {
  return {
    Id: name,
    Names: [`/${name}`],
    Labels: labels,
    State: "running",
    Ports: port ? [{ PrivatePort: port, Type: "tcp" }] : [],
    HostConfig: { NetworkMode: "bridge" },
    NetworkSettings: { Networks: networks },
  };
}

function inspected({ name, labels, port }: Container) {
  return {
    Id: name,
    Name: `/${name}`,
    State: { Status: "running", Running: true },
    Config: { Labels: labels },
    HostConfig: { NetworkMode: "bridge" },
    NetworkSettings: { Networks: networks, Ports: port ? { [`${port}/tcp`]: null } : {} },
  };
}

export async function startDockerApi(containers: Container[] = []): Promise<DockerApi> {
  const folder = temporaryFolder("docker");
  const socket = join(folder.path, "docker.sock");
  const listeners = new Set<ServerResponse>();

  const answers: [RegExp, (name: string) => unknown][] = [
    [/^\/version$/, () => ({ Version: "28.0.0", ApiVersion: apiVersion, MinAPIVersion: "1.24" })],
    [/^\/containers\/json$/, () => containers.map(listed)],
    [
      /^\/containers\/([^/]+)\/json$/,
      (name) => containers.filter((container) => container.name === name).map(inspected)[0],
    ],
  ];

  const server = createServer((request, response) => {
    const path = request.url!.replace(/\?.*/, "").replace(/^\/v[\d.]+(?=\/)/, "");
    response.setHeader("Api-Version", apiVersion);
    if (path === "/_ping") return void response.end("OK");
    response.setHeader("Content-Type", "application/json");
    if (path === "/events") {
      response.flushHeaders();
      listeners.add(response);
      response.on("close", () => listeners.delete(response));
      return;
    }
    for (const [pattern, answer] of answers) {
      const match = pattern.exec(path);
      const body = match && answer(match[1] ?? "");
      if (body) return void response.end(JSON.stringify(body));
    }
    response.statusCode = 404;
    response.end(JSON.stringify({ message: `no such thing: ${path}` }));
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(socket, resolve);
  });
  return {
    endpoint: `unix://${socket}`,
    set(next) {
      containers = next;
      const event = {
        Type: "container",
        Action: "start",
        status: "start",
        id: next[0]?.name ?? "",
      };
      for (const listener of listeners) listener.write(`${JSON.stringify(event)}\n`);
    },
    async stop() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      folder.remove();
    },
  };
}
