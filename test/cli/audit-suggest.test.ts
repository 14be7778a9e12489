/**
 * `rolegate audit --suggest`: with a suggested rule in the block, what was refused passes, and no decision on anything
 * else is another than before.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import type { AuditLine } from "../../src/cli/audit/line.ts";
import { readLine } from "../../src/cli/audit/line.ts";
import { Refusals, type Suggestion } from "../../src/cli/audit/suggest.ts";
import { openGate } from "../../src/cli/middleware/open.ts";
import { type Block, rulesOf } from "../../src/cli/middleware/block.ts";
import { Admission } from "../../src/cli/table/admit.ts";
import { outcomeFor } from "../../src/cli/table/outcome.ts";
import type { Person } from "../../src/cli/table/person.ts";
import { wireFor } from "../../src/cli/table/wire.ts";
import { root } from "../../tools/root.ts";
import { keySet, rsa } from "../support/keys.ts";
import { fixtures } from "./run.ts";

const HOST = "app.example.com";
const open = { wasm: join(root, "plugin.wasm"), around: { mounts: [], env: {} } };
const issuer = "https://sso.example.com/realms/main";
const roleHierarchy = { owner: ["runner"], runner: ["viewer"] };

function line(
  method: string,
  path: string,
  rule: string,
  more: Partial<AuditLine> = {},
): AuditLine {
  return {
    ...{ time: "2026-11-24T08:00:00Z", request: "1", decision: "deny", status: 403, method, path },
    ...{ reason: "rule_not_satisfied", rule, issuer, subject: "bob", user: null },
    ...{ roles: ["viewer"], middleware: null },
    ...{ providerRoles: null, client: null, token: null, expected: null },
    ...more,
  };
}

async function suggestions(block: Block, lines: AuditLine[]): Promise<Suggestion[]> {
  const refusals = new Refusals(block);
  for (const it of lines) refusals.add(it);
  return refusals.suggestions({ block, host: HOST, open });
}

const blockOf = (rules: Block[]): Block => ({
  ...{ issuer, clientId: "app", jwks: JSON.stringify(keySet(rsa)), roleHierarchy, rules },
});

const ruleIn = ({ yaml }: Suggestion) => (parse(yaml!) as Block[])[0]!;

/** The block with the rule where its suggestion says. */
function withSuggested(block: Block, suggestion: Suggestion): Block {
  const rules = block.rules as Block[];
  const names = rulesOf(block).map(({ name }) => name);
  const at = names.indexOf(suggestion.rule);
  const place = at < 0 ? rules.length : at;
  return { ...block, rules: [...rules.slice(0, place), ruleIn(suggestion), ...rules.slice(place)] };
}

interface Asked {
  method: string;
  url: string;
  headers?: [string, string][];
}

/** `allow`, or the reason, of each request for each role; anonymous is no role. */
async function decisions(block: Block, roles: (string | null)[], requests: Asked[]) {
  const admission = new Admission(block, undefined);
  const credentials: [string, string][][] = [];
  for (const role of roles) {
    const person: Person =
      role === null
        ? { kind: "anonymous" }
        : {
            ...{ kind: "token", roles: role === "" ? [] : [role], claims: {} },
            ...{ user: undefined, issuer: undefined, place: null },
          };
    credentials.push(await admission.headersOf(person));
  }
  const guest = await openGate(await admission.admittingBlock(), open);
  const seen: string[] = [];
  for (const { method, url, headers = [] } of requests) {
    for (const credential of credentials) {
      const wire = wireFor({ method, url, headers, body: null }, credential, HOST);
      const { decision, reason } = await outcomeFor(guest, wire);
      seen.push(decision === "allow" ? decision : reason);
    }
  }
  return seen;
}

