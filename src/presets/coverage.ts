/** Which rule decides what: asked of plugin.wasm itself, so that the answer is the one that Traefik's guest gives. */
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import type { HeadersInit } from "../guest/header.ts";
import { loadGuest } from "../guest/load.ts";
import type { Operation } from "./openapi.ts";

/** A block's parts that decide. */
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

/** Gives the name of the rule that decides an operation (`WS` for a WebSocket), `default` when none does. */
export async function deciderOf(
  policy: Policy,
): Promise<(operation: Operation) => Promise<string>> {
  // Nobody signs with it: rules are named in refusals as well.
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
