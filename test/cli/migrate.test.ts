/** `rolegate migrate`: what each tool's configuration becomes, that no key is lost without a word, and who gets in afterwards. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { blockOf, textsOf } from "../../src/cli/gate/block.ts";
import { withThrowAwayKey } from "../../src/cli/gate/caller.ts";
import { openGate } from "../../src/cli/gate/open.ts";
import { surroundingsOf } from "../../src/cli/gate/surroundings.ts";
import { matchOfRegex } from "../../src/cli/migrate/pattern.ts";
import { durationOf } from "../../src/cli/migrate/draft.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { pluginWasm } from "../support/gate.ts";
import { complaint, fixtures, golden, rolegate } from "./run.ts";

/** Routes as nobody, and as somebody with roles: what must come of them. */
interface Expected {
  roles: string[];
  claims?: Record<string, unknown>;
  nobody: [string, number][];
  somebody: [string, number][];
}

const FILES: Record<string, Expected> = {
  "oauth2-proxy.cfg": {
    roles: ["staff"],
    nobody: [
      ["GET /health", 200],
      ["POST /health", 401],
      ["GET /static/a", 200],
      ["GET /publicX", 401],
      ["GET /public/x", 200],
      ["POST /hook/1", 401],
      ["GET /", 401],
    ],
    somebody: [["GET /", 200]],
  },
  "traefik-oidc-auth.yml": {
    roles: [],
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
    roles: ["staff"],
    nobody: [
      ["GET /health", 200],
      ["GET /healthX", 401],
      ["GET /assets/a.css", 200],
      ["GET /api/secrets", 401],
      ["GET /api/*", 200],
      ["GET /", 401],
    ],
    somebody: [["GET /", 200]],
  },
  "jwt-middleware.yml": { roles: ["reader"], nobody: [["GET /", 401]], somebody: [["GET /", 403]] },
  "hub-oidc.yml": {
    roles: [],
    claims: { groups: ["staff"] },
    nobody: [["GET /", 401]],
    somebody: [["GET /", 200]],
  },
  "hub-jwt.yml": {
    roles: [],
    claims: { scope: "read" },
    nobody: [["GET /", 401]],
    somebody: [["GET /", 200]],
  },
  "authelia.yml": {
    roles: [],
    claims: { groups: ["admins", "staff"] },
    nobody: [
      ["GET /api/health", 200],
      ["POST /api/health", 401],
      ["GET /static/a", 200],
      ["GET /internal/x", 401],
      ["GET /admin", 401],
    ],
    somebody: [
      ["GET /admin/x", 200],
      ["GET /debug/x", 403],
      ["GET /v1/items", 403],
    ],
  },
  "nginx.conf": {
    roles: [],
    nobody: [
      ["GET /files/secret", 401],
      ["GET /files/*", 200],
      ["GET /health", 200],
      ["GET /api/public/x", 200],
      ["GET /api", 401],
      ["GET /assets/a.css", 200],
      ["GET /hooks/x", 200],
      ["GET /hooks/x/y", 401],
      ["GET /secret/x", 401],
      ["GET /", 401],
    ],
    somebody: [
      ["GET /", 200],
      ["GET /secret/x", 403],
      ["GET /api/x", 200],
    ],
  },
};

/** Placeholders with their own text. */
const filledIn = (text: string) => text.replaceAll(/<([^<>\n]+)>/g, "$1");

const migrated = async (file: string) => (await rolegate(["migrate", `migrate/${file}`])).stdout;

