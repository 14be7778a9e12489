/**
 * One Traefik with two entry points to one upstream: one bare, one with the plugin. Checked before it is measured:
 * a gate that lets everything through, or nothing, would be quick.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../src/dev/cleanup.ts";
import { loopback } from "../src/dev/ports.ts";
import { startTraefik } from "../src/dev/traefik.ts";
import { pluginName } from "../src/dev/traefik-config.ts";
import { keySet, makeKey, type Key } from "./keys.ts";
import { startServer } from "./program.ts";
import { configuration, KEY_FILE, readCall, writeCall, type Call } from "./workload.ts";

export type Target = "bare" | "rolegate";

export interface Stage {
  /** `host:port` of each way to the upstream, and of the upstream itself. */
  addresses: Record<Target | "upstream", string>;
  key: Key;
  traefikPid: number;
  upstreamPid: number;
  /** How many audit lines Traefik has written. */
  auditLines(): number;
  stop(): Promise<void>;
}

export async function setStage(traffic: string): Promise<Stage> {
  const folder = temporaryFolder("bench");
  const key = makeKey("RS256");
  const others = [makeKey("RS256"), makeKey("ES256")];
  writeFileSync(join(folder.path, "jwks.json"), keySet([...others, key]));
  const logFile = join(folder.path, "traefik.log");
  const upstream = await startServer(traffic, ["upstream"]);
  const upstreamAddress = `${loopback}:${upstream.port}`;
  const router = (name: Target, middlewares: string[]) => ({
    rule: "PathPrefix(`/`)",
    entryPoints: [name],
    service: "api",
    middlewares,
  });
  try {
    const traefik = await startTraefik({
      dynamic: {
        http: {
          routers: { bare: router("bare", []), rolegate: router("rolegate", ["gate"]) },
          middlewares: {
            gate: { plugin: { [pluginName]: configuration({ jwksFile: KEY_FILE }) } },
          },
          services: { api: { loadBalancer: { servers: [{ url: `http://${upstreamAddress}` }] } } },
        },
      },
      // Into a file: read through a pipe, the audit would cost this process time that Traefik needs.
      static: { log: { filePath: logFile } },
      mounts: { "/state": `${folder.path}:ro` },
      entryPoints: { bare: 0, rolegate: 0 },
    });
    return {
      addresses: {
        bare: new URL(traefik.urls.bare!).host,
        rolegate: new URL(traefik.urls.rolegate!).host,
        upstream: upstreamAddress,
      },
      key,
      traefikPid: traefik.pid,
      upstreamPid: upstream.pid,
      auditLines: () =>
        readFileSync(logFile, "latin1").split('\\"rolegate\\":\\"audit\\"').length - 1,
      async stop() {
        await traefik.stop();
        upstream.stop();
        folder.remove();
      },
    };
  } catch (error) {
    upstream.stop();
    throw error;
  }
}

async function send(address: string, { method, target, headers, body }: Call) {
  const response = await fetch(`http://${address}${target}`, {
    method,
    headers: headers.filter(([name]) => name !== "Host" && name !== "Content-Length"),
    ...(body === "" ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, user: /"user":"([^"]*)"/.exec(text)?.[1] };
}

/** Throws unless the gate decides and marks requests as it should, and the bare way does neither. */
export async function checkStage({ addresses }: Stage, token: string): Promise<void> {
  const spoofed: Call = { ...readCall(token) };
  spoofed.headers = [...spoofed.headers, ["X-Forwarded-User", "mallory"]];
  const forbidden: Call = { ...writeCall(token), target: "/api/block_documents/1" };
  const bad = readCall(`${token.slice(0, -20)}AAAA${token.slice(-16)}`);
  const expected: [Target, string, Call, number, string | undefined][] = [
    ["bare", "a read", readCall(token), 200, ""],
    ["rolegate", "a read", readCall(token), 200, "bob.runner"],
    ["rolegate", "a write", writeCall(token), 200, "bob.runner"],
    ["rolegate", "a read with a spoofed header", spoofed, 200, "bob.runner"],
    ["rolegate", "a write without the role", forbidden, 403, undefined],
    ["rolegate", "a forged token", bad, 401, undefined],
  ];
  for (const [target, what, call, status, user] of expected) {
    const got = await send(addresses[target], call);
    if (got.status === status && got.user === user) continue;
    throw new Error(
      `${target}, ${what}: expected ${status} for ${user}, got ${got.status} for ${got.user}`,
    );
  }
}
