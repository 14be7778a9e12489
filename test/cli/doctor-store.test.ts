/**
 * `rolegate doctor` and a real Traefik whose routers to the engine have one thing wrong at a time, or whose engine, a fake,
 * is away or refuses.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Code } from "../../src/cli/doctor/catalogue-table.ts";
import { type SignInStack, startSignInStack } from "../../stack/sign-in-stack.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { until } from "../browser/until.ts";
import { EngineServer, storeIsUnread } from "../support/engine-server.ts";
import { FakeConsul } from "../support/fake-consul.ts";
import { FakeEtcd } from "../support/fake-etcd.ts";
import { rolegate } from "./run.ts";

const login = "Host(`localhost`) && ";
const both = "(Path(`/oidc/store`) || Path(`/oidc/backchannel-logout`))";
const healthy = {
  "login-store": {
    rule: login + both,
    service: "engine",
    middlewares: ["rolegate-login", "rolegate-buffering"],
  },
  store: { service: "engine", middlewares: ["rolegate-store", "rolegate-buffering"] },
};

const NONE = { kind: "etcd", username: undefined, password: undefined, token: undefined };

const FAULTS: [name: string, codes: Code[], routers: Tree, consequences?: Code[]][] = [
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
    ["store_down"],
  ],
  [
    "buffering before the reader",
    ["store_buffering_missing"],
    { store: { middlewares: ["rolegate-buffering", "rolegate-store"] } },
    ["store_down"],
  ],
  [
    "no buffering where people sign out",
    ["login_buffering_missing"],
    { "login-store": { middlewares: ["rolegate-login"] } },
  ],
  [
    "sign-outs lead to the provider",
    ["store_at_provider"],
    { "login-store": { service: "provider" } },
  ],
  [
    "the reader leads to the provider",
    ["store_at_provider"],
    { store: { service: "provider" } },
    ["store_refused"],
  ],
];

interface Report {
  findings: { code: string; evidence: string; consequences: { code: string }[] }[];
}

const secret = () => randomBytes(24).toString("base64url");
const right = secret();
const etcd = new FakeEtcd();
const consul = new FakeConsul();
const engine = new EngineServer(etcd.upstream);
let stack: SignInStack;
before(async () => {
  await engine.start();
  stack = await startSignInStack({
    block: { session: { revocationUnreadable: "allow" } },
    store: {
      block: { kind: "etcd" },
      urls: [engine.url],
      interval: "1s",
      envs: { PASSWORD: right, WRONG: secret() },
    },
  });
});
after(async () => {
  await stack?.stop();
  await engine.stop();
});

/** With this store, of which nothing is known from before; its health check has got an answer then. */
async function inForce(block: Tree, routers: Tree, isRead: boolean): Promise<void> {
  for (const name of readdirSync(stack.stateFolder)) {
    if (name.startsWith("store")) rmSync(join(stack.stateFolder, name));
  }
  await stack.reconfigure({ store: { ...NONE, ...block } }, { http: { routers: healthy } });
  await stack.reconfigure({}, { http: { routers } });
  if (isRead) {
    const file = join(stack.stateFolder, stateFile("store-read", "rolegate/"));
    await until("the store is read", () => existsSync(file));
  } else {
    await storeIsUnread(stack.traefik.api);
  }
}

async function doctor(): Promise<Report["findings"]> {
  const args = ["doctor", "--json", stack.url, "-p", "/api/runs", "--api", stack.traefik.api];
  const { findings } = JSON.parse((await rolegate(args)).stdout) as Report;
  return findings.filter(({ code }) => /store|buffering|config/.test(code));
}

const codesOf = (found: { code: string }[]) => found.map(({ code }) => code);

describe("the routers to the engine", () => {
  for (const [name, codes, routers, consequences = []] of FAULTS) {
    test(name, async () => {
      await inForce({}, routers, !/reader/.test(name));
      const found = await doctor();
      assert.deepEqual(codesOf(found), codes, JSON.stringify(found));
      // A store that is not read for this reason has no fault of its own.
      assert.deepEqual(codesOf(found.flatMap((it) => it.consequences)), consequences);
    });
  }
});

describe("an engine", () => {
  const CASES: [name: string, block: Tree, arrange: () => unknown, code: Code, seen: RegExp][] = [
    [
      "that is down",
      {},
      () => engine.stop(),
      "store_down",
      /^the health check of rolegate-store-tick@file fails; from here http:\S+ does not answer: nothing listens there$/,
    ],
    [
      "that answers here, and not in the way of Traefik",
      {},
      () =>
        (etcd.instead = ({ headers }) =>
          headers.has("X-Forwarded-For") ? { status: 502 } : undefined),
      "store_down",
      /answers 200, and the block has no store.username$/,
    ],
    [
      "with users, of which the block has none",
      {},
      () => (etcd.users = { rolegate: right }),
      "store_refused",
      /answers 400 \(etcdserver: user name is empty\), and the block has no store.username$/,
    ],
    [
      "and a wrong password",
      { username: "rolegate", password: "env:WRONG" },
      () => (etcd.users = { rolegate: right }),
      "store_refused",
      /answers 400 .*, and the block has a store.username$/,
    ],
    [
      "and a user where there are none",
      { username: "rolegate", password: "env:PASSWORD" },
      () => undefined,
      "store_refused",
      /answers 200, and the block has a store.username$/,
    ],
    [
      "that is none",
      {},
      () => (engine.upstream = () => ({ status: 404, body: "404 page not found" })),
      "store_refused",
      /answers 404, and/,
    ],
    [
      "Consul, whose ACLs do not know the token",
      { kind: "consul", token: "env:WRONG" },
      () => {
        engine.upstream = consul.upstream;
        consul.tokens = { [right]: { prefix: "rolegate/", reads: true, writes: true } };
      },
      "store_refused",
      /answers 404, and the block has a store.token$/,
    ],
    [
      "Consul that is down",
      { kind: "consul", token: "env:PASSWORD" },
      () => engine.stop(),
      "store_down",
      /does not answer/,
    ],
  ];
  for (const [name, block, arrange, code, seen] of CASES) {
    test(name, async () => {
      try {
        await arrange();
        await inForce(block, {}, false);
        const found = await doctor();
        assert.deepEqual(codesOf(found), [code], JSON.stringify(found));
        assert.match(found[0]!.evidence, seen);
      } finally {
        etcd.reset();
        consul.reset();
        engine.upstream = etcd.upstream;
        await engine.start();
      }
    });
  }

  const HEALTHY: [name: string, block: Tree, arrange: () => unknown][] = [
    [
      "with the right password",
      { username: "rolegate", password: "env:PASSWORD" },
      () => (etcd.users = { rolegate: right }),
    ],
    [
      "Consul with a token",
      { kind: "consul", token: "env:PASSWORD" },
      () => {
        engine.upstream = consul.upstream;
        consul.tokens = { [right]: { prefix: "rolegate/", reads: true, writes: true } };
      },
    ],
  ];
  for (const [name, block, arrange] of HEALTHY) {
    test(`nothing is found: ${name}`, async () => {
      try {
        arrange();
        await inForce(block, {}, true);
        assert.deepEqual(await doctor(), []);
      } finally {
        etcd.reset();
        consul.reset();
        engine.upstream = etcd.upstream;
      }
    });
  }
});