for (const [file, { roles, claims = {}, nobody, somebody }] of Object.entries(FILES)) {
  describe(file, () => {
    test("as it is written", async () => {
      const { code, stdout, stderr } = await rolegate(["migrate", `migrate/${file}`]);
      assert.equal(code, 0, stderr);
      golden(`migrate/${file}.yml`, stdout);
    });
    test("every key of the old file is in the new one, or among those without a counterpart, or built in; secrets are nowhere", async () => {
      const text = await migrated(file);
      assert.ok(!/s3cr3t-of-the-client|OQINaROshtE9|MLFs4TT99|0123456789abcdef/.test(text));
      assert.doesNotMatch(text, /not known here/);
    });
    test("with what is to be filled in, check finds no error; without, it says so", async () => {
      const text = await migrated(file);
      const whole = await rolegate(["check", "-"], { input: filledIn(text) });
      assert.match(whole.stdout, /^1 middleware: 0 errors/m);
      const isOpen = /: "?<[^>]+>/.test(text);
      assert.equal((await rolegate(["check", "-"], { input: text })).code, isOpen ? 1 : 0);
    });
    test("who gets in", async () => {
      const gate = await gateOf(filledIn(await migrated(file)));
      const caller = { roles, claims };
      for (const [token, list] of [
        [null, nobody],
        [await gate.token(caller), somebody],
      ] as const) {
        for (const [request, status] of list) {
          const seen = await gate.ask(request, token);
          assert.equal(seen, status, `${token === null ? "nobody" : "somebody"}: ${request}`);
        }
      }
      gate.remove();
    });
  });
}

/** The migrated block in the plugin, with a key of ours for the issuer's. */
async function gateOf(yaml: string) {
  const setup = setupOf([new SourceFile("new.yml", yaml)]);
  const around = surroundingsOf(setup.gates[0]!, setup);
  const issued = await withThrowAwayKey(blockOf(around.config));
  const guest = await openGate(issued.block, { wasm: pluginWasm, around });
  const host = new URL(textsOf(issued.block, "publicUrl")[0] ?? "https://app.example.com").host;
  return {
    token: issued.token,
    remove: around.remove,
    /** The answer's status; 200: it went on. */
    async ask(request: string, token: string | null): Promise<number> {
      const [method = "", target = ""] = request.split(" ");
      const headers: [string, string][] = [["Host", host]];
      if (token !== null) headers.push(["Authorization", `Bearer ${token}`]);
      const { forwarded, response } = await guest.handle({ method, target, headers });
      return forwarded ? 200 : response.status;
    },
  };
}

describe("regular expressions", () => {
  const SAME: [string, string, ("narrower" | "wider")?][] = [
    ["^/a$", "Path(`/a`)"],
    ["^/a/b\\.txt$", "Path(`/a/b.txt`)"],
    ["^/api([/?].*)?$", "PathPrefix(`/api`)"],
    ["^/api/.*", "PathPrefix(`/api`)", "wider"],
    ["^/api/", "PathPrefix(`/api`)", "wider"],
    ["^/api", "PathPrefix(`/api`)", "narrower"],
    ["^/(a|b)/x$", "Path(`/a/x`, `/b/x`)"],
    ["^/u/[^/]+/me$", "Path(`/u/*/me`)"],
  ];
  for (const [regex, text, difference] of SAME) {
    test(regex, () => {
      const [isNarrower, isWider] = [difference === "narrower", difference === "wider"];
      assert.deepEqual(matchOfRegex(regex), { text, isNarrower, isWider });
    });
  }
  test("what has no counterpart has none", () => {
    for (const regex of [
      "/a$",
      "^/a.b$",
      "^/a+$",
      "^/[a-z]$",
      "^/a(b|c+)$",
      "\\.js$",
      "^(?i)/a$",
      "^/a|/b$",
      "^/a`b$",
    ]) {
      assert.equal(matchOfRegex(regex), null, regex);
    }
  });
});

test("durations", () => {
  const all = ["168h", "90s", "1h30m", "3600", "5m", "soon", ""].map(durationOf);
  assert.deepEqual(all, ["168h", "90s", "90m", "3600s", "5m", null, null]);
});

test("what is nothing of the kind", async () => {
  const ran = await rolegate(["migrate", "docs/dynamic.yml"]);
  assert.deepEqual([ran.code, complaint(ran).code], [2, "not_recognised"]);
});

test("a key that nobody knows is among those without a counterpart", async () => {
  const text = `${readFileSync(join(fixtures, "migrate/oauth2-proxy.cfg"), "utf8")}\nbrand_new = true\n`;
  const { stdout } = await rolegate(["migrate", "-"], { input: text });
  assert.match(stdout, /^# {3}brand_new: not known here$/m);
});
