/**
 * As much of Kubernetes' API as Traefik's CRD provider asks for: lists and watches of what some manifests hold. Nothing
 * ever changes in it.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [name: string]: unknown };
  [name: string]: unknown;
}

export interface KubernetesApi {
  /** For `providers.kubernetesCRD.endpoint`. */
  endpoint: string;
  /** Paths that were asked for, each once. */
  asked: Set<string>;
  stop(): Promise<void>;
}

const pluralOf = (kind: string) => `${kind.toLowerCase()}s`;

export async function startKubernetesApi(manifests: Manifest[]): Promise<KubernetesApi> {
  const objects = manifests.map((manifest, i) => ({
    ...manifest,
    metadata: { namespace: "default", uid: `uid-${i}`, resourceVersion: "1", ...manifest.metadata },
  }));
  const asked = new Set<string>();
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://localhost");
    asked.add(url.pathname);
    response.setHeader("Content-Type", "application/json");
    if (url.pathname === "/version") {
      return void response.end(JSON.stringify({ major: "1", minor: "33", gitVersion: "v1.33.0" }));
    }
    const resource = url.pathname.split("/").at(-1)!;
    const items = objects.filter(({ kind }) => pluralOf(kind) === resource);
    const apiVersion = url.pathname
      .replace(/^\/apis?\//, "")
      .split("/")
      .slice(0, -1)
      .join("/");
    if (url.searchParams.get("watch") !== "true" && !url.searchParams.has("sendInitialEvents")) {
      const kind = `${items[0]?.kind ?? resource}List`;
      return void response.end(
        JSON.stringify({ apiVersion, kind, metadata: { resourceVersion: "1" }, items }),
      );
    }
    open.add(response);
    response.on("close", () => open.delete(response));
    response.flushHeaders();
    if (url.searchParams.get("sendInitialEvents") !== "true") return;
    for (const object of items) response.write(`${JSON.stringify({ type: "ADDED", object })}\n`);
    const annotations = { "k8s.io/initial-events-end": "true" };
    const object = {
      apiVersion,
      kind: items[0]?.kind ?? "Status",
      metadata: { resourceVersion: "1", annotations },
    };
    response.write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        for (const response of open) response.destroy();
        server.closeAllConnections();
      });
    },
  };
}
