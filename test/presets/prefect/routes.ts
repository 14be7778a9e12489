/**
 * Prefect's routes with who may call each: written down from the running server and its source, apart from the table
 * that the preset is made of. Letters: anonymous, Viewer, Runner, Worker, Developer, Owner.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../tools/root.ts";
import type { WireRequest } from "../../../src/guest/entrypoint.ts";
import type { Caller } from "./gate.ts";

export interface Route {
  /** `WS`: GET with an upgrade to WebSocket. */
  method: string;
  path: string;
  roles: string;
  /** Where `include_secrets` may stand. */
  secret?: "query" | "body";
}

const file = join(root, "test/presets/prefect/routes.json");
export const routes = JSON.parse(readFileSync(file, "utf8")) as Route[];

const letters: Record<Caller, string> = {
  anonymous: "A",
  viewer: "V",
  runner: "R",
  worker: "W",
  developer: "D",
  owner: "O",
};

/** What Prefect itself shows to everybody and the preset only to people with a role. */
const needsRole = [
  ...["/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc", "/ui-settings", "/*", "/v2/*"],
  "/api/version",
];

/** Asked for by each page of Prefect's user interfaces (measured), which show an error when it is refused. */
const forPages = "/api/admin/settings";

export function mayCall({ path, roles }: Route, caller: Caller): boolean {
  if (caller === "anonymous" && needsRole.includes(path)) return false;
  if (caller !== "anonymous" && path === forPages) return true;
  return roles.includes(letters[caller]);
}

const samples: Record<string, string> = {
  resource_id: "prefect.deployment.1b2a4c66-0001-4000-8000-000000000001",
  checksum: "sha256:c078ed9c1e813e224c0b353d7ad4564a11d51d3198d9ac0686478165a1911c78",
};

/** With parameters as clients fill them. */
export function samplePath(path: string): string {
  return path
    .replace(/\{(\w+)\}/g, (_, name: string) =>
      name.endsWith("id") && name !== "resource_id"
        ? "1b2a4c66-0001-4000-8000-000000000001"
        : (samples[name] ?? "some-name"),
    )
    .replace("*", "assets/index-8d6f3a6e.js");
}

export const upgrade: [string, string][] = [
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
  ["Sec-WebSocket-Version", "13"],
  ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ["Sec-WebSocket-Protocol", "prefect"],
];

export function wireOf({ method, path }: Route): WireRequest {
  const target = samplePath(path);
  if (method === "WS") return { target, headers: upgrade };
  const hasBody = !["GET", "HEAD", "DELETE"].includes(method);
  return hasBody
    ? { method, target, headers: [["Content-Type", "application/json"]], body: "{}" }
    : { method, target };
}
