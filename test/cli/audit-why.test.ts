/** `rolegate audit --why`: the reason of a refusal in sentences, by what the log itself says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { REASONS } from "../../src/cli/audit/reasons-table.ts";
import { root } from "../../tools/root.ts";
import { rolegate } from "./run.ts";

type Data = Record<string, unknown>;
const TIME = "2026-11-24T08:00:00Z";

const line = (data: Data) =>
  JSON.stringify({ level: "info", time: TIME, message: JSON.stringify(data) });
const decision = (changes: Data): Data => ({
  ...{ rolegate: "audit", time: TIME, request: "r1", decision: "deny", status: 403 },
  ...{ reason: "rule_not_satisfied", rule: "write", method: "POST", path: "/api/runs" },
  ...{ client: "192.0.2.7", user: "bob", subject: "5f0c", roles: ["viewer"], ...changes },
});
const signedIn = (event: string, providerRoles: string[], subject = "5f0c"): Data => ({
  ...{ rolegate: "login", request: "r0", event, user: "bob", subject, roles: [], providerRoles },
});

async function why(lines: Data[], ...more: string[]): Promise<string> {
  const input = `${lines.map(line).join("\n")}\n`;
  const ran = await rolegate(["audit", "--why", ...more], { input });
  assert.deepEqual([ran.code, ran.stderr], [0, ""]);
  return ran.stdout;
}

describe("a rule refuses", () => {
  test("who it was, from where, and the roles before and after", async () => {
    const text = await why([decision({ providerRoles: ["app-viewer", "offline_access"] })]);
    assert.equal(
      text,
      `POST /api/runs  403 rule_not_satisfied
  bob (5f0c) from 192.0.2.7, at ${TIME}, request r1
  The rule write refuses bob, who has the role viewer.
  The provider's roles: app-viewer, offline_access.
`,
    );
  });
  test("the provider's roles have no meaning here", async () => {
    const text = await why([decision({ roles: [], providerRoles: ["boss"] })]);
    assert.match(text, /bob, who has none of the configuration's roles\./);
    assert.match(text, /roles: boss; `roles` of the configuration maps none of them\./);
  });
  test("the provider gives none", async () => {
    assert.match(await why([decision({ providerRoles: [] })]), /The provider gave no roles\./);
  });
  test("a session: the roles of the sign-in or refresh before it, of the same subject", async () => {
    const of = [
      ...[signedIn("signed_in", ["first"]), signedIn("refreshed", ["second"])],
      ...[signedIn("signed_in", ["rob's"], "77"), decision({}), signedIn("refreshed", ["later"])],
    ];
    assert.match(await why(of), /roles, when the session was renewed: second\.\n$/);
    assert.match(
      await why([signedIn("signed_in", ["first"]), decision({})]),
      /roles, when the session was made: first\.\n$/,
    );
    assert.doesNotMatch(await why([signedIn("signed_in", ["x"], "77"), decision({})]), /provider/);
  });
  test("everybody, or because none matches", async () => {
    assert.match(await why([decision({ reason: "rule_denies" })]), /The rule refuses everyone\./);
    assert.match(await why([decision({ reason: "no_rule", rule: "default" })]), /No rule matches/);
  });
});

describe("a token is refused", () => {
  const token = { kid: "k1", alg: "RS256", iss: "https://sso.example.com", aud: ["account", "b"] };
  const refused = (reason: string, more: Data = {}): Data =>
    decision({ reason, status: 401, roles: undefined, token, ...more });
  test("what it has, and what was expected", async () => {
    const text = await why([refused("audience_mismatch", { expected: { aud: ["app"] } })]);
    assert.match(text, /has iss https:\/\/sso\.example\.com; aud account, b; azp \(none\)\./);
    assert.match(text, /Expected is aud app\.\n.*Keycloak: an audience mapper/);
  });
  test("when its time ended", async () => {
    const text = await why([
      refused("token_expired", { token: { ...token, exp: "2026-11-24T07:00:00Z" } }),
    ]);
    assert.match(text, /Its time ended at 2026-11-24T07:00:00Z\./);
  });
  test("a key that is not there", async () => {
    const text = await why([refused("key_unknown", { expected: { kid: ["k2"] } })]);
    assert.match(text, /kid k1\.\n {2}Expected is kid k2\./);
  });
  test("whose name nobody vouches for", async () => {
    const text = await why([refused("signature_invalid", { user: undefined, subject: undefined })]);
    assert.match(text, /\n {2}anonymous from 192\.0\.2\.7, at/);
  });
});

test("equal refusals are one, what passes is none, and what reportOnly lets pass would be one", async () => {
  const text = await why([
    ...[decision({}), decision({ decision: "allow", reason: "none" })],
    ...[decision({ time: "2026-11-24T09:00:00Z" }), decision({ decision: "report", path: "/b" })],
  ]);
  assert.match(text, /2 times, the last at 2026-11-24T09:00:00Z/);
  assert.match(text, /POST \/b {2}would be 403 rule_not_satisfied/);
  assert.equal(text.split("\n\n").length, 2);
  assert.equal(await why([decision({ decision: "allow" })]), "No refusal.\n");
});

test("for programs: the same as JSON and CSV", async () => {
  const lines = [decision({ providerRoles: ["a"] })];
  const [row] = JSON.parse(await why(lines, "-f", "json")) as Data[];
  assert.deepEqual(row, {
    ...{ last: TIME, count: 1, user: "bob", subject: "5f0c", client: "192.0.2.7" },
    ...{ method: "POST", path: "/api/runs", decision: "deny", status: 403 },
    ...{ reason: "rule_not_satisfied", rule: "write", request: "r1" },
    because: ["The rule write refuses bob, who has the role viewer.", "The provider's roles: a."],
  });
  assert.match(await why(lines, "-f", "csv"), /^last,count,user,subject,client,method/);
});

test("no secret, and nothing that a terminal takes for a command, wherever it stands", async () => {
  const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl";
  const evil = `\u001b[2J${jwt}`;
  const text = await why([
    decision({
      ...{ user: evil, subject: evil, client: evil, rule: evil, path: `/${evil}`, roles: [evil] },
      ...{ providerRoles: [evil], token: { iss: evil, aud: [evil] }, expected: { aud: [evil] } },
      request: evil,
    }),
  ]);
  assert.ok(!text.includes(jwt));
  assert.doesNotMatch(text, /\u001b/);
});

test("each reason of the table is one of the plugin's", () => {
  const source = readFileSync(join(root, "assembly/outcome/reason.ts"), "utf8");
  for (const reason of Object.keys(REASONS)) assert.ok(source.includes(`"${reason}"`), reason);
});
