/** Other proxies ask Rolegate: who gets through, what the application is told of them, and what nobody gets past. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { parse } from "yaml";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { Undo } from "../../stack/machine/undo.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { rsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";
import { send } from "../support/wire.ts";
import { blockOf, FRONTS, startBehind, startGate } from "./fronts.ts";

const undo = new Undo();
let upstream: Upstream;
let gate: Traefik;
let state: string;
before(async () => {
  const folder = temporaryFolder("state");
  undo.add(() => folder.remove());
  state = folder.path;
  writeFileSync(join(state, "jwks.json"), JSON.stringify({ keys: [rsa.jwk] }));
  upstream = await startUpstream();
  undo.add(() => upstream.stop());
});
after(() => undo.all());

const bearer = async (...roles: string[]): Promise<[string, string]> => [
  "Authorization",
  `Bearer ${await token({ preferred_username: "alice", realm_access: { roles } })}`,
];

interface Asked {
  method?: string;
  roles?: string[];
  headers?: [string, string][];
  body?: string;
}

/** Asks the proxy, and gives what the application got of it. */
async function ask(
  port: number,
  target: string,
  { method = "GET", roles, headers = [], body }: Asked = {},
) {
  upstream.received.length = 0;
  const sent: [string, string][] = [["Host", "app.example.com"], ...headers];
  if (roles) sent.push(await bearer(...roles));
  const { status } = await send(port, {
    ...{ method, target, headers: sent },
    ...(body === undefined ? {} : { body }),
  });
  return { status, received: upstream.received.at(-1) ?? null };
}

/** Values of a header and of all that a server may take for it. */
function valuesLike(headers: [string, string][], name: string): string[] {
  const loose = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "-");
  return headers.filter(([it]) => loose(it) === loose(name)).map(([, value]) => value);
}

const PUBLIC = "/health";
/** What might be taken for the public path here and for another one there. */
const TRICKS = [
  ...["/health/../admin", "/health/%2e%2e/admin", "/health/..%2fadmin", "/health%2f..%2fadmin"],
  ...["/health/..;/admin", "/health;/../admin", "//health/../admin", "/health\\..\\admin"],
  ...["/%2e/health/%2e%2e/admin", "/health%00/../admin", "/health%3f/../admin", "/./admin"],
  ...["/admin/../health/../admin", "/%61dmin", "/health%23/../admin", "/health/%252e%252e/admin"],
];

