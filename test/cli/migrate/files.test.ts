/** `rolegate migrate`: what each tool's configuration becomes, that nothing is lost without a word, and who gets in. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { complaint, fixtures, golden, rolegate } from "../run.ts";
import { filledIn, gateOf } from "./gate.ts";

/** Routes as nobody, and as somebody: what must come of them. */
interface Expected {
  claims: Record<string, unknown>;
  nobody: [string, number][];
  somebody: [string, number][];
}

const FILES: Record<string, Expected> = {
  "oauth2-proxy.cfg": {
    claims: { groups: ["staff"] },
    nobody: [
      ["GET /health", 200],
      ["POST /health", 401],
      ["GET /static/a", 200],
      ["GET /publicX", 401],
      ["GET /public/x", 200],
      ["POST /hook/1", 401],
      ["GET /", 401],
    ],
    // email_domains cannot be said.
    somebody: [
      ["GET /", 403],
      ["GET /publicX", 200],
    ],
  },
  "traefik-oidc-auth.yml": {
    claims: { "realm_access.roles": ["reader"] },
    nobody: [
      ["GET /public/a", 200],
      ["POST /public/a", 401],
      // A path is one as it stands.
      ["GET /x/7", 401],
      ["GET /y/z", 401],
      ["GET /y/*", 200],
      ["GET /", 401],
    ],
    somebody: [["GET /", 200]],
  },
  "traefikoidc.yml": {
    claims: { groups: ["staff"] },
    nobody: [
      ["GET /health", 200],
      ["GET /healthX", 401],
      ["GET /assets/a.css", 200],
      ["GET /assets", 401],
      ["GET /api/secrets", 401],
      ["GET /api/*", 200],
      ["GET /", 401],
    ],
    // allowedUserDomains cannot be said.
    somebody: [["GET /", 403]],
  },
  "jwt-middleware.yml": {
    claims: { roles: ["reader"] },
    nobody: [["GET /", 401]],
    somebody: [["GET /", 403]],
  },
  "hub-oidc.yml": {
    claims: { groups: ["staff"] },
    nobody: [["GET /", 401]],
    somebody: [["GET /", 200]],
  },
  "hub-jwt.yml": {
    claims: { scope: "read" },
    nobody: [["GET /", 401]],
    somebody: [["GET /", 200]],
  },
  "authelia.yml": {
    claims: { groups: ["admins", "staff"], amr: ["pwd", "otp", "mfa"] },
    nobody: [
      // With a query it is another resource there.
      ["GET /api/health", 401],
      ["GET /static/a", 200],
      ["GET /static/a?b=c", 200],
      ["POST /static/a", 401],
      ["GET /internal/x", 401],
      ["GET /admin", 401],
    ],
    somebody: [
      ["GET /admin/x", 200],
      ["GET /administrator", 200],
      ["GET /debug/x", 403],
      ["GET /v1/items", 200],
    ],
  },
  "nginx.conf": {
    claims: {},
    nobody: [
      ["GET /files/secret", 401],
      ["GET /files/*", 200],
      // nginx answered it.
      ["GET /health", 401],
      ["GET /api/public/x", 200],
      ["GET /api/public", 401],
      ["GET /api", 401],
      ["GET /assets/a.css", 200],
      ["GET /assets", 401],
      ["GET /hooks/x", 200],
      ["GET /hooks/x/y", 401],
      ["GET /secret/x", 401],
      ["GET /a.css", 401],
      ["GET /", 401],
    ],
    somebody: [
      ["GET /", 200],
      ["GET /a.css", 200],
      ["GET /secret/x", 403],
      ["GET /api/x", 200],
    ],
  },
};

const migrated = async (file: string) => (await rolegate(["migrate", `migrate/${file}`])).stdout;

for (const [file, { claims, nobody, somebody }] of Object.entries(FILES)) {
  describe(file, () => {
    test("as it is written; secrets are nowhere", async () => {
      const { code, stdout, stderr } = await rolegate(["migrate", `migrate/${file}`]);
      assert.equal(code, 0, stderr);
      golden(`migrate/${file}.yml`, stdout);
      assert.ok(!/s3cr3t-of-the-client|OQINaROshtE9|MLFs4TT99|0123456789abcdef/.test(stdout));
    });
    test("with what is to be filled in, check finds no error; without, it says so", async () => {
      const text = await migrated(file);
      const whole = await rolegate(["check", "-"], { input: filledIn(text) });
      assert.match(whole.stdout, /: 0 errors/m);
      const isOpen = /: "?<[^>]+>/.test(text);
      assert.equal((await rolegate(["check", "-"], { input: text })).code, isOpen ? 1 : 0);
    });
    test("who gets in", async () => {
      const gate = await gateOf(await migrated(file));
      for (const [caller, list] of [
        [null, nobody],
        [claims, somebody],
      ] as const) {
        for (const [request, status] of list) {
          const seen = await gate.ask(request, { claims: caller });
          assert.equal(seen, status, `${caller === null ? "nobody" : "somebody"}: ${request}`);
        }
      }
      gate.remove();
    });
  });
}

test("what is nothing of the kind", async () => {
  const ran = await rolegate(["migrate", "docs/dynamic.yml"]);
  assert.deepEqual([ran.code, complaint(ran).code], [2, "not_recognised"]);
});

test("plugins that nobody knows are named", async () => {
  const input = "http: { middlewares: { geo: { plugin: { geoblock: { countries: [DE] } } } } }";
  const { message } = complaint(await rolegate(["migrate", "-"], { input }));
  assert.match(message, /it has the plugins geo \(geoblock\)/);
});

test("an option that nobody knows may restrict: nobody gets in", async () => {
  const known = readFileSync(join(fixtures, "migrate/oauth2-proxy.cfg"), "utf8");
  const { stdout } = await rolegate(["migrate", "-"], { input: `${known}\nbrand_new = true\n` });
  assert.match(stdout, /^# {3}brand_new: not known here, and it may restrict$/m);
  const gate = await gateOf(stdout);
  assert.equal(await gate.ask("GET /health", { claims: null }), 401);
  gate.remove();
});

describe("several middlewares", () => {
  const file = "migrate/cases/jwt-two.yml";
  test("each has its block", async () => {
    const { stdout } = await rolegate(["migrate", file]);
    for (const [name, status] of [
      ["open-api", 200],
      ["admin-api", 403],
    ] as const) {
      const gate = await gateOf(stdout, name);
      assert.equal(await gate.ask("GET /", { claims: {} }), status, name);
      gate.remove();
    }
  });
  test("-m takes one", async () => {
    const { stdout } = await rolegate(["migrate", file, "-m", "admin-api"]);
    assert.doesNotMatch(stdout, /open-api/);
    assert.match(stdout, /^ {4}admin-api:$/m);
    const ran = await rolegate(["migrate", file, "-m", "other"]);
    const { code, hint } = complaint(ran);
    assert.deepEqual([code, hint], ["no_middleware", "it has open-api, admin-api"]);
  });
});

test("a mistake in a file is told with its place", async () => {
  for (const [input, message] of [
    ["access_control:\n  rules: [\n", /\(standard input\):\d+:\d+: /],
    ["server {\n  auth_request /auth;\n", /\(standard input\):3:1: the block of server has no end/],
    ['email_domains = ["*"\nupstreams = ["x"]\n', /\(standard input\):\d+:\d+: /],
  ] as const) {
    const ran = await rolegate(["migrate", "-"], { input });
    assert.equal(ran.code, 2);
    assert.match(complaint(ran).message, message);
  }
});
