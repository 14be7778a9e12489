/**
 * Warm requests that a module is judged by: a token, a session, an API key, and none on a public rule. A session is
 * made by the module itself: one of an earlier release is sealed for that release's fingerprint. The configuration has
 * no option that is younger than the oldest module that is compared.
 */
import { randomBytes } from "node:crypto";
import type { Tree } from "../stack/traefik/config.ts";
import { apiKey, digestOf } from "../test/support/api-keys.ts";
import { keySet as testKeySet, rsa } from "../test/support/keys.ts";
import { HOST } from "../test/support/login-host.ts";
import { keySet, makeKey, makeToken } from "./keys.ts";
import { signIn, withSessions } from "./sessions.ts";
import { configuration, readCall, writeCall, type Call } from "./workload.ts";

export interface Load {
  name: string;
  config: Tree;
  /** What a module is asked, in turn. */
  calls(wasm: string): Promise<Call[]>;
}

/** Kilobytes. */
const BODIES = [4, 64, 1024];

export function loads(bodies: boolean): Load[] {
  const key = makeKey("RS256");
  const token = makeToken(key);
  const config = configuration({ jwks: keySet([key]) }) as Tree;
  const same = (name: string, call: Call, of = config) => sameForAll(name, of, [call]);
  return [
    same("token", readCall(token)),
    session(),
    keyed(),
    same("anonymous", anonymous()),
    ...(bodies ? BODIES : []).map((kilobytes) =>
      same(
        `body of ${kilobytes} kB`,
        withBody(writeCall(token), kilobytes * 1000),
        lookingInto(config),
      ),
    ),
  ];
}

/** Requests that do not depend on the module. */
export const sameForAll = (name: string, config: Tree, calls: Call[]): Load => ({
  ...{ name, config, calls: async () => calls },
});

function session(): Load {
  const jwks = JSON.stringify(testKeySet(rsa));
  const config = withSessions(configuration({ jwks }) as Tree, randomBytes(32));
  const calls = async (wasm: string) => {
    const cookies = await signIn(config, wasm);
    const call = readCall(cookies);
    return [{ ...call, headers: call.headers.map(atHost) }];
  };
  return { name: "session", config, calls };
}

/** Where the Node host signs in. */
const atHost = ([name, value]: [string, string]): [string, string] => [
  name,
  name === "Host" ? HOST : value,
];

/** A key of four. */
function keyed(): Load {
  const keys = Array.from({ length: 4 }, () => apiKey());
  const apiKeys = keys.map((it, index) => ({
    name: `worker-${index}`,
    sha256: digestOf(it),
    roles: ["runner"],
  }));
  const config = { ...configuration({ jwks: keySet([makeKey("RS256")]) }), apiKeys } as Tree;
  return { name: "API key", config, calls: async () => [readCall(keys[2]!)] };
}

function anonymous(): Call {
  const { headers, ...call } = readCall("");
  return {
    ...call,
    target: "/api/health",
    headers: headers.filter(([name]) => name !== "Authorization"),
  };
}

/** The team's rules, with one more at their head that looks into bodies. */
function lookingInto(config: Tree): Tree {
  const match = "PathPrefix(`/api/flow_runs`) && Method(`POST`) && BodyOnly(`secrets`, `false`)";
  return { ...config, rules: [{ match, allow: "Role(`owner`)" }, ...(config.rules as Tree[])] };
}

function withBody(call: Call, bytes: number): Call {
  const [head, tail] = ['{"state":"', '","secrets":true}'];
  const body = head + "x".repeat(bytes - head.length - tail.length) + tail;
  const headers = call.headers.filter(([name]) => name !== "Content-Length");
  return { ...call, body, headers: [...headers, ["Content-Length", String(body.length)]] };
}
