/** `rolegate explain`: the plugin's own decision for callers of every kind, and the reason of each rule. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Expressions, expressionsOf, whyNot } from "../../src/cli/explain/expression.ts";
import { requestOfCurl } from "../../src/cli/request/curl.ts";
import { shellWords } from "../../src/cli/request/shell-words.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { keySet, rsa, strangerRsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";
import { complaint, golden, type Ran, rolegate } from "./run.ts";

const CONFIG = ["-c", "explain/dynamic.yml", "--at", "2026-11-24T08:00:00Z"];
const explain = (...args: string[]) => rolegate(["explain", ...CONFIG, ...args]);

describe("what people see", () => {
  const VIEWS: Record<string, string[]> = {
    denied: ["--role", "viewer", "POST", "https://app.example.com/api/runs"],
    allowed: ["--role", "owner", "--user", "carol", "GET", "https://app.example.com/admin/x"],
    "behind-not": ["--role", "owner", "--claim", "locked=true", "/admin"],
    anonymous: ["/api/runs"],
    "api-key": ["--api-key", "ci", "POST", "/api/runs"],
    default: ["--role", "owner", "GET", "/elsewhere"],
    malformed: ["--role", "viewer", "/api/..%2Fadmin"],
    refused: ["-H", "Host: a b", "/api"],
    body: ["--role", "viewer", "-d", '{"include_secrets": true}', "/api/blocks"],
    curl: ["--role", "viewer", "--curl", "explain/curl.txt"],
  };
  for (const [name, args] of Object.entries(VIEWS)) {
    test(name, async () => {
      const { stdout, stderr, code } = await explain(...args);
      assert.equal(stderr, "");
      golden(
        `explain/${name}.txt`,
        `$ rolegate explain -c dynamic.yml ${args.join(" ")}\n${stdout}exit ${code}\n`,
      );
    });
  }
  test("JSON", async () => {
    const { stdout, code } = await explain("--json", "--role", "viewer", "POST", "/api/runs");
    assert.equal(code, 1);
    golden("explain/denied.json", stdout);
  });
});

describe("`default` decides when no rule matches", () => {
  const folder = temporaryFolder("explain-default");
  const RULE = { name: "default", match: "Path(`/a`)", allow: "public" };
  const CASES: Record<string, { block: object; args?: string[]; seen: unknown[] }> = {
    "nobody passes": { block: { rules: [RULE] }, seen: [1, "no_rule", ["default", "default"]] },
    "whoever is known passes": {
      block: { rules: [RULE], default: "authenticated" },
      seen: [0, "none", ["default", "default"]],
    },
    "and nobody else does": {
      block: { rules: [RULE], default: "authenticated" },
      args: ["/elsewhere"],
      seen: [1, "credential_missing", ["default", "default"]],
    },
    "without a single rule": { block: {}, seen: [0, "none", ["default"]] },
    "and is only reported": {
      block: { rules: [RULE], reportOnly: "true" },
      seen: [0, "no_rule", ["default", "default"]],
    },
  };
  after(() => folder.remove());
  for (const [name, { block, args = ["--role", "x", "/elsewhere"], seen }] of Object.entries(
    CASES,
  )) {
    test(name, async () => {
      const file = join(folder.path, "dynamic.yml");
      const issuer = "https://sso.example.com/realms/main";
      const rolegateBlock = { issuer, clientId: "app", jwksFile: "/state/jwks.json", ...block };
      const gate = { plugin: { rolegate: rolegateBlock } };
      writeFileSync(file, JSON.stringify({ http: { middlewares: { gate } } }));
      const ran = await rolegate(["explain", "--json", "-c", file, ...args]);
      assert.equal(ran.stderr, "");
      const { decision, rules, rulesNotLookedAt } = JSON.parse(ran.stdout) as {
        decision: { reason: string };
        rules: { rule: string; match?: string }[];
        rulesNotLookedAt: number;
      };
      assert.deepEqual([ran.code, decision.reason, rules.map(({ rule }) => rule)], seen);
      // The last is no rule of the block, even where one has its name.
      assert.equal(rules.at(-1)!.match, undefined);
      assert.equal(rulesNotLookedAt, 0);
    });
  }
});

describe("tokens", () => {
  const folder = temporaryFolder("explain");
  const path = (name: string) => join(folder.path, name);
  const run = (...args: string[]) =>
    rolegate(["explain", "-c", "explain/dynamic.yml", "--json", ...args]);
  const seen = ({ stdout }: Ran) =>
    JSON.parse(stdout) as { decision: { reason: string }; allowed: boolean; notes: string[] };
  const roles = { resource_access: { app: { roles: ["app-viewer"] } } };

  before(async () => {
    writeFileSync(path("jwks.json"), JSON.stringify(keySet(rsa)));
    writeFileSync(path("good.txt"), `${await token(roles)}\n`);
    writeFileSync(path("stranger.txt"), await token(roles, strangerRsa));
    writeFileSync(path("old.txt"), await token({ ...roles, exp: 1000 }));
  });
  after(() => folder.remove());

  test("a real one, with the issuer's keys", async () => {
    const ran = await run(
      "--token",
      `@${path("good.txt")}`,
      "--jwks",
      path("jwks.json"),
      "/api/runs",
    );
    assert.equal(ran.code, 0);
    assert.equal(seen(ran).decision.reason, "none");
  });
  test("one that somebody else signed is not accepted, and is with --trust", async () => {
    const args = ["--token", `@${path("stranger.txt")}`, "/api/runs"];
    const checked = await run("--jwks", path("jwks.json"), ...args);
    assert.equal(checked.code, 1);
    assert.equal(seen(checked).decision.reason, "key_unknown");
    const trusted = await run("--trust", ...args);
    assert.equal(trusted.code, 0);
    assert.match(seen(trusted).notes[0]!, /signature was not looked at/);
  });
  test("--trust keeps the claims, and so the times", async () => {
    const args = ["--trust", "--token", `@${path("old.txt")}`, "/api/runs"];
    assert.equal(seen(await run(...args)).decision.reason, "token_expired");
    assert.equal(seen(await run("--at", "900", ...args)).decision.reason, "issued_in_future");
  });
  test("without the keys it says what to give", async () => {
    const ran = await run("--token", `@${path("good.txt")}`, "/api/runs");
    assert.equal(seen(ran).decision.reason, "keys_unavailable");
    assert.match(seen(ran).notes.join("\n"), /give --jwks/);
  });
  test("the one in a curl line is trusted as well", async () => {
    const good = await token(roles);
    const ran = await run(
      "--trust",
      "--",
      "curl",
      "-H",
      `Authorization: Bearer ${good}`,
      "https://app.example.com/api/x",
    );
    assert.equal(ran.code, 0);
  });
  test("keys from the folder that is mounted", async () => {
    const ran = await run(
      "--mount",
      `${folder.path}:/state`,
      "--token",
      `@${path("good.txt")}`,
      "/api/runs",
    );
    assert.equal(ran.code, 0);
  });
});

describe("what is asked wrongly", () => {
  const WRONG: [string, string[], string][] = [
    ["no request", [], "request_missing"],
    ["two requests", ["/a", "/b"], "request_missing"],
    ["no URL", ["app.example.com"], "url_invalid"],
    ["two callers", ["--role", "viewer", "--token", "x", "/a"], "caller_twice"],
    ["an API key that is not there", ["--api-key", "cd", "/a"], "api_key_unknown"],
    ["an issuer that is not there", ["--issuer", "x", "--role", "viewer", "/a"], "issuer_unknown"],
    ["a middleware that is not there", ["-m", "other", "/a"], "no_middleware"],
    [
      "an option of curl's that matters",
      ["--", "curl", "--aws-sigv4", "aws:s3", "https://x/"],
      "curl_option",
    ],
    ["a header without a name", ["-H", "x", "/a"], "header_invalid"],
    ["a time that is none", ["--at", "soon", "/a"], "time_invalid"],
    ["a claim without a value", ["--claim", "x", "/a"], "claim_invalid"],
  ];
  for (const [name, args, code] of WRONG) {
    test(`${name}: ${code}`, async () => {
      const ran = await explain(...args);
      assert.deepEqual([ran.code, complaint(ran).code, ran.stdout], [2, code, ""]);
    });
  }
  test("a block with errors is not explained", async () => {
    const ran = await rolegate(["explain", "-c", "check/dynamic.yml", "/a"]);
    assert.deepEqual([ran.code, complaint(ran).code], [1, "config_error"]);
  });
  test("a role that the block does not know", async () => {
    const { stdout } = await explain("--role", "boss", "/api");
    assert.match(stdout, /note: this block does not know the role boss/);
  });
});

describe("curl lines", () => {
  const LINES: [string, Awaited<ReturnType<typeof requestOfCurl>>][] = [
    [
      "curl https://a/b",
      {
        method: "GET",
        url: "https://a/b",
        headers: [
          ["Accept", "*/*"],
          ["User-Agent", "curl"],
        ],
      },
    ],
    [
      "curl -sSk -XPATCH 'https://a/b?c=d' \\\n  -H 'accept: x' --data-raw $'{\"a\":\"\\u0041\\'\"}'",
      {
        method: "PATCH",
        url: "https://a/b?c=d",
        headers: [
          ["accept", "x"],
          ["Content-Type", "application/x-www-form-urlencoded"],
          ["User-Agent", "curl"],
        ],
        body: '{"a":"A\'"}',
      },
    ],
    [
      'curl --json \'{"a":1}\' -u "bob:pass word" -b a=b -A me https://a/',
      {
        method: "POST",
        url: "https://a/",
        headers: [
          ["Authorization", "Basic Ym9iOnBhc3Mgd29yZA=="],
          ["Cookie", "a=b"],
          ["User-Agent", "me"],
          ["Content-Type", "application/json"],
          ["Accept", "application/json"],
        ],
        body: '{"a":1}',
      },
    ],
    [
      "curl -G -d a=b --data-urlencode 'c=d e' https://a/x?y=z",
      {
        method: "GET",
        url: "https://a/x?y=z&a=b&c=d%20e",
        headers: [
          ["Accept", "*/*"],
          ["User-Agent", "curl"],
        ],
      },
    ],
    [
      "curl -I --url https://a/",
      {
        method: "HEAD",
        url: "https://a/",
        headers: [
          ["Accept", "*/*"],
          ["User-Agent", "curl"],
        ],
      },
    ],
    [
      "curl -o /dev/null --max-time=5 https://a/",
      {
        method: "GET",
        url: "https://a/",
        headers: [
          ["Accept", "*/*"],
          ["User-Agent", "curl"],
        ],
      },
    ],
  ];
  for (const [line, request] of LINES) {
    test(line, async () => assert.deepEqual(await requestOfCurl(shellWords(line)), request));
  }
});