describe("on the Prefect example", () => {
  const file = join(root, "examples/prefect/traefik/dynamic/prefect.yml");
  const { http } = parse(readFileSync(file, "utf8"), { merge: true }) as {
    http: { middlewares: { rolegate: { plugin: { rolegate: Block } } } };
  };
  const { roles, roleHierarchy: hierarchy, rules } = http.middlewares.rolegate.plugin.rolegate;
  const block: Block = { ...blockOf(rules as Block[]), roles, roleHierarchy: hierarchy };
  const lines = readFileSync(join(fixtures, "audit/report.json.log"), "utf8")
    .split("\n")
    .map(readLine)
    .filter((it) => typeof it === "object" && it.decision === "report" && it.subject !== null)
    .map((it) => ({ ...(it as AuditLine), issuer }));
  const known = JSON.parse(
    readFileSync(join(root, "test/presets/prefect/routes.json"), "utf8"),
  ) as { method: string; path: string }[];
  const requests = known
    .filter(({ method }) => method !== "WS")
    .map(({ method, path }) => ({ method, url: path.replace(/\{[^}]*\}/g, "x") }));
  const ROLES = [null, "", "viewer", "runner", "worker", "developer", "owner"];

  test("over all routes and roles, only the one route opens, to the one role and those above", async () => {
    const made = (await suggestions(block, lines)).filter(({ yaml }) => yaml !== null);
    assert.deepEqual(
      made.map(({ rule, who }) => [rule, who]),
      [
        ["run_deployments", "viewer"],
        ["cancel_flow_runs", "runner"],
        ["manage_flows", "runner"],
        ["manage_deployments", "apikey:worker"],
      ],
    );
    const before = await decisions(block, ROLES, requests);
    for (const it of made) {
      const after = await decisions(withSuggested(block, it), ROLES, requests);
      const changed = after.flatMap((decision, index) =>
        decision === before[index]
          ? []
          : [[requests[Math.floor(index / ROLES.length)]!, ROLES[index % ROLES.length], decision]],
      );
      const { method, pattern } = it.requests[0]!;
      const url = pattern.replaceAll("*", "x");
      const from = ROLES.indexOf(it.who);
      const until = ROLES.indexOf(
        { viewer: "runner", runner: it.rule === "manage_flows" ? "developer" : "worker" }[it.who] ??
          null,
      );
      const opened =
        from < 0 ? [] : ROLES.slice(from, until).map((role) => [{ method, url }, role, "allow"]);
      assert.deepEqual(changed, opened, it.rule);
    }
  });
});

