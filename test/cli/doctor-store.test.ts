/** `rolegate doctor` and a real Traefik whose routers to the engine have one thing wrong at a time. The engine itself is down. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Code } from "../../src/cli/doctor/catalogue-table.ts";
import { type SignInStack, startSignInStack } from "../../stack/sign-in-stack.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import { rolegate } from "./run.ts";

const login = "Host(`localhost`) && ";
const both = "(Path(`/oidc/store`) || Path(`/oidc/backchannel-logout`))";
const healthy = {
  "login-store": { rule: login + both, middlewares: ["rolegate-login", "rolegate-buffering"] },
  store: { middlewares: ["rolegate-store", "rolegate-buffering"] },
};

const FAULTS: [name: string, codes: Code[], routers: Tree][] = [
  ["nothing", [], {}],
  [
    "no router for sign-outs",
    ["store_router_missing"],
    { "login-store": { rule: `${login}Path(\`/other\`)` } },
  ],
  [
    "none for back-channel logout",
    ["store_router_missing"],
    { "login-store": { rule: `${login}Path(\`/oidc/store\`)` } },
  ],
  ["no router of the reader", ["store_reader_missing"], { store: { middlewares: [] } }],
  [
    "no buffering behind the reader",
    ["store_buffering_missing"],
    { store: { middlewares: ["rolegate-store"] } },
  ],
  [
    "buffering before the reader",
    ["store_buffering_missing"],
    { store: { middlewares: ["rolegate-buffering", "rolegate-store"] } },
  ],
  [
    "no buffering where people sign out",
    ["login_buffering_missing"],
    { "login-store": { middlewares: ["rolegate-login"] } },
  ],
];

describe("the routers to the engine", () => {
  let stack: SignInStack;
  before(async () => {
    stack = await startSignInStack({
      block: { session: { revocationUnreadable: "allow" } },
      // Nobody listens there.
      store: { block: { kind: "etcd" }, urls: ["http://127.0.0.1:1"], interval: "1s" },
    });
  });
  after(() => stack?.stop());

  for (const [name, codes, routers] of FAULTS) {
    test(name, async () => {
      await stack.reconfigure({}, { http: { routers: healthy } });
      await stack.reconfigure({}, { http: { routers } });
      const args = ["doctor", "--json", stack.url, "-p", "/api/runs", "--api", stack.traefik.api];
      const ran = await rolegate(args);
      const { findings } = JSON.parse(ran.stdout) as { findings: { code: string }[] };
      assert.deepEqual(
        findings.map(({ code }) => code).filter((it) => /store|buffering/.test(it)),
        codes,
        ran.stdout,
      );
    });
  }
});