describe("why an expression does not hold", () => {
  const holding = new Set(["Method(`A`)", "Path(`/x && y`)"]);
  const REASONS: [string, string[]][] = [
    ["Method(`A`)", []],
    ["Role(`c`)", ["Role(`c`)"]],
    ["!Method(`A`)", ["Method(`A`) holds"]],
    ["Method(`A`) && Role(`c`) && Role(`d`)", ["Role(`c`)"]],
    ["Role(`c`) || Role(`d`)", ["Role(`c`)", "Role(`d`)"]],
    ["Method(`A`) || Role(`c`)", []],
    ["Method(`A`) && (Role(`c`) || !Path(`/x && y`))", ["Role(`c`)", "Path(`/x && y`) holds"]],
    ["!(Method(`A`)||Role(`c`))", ["Method(`A`) holds"]],
    ["! ( Method(`A`) && Path(`/x && y`) )", ["Method(`A`) holds", "Path(`/x && y`) holds"]],
    ['Role ( "a\\")b" , `c` )', ['Role ( "a\\")b" , `c` )']],
    ["!!Role(`c`) && !Authenticated()", ["Role(`c`)"]],
  ];
  const WRONG = ["Role(", "Role(`a`) &&", "public)", "Role(`a`) Role(`b`)", "(Role(`a`)", "No()"];
  let expressions: Expressions;

  before(async () => {
    const texts = [...REASONS.map(([text]) => text), ...WRONG];
    const rules = texts.map((allow) => ({ match: "Path(`/`)", allow }));
    const block = { issuer: "https://sso.example.com", audience: "a", jwks: keySet(rsa), rules };
    const around = { mounts: [], env: {} };
    expressions = await expressionsOf(block, { wasm: join(root, "plugin.wasm"), around });
  });

  for (const [expression, reasons] of REASONS) {
    test(expression, () => {
      const why = whyNot(expressions.get(expression)!, (call) => holding.has(call));
      assert.deepEqual(
        why.map(({ call, holds }) => (holds ? `${call} holds` : call)),
        reasons,
      );
    });
  }

  test("what is no expression has no parts", () => {
    assert.deepEqual(
      WRONG.filter((text) => expressions.has(text)),
      [],
    );
  });
});
