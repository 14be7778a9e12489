/**
 * Finds the rule that decides an operation. plugin.wasm itself is asked, so the answer is the one
 * that Traefik's guest gives.
 */
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import type { HeadersInit } from "../guest/header.ts";
import { loadGuest } from "../guest/load.ts";
import type { Operation } from "./openapi.ts";

/** The parts of a block that decide. */
export interface Policy {
  roles?: unknown;
  roleHierarchy?: unknown;
  rules: { name?: string }[];
  default?: unknown;
}

const webSocket: HeadersInit = [
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
];

/** `/flows/{id}` -> `/flows/x`. */
const sample = (path: string) => path.replace(/\{[^}]*\}/g, "x");

/**
 * The name of the rule that decides an operation (`WS` for a WebSocket); `default` when no rule
 * does.
 */
export async function deciderOf(
  policy: Policy,
): Promise<(operation: Operation) => Promise<string>> {
  // No token is signed with it, because refusals name their rule as well.
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { roles, roleHierarchy, rules } = policy;
  const guest = await loadGuest({
    wasm: join(root, "plugin.wasm"),
    config: {
      issuer: "https://sso.example.com",
      clientId: "prefect",
      publicKeys: [publicKey.export({ type: "spki", format: "pem" })],
      ...{ roles, roleHierarchy, rules, default: policy.default },
      logLevel: "debug",
    },
  });
  const { errors, logs } = guest.check();
  if (errors > 0) throw new Error(logs.map(({ message }) => message).join("\n"));
  return async ({ method, path }) => {
    const { logs } = await guest.handle({
      method: method === "WS" ? "GET" : method,
      target: sample(path),
      headers: method === "WS" ? webSocket : [],
    });
    const decision = logs.find(({ data }) => data?.step === "decision")?.data;
    if (!decision?.rule) throw new Error(`${method} ${path}: ${decision?.reason ?? "no decision"}`);
    return String(decision.rule);
  };
}
