/**
 * What may become of any endpoint's answer, whatever the endpoint is for: servers that fail, and
 * pages in front of them.
 */
import type { Changed } from "./answer.ts";
import type { Fault } from "./faults.ts";
import type { Endpoint } from "./network.ts";

const json = { "content-type": "application/json" };
const MiB = 1 << 20;

/** By name: the answer in the place of the right one. */
export const damages = {
  "status 500": { status: 500, headers: json, body: '{"error":"server_error"}' },
  "status 503": { status: 503, headers: { "retry-after": "1" }, body: "" },
  "an HTML page": {
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<!doctype html><title>Maintenance</title>",
  },
  "a MiB": { status: 200, headers: json, body: JSON.stringify({ padding: "x".repeat(MiB) }) },
  "half of the answer": "abort",
  garbage: { status: 200, headers: json, body: "\u0000\ufffd{]" },
  "JSON of another kind": { status: 200, headers: json, body: '[null,{"keys":7}]' },
  nothing: { status: 200, headers: json, body: "" },
  "a redirect": { status: 302, headers: { location: "https://attacker.example/" }, body: "" },
} satisfies Record<string, Changed>;

export type Damage = keyof typeof damages;

export const damage = (endpoint: Endpoint, name: Damage): Fault => ({
  endpoint,
  change: () => damages[name],
});