/** The cases that hold wherever Rolegate decides. */
function decides(port: () => number): void {
  const CASES: [string, string, Asked, number][] = [
    ["nobody", "/api/runs", {}, 401],
    ["a viewer reads", "/api/runs?a=1&b=%2F", { roles: ["viewer"] }, 200],
    [
      "a viewer does not write",
      "/api/runs",
      { roles: ["viewer"], method: "POST", body: "{}" },
      403,
    ],
    ["a runner writes", "/api/runs", { roles: ["runner"], method: "POST", body: "{}" }, 200],
    ["a runner is no owner", "/admin", { roles: ["runner"] }, 403],
    ["an owner", "/admin", { roles: ["owner"] }, 200],
    ["anybody, what is public", PUBLIC, {}, 200],
    ["a broken token", "/api/runs", { headers: [["Authorization", "Bearer x.y.z"]] }, 401],
  ];
  for (const [who, target, asked, expected] of CASES) {
    test(`${who}: ${expected}`, async () => {
      const { status, received } = await ask(port(), target, asked);
      assert.equal(status, expected);
      assert.equal(received?.url, expected === 200 ? target : undefined);
      if (expected !== 200) return;
      const user = valuesLike(received!.headers, "X-Forwarded-User").filter(Boolean);
      assert.deepEqual(user, asked.roles ? ["alice"] : []);
      assert.deepEqual(
        [received!.method, received!.bodyLength],
        [asked.method ?? "GET", asked.body?.length ?? 0],
      );
      assert.deepEqual(valuesLike(received!.headers, "Authorization").filter(Boolean), []);
    });
  }

  for (const roles of [undefined, ["viewer"]]) {
    test(`a client's own identity headers reach nobody: ${roles ?? "public"}`, async () => {
      const spoofed = [
        "X-Forwarded-User",
        "x-forwarded-user",
        "X_Forwarded_User",
        "X-Forwarded_User",
      ];
      const headers = spoofed.flatMap((name): [string, string][] => [
        [name, "mallory"],
        [name.replace(/user/i, "Groups"), "owner"],
      ]);
      const asked: Asked = { headers, ...(roles ? { roles } : {}) };
      const { status, received } = await ask(port(), roles ? "/api/runs" : PUBLIC, asked);
      if (status !== 200) return assert.equal(received, null);
      const text = JSON.stringify(received!.headers);
      assert.doesNotMatch(text, /mallory|"owner"/);
    });
  }

  test("what the proxy says of a request is not the client's to say", async () => {
    for (const [name, value] of [
      ["X-Forwarded-Uri", PUBLIC],
      ["X-Forwarded-Method", "GET"],
      ["X-Forwarded-Host", "other.example.com"],
      ["X-Original-URL", PUBLIC],
    ] as const) {
      const { status, received } = await ask(port(), "/api/runs", { headers: [[name, value]] });
      assert.ok(status >= 400, `${name}: ${status}`);
      assert.equal(received, null);
    }
  });

  for (const roles of [undefined, ["viewer"]]) {
    test(`no spelling of a path leads ${roles ?? "strangers"} to what is the owner's`, async () => {
      const targets = roles ? TRICKS.map((it) => it.replaceAll("health", "api")) : TRICKS;
      for (const target of targets) {
        const { received } = await ask(port(), target, roles ? { roles } : {});
        // Whoever decodes and resolves it must not come to /admin.
        if (received) {
          const path = new URL(decodeURIComponent(received.url), "http://app").pathname;
          assert.doesNotMatch(path, /admin/, `${target} -> ${received.url}`);
        }
      }
    });
  }
}

describe("in front, asking", () => {
  for (const [name, start] of Object.entries(FRONTS)) {
    describe(name, () => {
      const own = new Undo();
      let port = 0;
      before(async () => {
        gate = await startGate(state);
        own.add(() => gate.stop());
        ({ port } = await start({ app: upstream.port, gate: gate.ports.gate! }, own));
      });
      after(() => own.all());
      beforeEach(() => void (upstream.received.length = 0));
      decides(() => port);

      test("nobody gets through when nobody decides", async () => {
        await gate.stop();
        for (const asked of [{}, { roles: ["owner"] }]) {
          for (const target of ["/api/runs", PUBLIC]) {
            const { status, received } = await ask(port, target, asked);
            assert.ok(status >= 500, `${status}`);
            assert.equal(received, null);
          }
        }
      });
    });
  }
});

describe("nginx behind Rolegate", () => {
  const own = new Undo();
  let port = 0;
  before(async () => {
    const behind = await startBehind(upstream.port, own);
    const { http } = parse(blockOf("gate.yml")) as {
      http: { middlewares: { rolegate: { plugin: { rolegate: Tree } } } };
    };
    const { mode: _, forwardAuth: __, ...block } = http.middlewares.rolegate.plugin.rolegate;
    const traefik = await startTraefik({
      mounts: { "/state": state },
      dynamic: {
        http: {
          routers: { app: { rule: "PathPrefix(`/`)", middlewares: ["gate"], service: "app" } },
          middlewares: { gate: { plugin: { rolegate: block } } },
          services: {
            app: { loadBalancer: { servers: [{ url: `http://127.0.0.1:${behind.port}` }] } },
          },
        },
      },
    });
    own.add(() => traefik.stop());
    port = traefik.ports.web!;
  });
  after(() => own.all());
  decides(() => port);
});