describe("a suggestion is not wider than what was refused", () => {
  const allow = "Role(`owner`)";
  const asked = (method: string, url: string, host?: string): Asked => ({
    ...{ method, url },
    ...(host === undefined ? {} : { headers: [["Host", host]] as [string, string][] }),
  });
  /** The rules, what was refused, what passes with the suggestion, what still does not. */
  const NARROW: Record<string, [Block[], AuditLine[], Asked[], Asked[]]> = {
    "other ids than the rule's": [
      [{ name: "one", match: "Path(`/a/1`)", allow }],
      [line("GET", "/a/1", "one")],
      [asked("GET", "/a/1")],
      [asked("GET", "/a/2"), asked("POST", "/a/1")],
    ],
    "other ids of the rule's pattern": [
      [{ name: "all", match: "Path(`/a/{id}`)", allow }],
      [line("GET", "/a/1", "all")],
      [asked("GET", "/a/1"), asked("GET", "/a/2")],
      [asked("POST", "/a/1"), asked("GET", "/a/1/b")],
    ],
    "another method's pattern": [
      [
        {
          name: "both",
          match: "Path(`/a/*`) && Method(`GET`) || Path(`/a/1`) && Method(`POST`)",
          allow,
        },
      ],
      [line("POST", "/a/1", "both")],
      [asked("POST", "/a/1")],
      [asked("POST", "/a/2"), asked("GET", "/a/1")],
    ],
    "another host": [
      [{ name: "host", match: "Host(`app.example.com`) && PathPrefix(`/a`)", allow }],
      [line("GET", "/a/x", "host")],
      [asked("GET", "/a/x")],
      [asked("GET", "/a/x", "other.example.com"), asked("GET", "/a/y")],
    ],
    "what stands behind a negation": [
      [{ name: "not", match: "PathPrefix(`/a`) && !Path(`/a/2`)", allow }],
      [line("GET", "/a/1", "not")],
      [asked("GET", "/a/1"), asked("GET", "/a/3")],
      [asked("GET", "/a/2")],
    ],
    "pairs of method and path that nobody asked for": [
      [{ name: "all", match: "PathPrefix(`/`)", allow }],
      [line("GET", "/a", "all"), line("POST", "/b", "all")],
      [asked("GET", "/a"), asked("POST", "/b")],
      [asked("POST", "/a"), asked("GET", "/b")],
    ],
    "where no rule matches": [
      [{ name: "other", match: "Path(`/other`)", allow }],
      [line("GET", "/a/x", "default", { reason: "no_rule" })],
      [asked("GET", "/a/x")],
      [asked("GET", "/a/y"), asked("GET", "/other")],
    ],
    "where a rule denies everybody": [
      [{ name: "closed", match: "PathPrefix(`/a`)", allow: "deny" }],
      [line("GET", "/a/x", "closed", { reason: "rule_denies" })],
      [asked("GET", "/a/x")],
      [asked("GET", "/a/y")],
    ],
    "a path with what means something in a pattern": [
      [{ name: "all", match: "PathPrefix(`/a`)", allow }],
      [line("GET", "/a/{x}*(b)", "all")],
      [asked("GET", "/a/%7Bx%7D*(b)")],
      [asked("GET", "/a/b"), asked("GET", "/a/%7Bx%7Dc(b)")],
    ],
  };
  for (const [name, [rules, lines, pass, stay]] of Object.entries(NARROW)) {
    test(name, async () => {
      const block = blockOf(rules);
      const [made, ...more] = await suggestions(block, lines);
      assert.deepEqual([made!.note, more], ["", []]);
      const after = withSuggested(block, made!);
      const passing = await decisions(after, ["viewer"], pass);
      assert.deepEqual(
        passing,
        pass.map(() => "allow"),
      );
      assert.ok(!(await decisions(after, ["viewer"], stay)).includes("allow"));
      assert.ok(!(await decisions(after, [null, ""], [...pass, ...stay])).includes("allow"));
    });
  }
  const NONE: Record<string, [Block[], AuditLine[], RegExp]> = {
    "what its allow looks at is not in the log: the query": [
      [{ name: "q", match: "Path(`/a`)", allow: "Role(`viewer`) && QueryOnly(`x`, `1`)" }],
      [line("GET", "/a", "q")],
      /looks at the query, which no log has/,
    ],
    "the body": [
      [{ name: "b", match: "Path(`/a`)", allow: "Role(`viewer`) && BodyOnly(`x`, `1`)" }],
      [line("POST", "/a", "b")],
      /looks at the body, which no log has/,
    ],
    "its match looks at a header, which is not there to try it with": [
      [{ name: "h", match: "Path(`/a`) && Header(`X-A`, `1`)", allow }],
      [line("GET", "/a", "h")],
      /even with a rule of its own GET \/a is refused: no_rule/,
    ],
    "the configuration is another one by now": [
      [{ name: "new", match: "Path(`/a`)", allow }],
      [line("GET", "/a", "old")],
      /the configuration has no rule old/,
    ],
    "everyone may do it by now": [
      [
        { name: "open", match: "Path(`/a`)", allow: "public" },
        { name: "old", match: "PathPrefix(`/`)", allow },
      ],
      [line("GET", "/a", "old")],
      /everyone may do GET \/a today/,
    ],
  };
  for (const [name, [rules, lines, note]] of Object.entries(NONE)) {
    test(`none: ${name}`, async () => {
      const [made] = await suggestions(blockOf(rules), lines);
      assert.equal(made!.yaml, null);
      assert.match(made!.note, note);
    });
  }
  test("no rule helps who is not signed in, nor what was not refused by a rule", async () => {
    const block = blockOf([{ name: "all", match: "PathPrefix(`/`)", allow }]);
    const refusals = new Refusals(block);
    refusals.add(
      line("GET", "/a", "all", { subject: null, roles: [], reason: "credential_missing" }),
    );
    refusals.add(line("GET", "/a", "all", { reason: "path_encoded_separator" }));
    assert.equal(refusals.anonymous, 1);
    assert.deepEqual(await refusals.suggestions({ block, host: HOST, open }), []);
  });
  test("of a caller's roles, those that no other of theirs includes", async () => {
    const block = blockOf([{ name: "all", match: "PathPrefix(`/`)", allow: "deny" }]);
    const roles = ["runner", "viewer", "auditor"];
    const [made] = await suggestions(block, [line("GET", "/a", "all", { roles })]);
    assert.equal(made!.who, "runner, auditor");
  });
  test("somebody without a role: said, because everybody passes who is signed in", async () => {
    const block = blockOf([{ name: "all", match: "PathPrefix(`/`)", allow }]);
    const [made] = await suggestions(block, [line("GET", "/a", "all", { roles: [] })]);
    assert.equal(made!.note, "it admits everyone who is signed in");
    assert.equal(ruleIn(made!).allow, "authenticated");
  });
  test("whom the rule admits, and what else it says, is as before", async () => {
    const rule = {
      ...{
        name: "a",
        match: "PathPrefix(`/a`)",
        allow: "Role(`owner`) && Exists(`x`) || Role(`y`)",
      },
      ...{ detail: "Ask somebody.", encodedPath: "allow", audit: "denied" },
    };
    const [made] = await suggestions(blockOf([rule]), [line("GET", "/a/b", "a")]);
    assert.deepEqual(ruleIn(made!), {
      ...rule,
      name: "a-for-viewer",
      match: "(PathPrefix(`/a`)) && Method(`GET`) && Path(`/a/b`)",
      allow: `Role(\`viewer\`) || ${rule.allow}`,
    });
  });
  test("rules that are sorted by `order`", async () => {
    const block = blockOf([
      { name: "late", match: "PathPrefix(`/`)", allow: "Role(`viewer`)", order: 20 },
      { name: "early", match: "PathPrefix(`/a`)", allow, order: 10 },
    ]);
    const [made] = await suggestions(block, [line("GET", "/a", "early")]);
    assert.equal(made!.note, "");
  });
});
