/** Rules that look into the body: what guards a secret, whatever the encoding; and that bodies arrive as they were. */
import { token } from "../support/tokens.ts";
import { type Case, type Expected, forbidden, malformed, passes } from "./case.ts";

const viewer = await token({ realm_access: { roles: ["app-viewer"] } });
const owner = await token({ realm_access: { roles: ["app-owner"] } });

const large = (bytes: number) => `{"a":"${"x".repeat(bytes - 8)}"}`;
const tooLarge: Expected = { status: 413, code: "body_too_large", reason: "body_too_large" };
const refused = forbidden("rule_not_satisfied", "secrets");

/** Name, body, what a viewer gets, more headers. */
const rows: [string, string | Buffer, Expected, Record<string, string>?][] = [
  ["none", "", passes({ rule: "secrets" })],
  ["without the key", '{"limit":5}', passes()],
  ["false", '{"include_secrets":false}', passes()],
  ["true", '{"include_secrets":true}', refused],
  ["a text", '{"include_secrets":"false"}', refused],
  ["yes", '{"include_secrets":"yes"}', refused],
  ["1", '{"include_secrets":1}', refused],
  ["1.0", '{"include_secrets":1.0}', refused],
  ["null", '{"include_secrets":null}', refused],
  ["twice, the last true", '{"include_secrets":false,"include_secrets":true}', refused],
  ["twice, the first true", '{"include_secrets":true,"include_secrets":false}', refused],
  ["an escaped key", '{"include\\u005fsecrets":true}', refused],
  ["deeper down", '{"a":{"include_secrets":true}}', passes()],
  ["UTF-16", Buffer.from('{"include_secrets":true}', "utf16le"), malformed("body_not_json")],
  ["UTF-8 with a mark", '\ufeff{"include_secrets":true}', malformed("body_not_json")],
  ["a form", "include_secrets=true", malformed("body_not_json")],
  ["cut off", '{"include_secrets":fal', malformed("body_not_json")],
  ["no type", '{"include_secrets":true}', refused, { "Content-Type": "" }],
  ["another type", '{"include_secrets":true}', refused, { "Content-Type": "text/plain" }],
  ["compressed", "x", malformed("body_encoded"), { "Content-Encoding": "gzip" }],
  ["not compressed", "{}", passes(), { "Content-Encoding": "identity" }],
  ["1 MiB", large(1024 * 1024), passes()],
  ["a byte more than 1 MiB", large(1024 * 1024 + 1), tooLarge],
];

export const BODIES: Case[] = [
  ...rows.map(([name, body, expect, headers = {}]): Case => ({
    name: `body: ${name}`,
    gate: "bodies",
    method: "POST",
    target: "/blocks/filter",
    headers,
    body,
    token: viewer,
    expect,
  })),
  {
    name: "body: chunked",
    gate: "bodies",
    method: "POST",
    target: "/blocks/filter",
    headers: { "Transfer-Encoding": "chunked" },
    body: '{"include_secrets":true}',
    token: viewer,
    expect: refused,
  },
  {
    name: "body: an owner's is not read",
    gate: "bodies",
    method: "POST",
    target: "/blocks/filter",
    body: "no JSON",
    token: owner,
    expect: passes({ rule: "secrets" }),
  },
  {
    name: "body: a match that looks into it",
    gate: "bodies",
    method: "POST",
    target: "/kind",
    body: '{"a":{"kind":"x"}}',
    expect: passes({ rule: "kind" }),
  },
  {
    name: "body: a match that cannot read it refuses, whatever rule comes next",
    gate: "bodies",
    method: "POST",
    target: "/kind",
    body: "{",
    token: viewer,
    expect: malformed("body_not_json"),
  },
];
