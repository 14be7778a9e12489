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

/** What Traefik asks for, by the name in the path. */
const KINDS: Record<string, string> = Object.fromEntries(
  [
    ...["IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "Middleware", "MiddlewareTCP"],
    ...["ServersTransport", "ServersTransportTCP", "TLSOption", "TLSStore", "TraefikService"],
    ...["Service", "Secret", "Node", "EndpointSlice", "ConfigMap", "Namespace"],
  ].map((kind) => [`${kind.toLowerCase()}s`, kind]),
);

/** A server without streamed lists: clients fall back to plain ones. */
const NO_STREAMED_LIST = {
  ...{ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure" },
  ...{ message: "sendInitialEvents is forbidden", reason: "Invalid", code: 422 },
};

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
    const kind = KINDS[url.pathname.split("/").at(-1)!];
    if (kind === undefined) return void response.writeHead(404).end("{}");
    if (url.searchParams.has("sendInitialEvents")) {
      return void response.writeHead(422).end(JSON.stringify(NO_STREAMED_LIST));
    }
    if (url.searchParams.get("watch") !== "true") {
      const items = objects.filter((object) => object.kind === kind);
      const apiVersion = /^\/apis?\/(.*)\/[^/]+$/
        .exec(url.pathname)![1]!
        .replace(/\/namespaces\/.*/, "");
      const list = { apiVersion, kind: `${kind}List`, metadata: { resourceVersion: "1" }, items };
      return void response.end(JSON.stringify(list));
    }
    open.add(response);
    response.on("close", () => open.delete(response));
    response.flushHeaders();
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
