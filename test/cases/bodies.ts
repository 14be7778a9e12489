/** Rules that look into the body: what guards a secret, whatever the encoding; and that bodies arrive as they were. */
import { token } from "../support/tokens.ts";
import { BROKEN_JSON } from "./broken-json.ts";
import { type Case, type Expected, forbidden, malformed, passes, unauthenticated } from "./case.ts";

const viewer = await token({ realm_access: { roles: ["app-viewer"] } });
const owner = await token({ realm_access: { roles: ["app-owner"] } });

const large = (bytes: number) => `{"a":"${"x".repeat(bytes - 8)}"}`;
const tooLarge: Expected = { status: 413, code: "body_too_large", reason: "body_too_large" };
const refused = forbidden("rule_not_satisfied", "secrets");

const type = malformed("body_type_not_json");
const JSON_TYPE = { "Content-Type": "application/json" };
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
/** In UTF-7 there are two members in it. */
const UTF_7 = '{"x":"+ACI-,+ACI-include_secrets+ACI-:true,+ACI-y+ACI-:+ACI-"}';

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
  ["a text", '"include_secrets"', passes()],
  ["a number", "-1.5e3", passes()],
  ...['"a', '"', '"a\\"', '"a\n', "'a'", "tru", "t", "-", "1.", "1e", "01", "[1", "{", "1 2"].map(
    (body): [string, string, Expected] => [`no JSON: ${body}`, body, malformed("body_not_json")],
  ),
  ...Object.entries(BROKEN_JSON).map(([name, end]): [string, string, Expected] => [
    name,
    `{"include_secrets":false${end}`,
    malformed("body_not_json"),
  ]),
  ["another case", '{"Include_Secrets":true}', refused],
  ["long s, which Go takes for an s", '{"include_\u017fecrets":true}', refused],
  ["the name that protobuf's JSON takes as well", '{"includeSecrets":true}', refused],
  ["with a space", '{"include_secrets ":true}', refused],
  ["cut at NUL", '{"include_secrets\\u0000x":true}', refused],
  ["a part of it", '{"include_secrets[0]":false}', refused],
  ["another key that begins alike", '{"include_secrets_of":true}', passes()],
  ["in a list", '[{"include_secrets":true}]', refused],
  ["in a list of lists", '[[1],[{"include_secrets":true}]]', refused],
  ["a list that has it with no", '[{"include_secrets":false},{}]', passes()],
  ["as a prototype", '{"__proto__":{"include_secrets":true}}', refused],
  ["no type, and nothing", "", passes(), { "Content-Type": "" }],
  ["no type", "{}", type, { "Content-Type": "" }],
  ["another type", "{}", type, { "Content-Type": "text/plain" }],
  ["JSON that is a form", '{"a":"&include_secrets=true&"}', type, FORM],
  ["a form, by its type", "include_secrets=true", type, FORM],
  ["multipart", "{}", type, { "Content-Type": "Multipart/Form-Data; boundary=a" }],
  ["two types", "{}", type, { "Content-Type": "application/json, multipart/form-data" }],
  ["a type of JSON", "{}", passes(), { "Content-Type": "application/vnd.api+json; a=b" }],
  [
    "UTF-7, which Express reads",
    UTF_7,
    type,
    { "Content-Type": "application/json; charset=utf-7" },
  ],
  ["another header that is the type to some", "{}", type, { Content_Type: "multipart/form-data" }],
  ["another header that is the encoding", "{}", type, { Content_Encoding: "gzip" }],
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
    headers: { ...JSON_TYPE, ...headers },
    body,
    token: viewer,
    expect,
  })),
  {
    name: "body: chunked",
    gate: "bodies",
    method: "POST",
    target: "/blocks/filter",
    headers: { ...JSON_TYPE, "Transfer-Encoding": "chunked" },
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
    headers: JSON_TYPE,
    body: '{"a":{"kind":"x"}}',
    expect: passes({ rule: "kind" }),
  },
  {
    name: "body: a match that cannot read it refuses, whatever rule comes next",
    gate: "bodies",
    method: "POST",
    target: "/kind",
    headers: JSON_TYPE,
    body: "{",
    token: viewer,
    expect: malformed("body_not_json"),
  },
  {
    name: "body: of a caller whom no rule lets pass, nothing is read",
    gate: "bodies",
    method: "POST",
    target: "/closed",
    body: "{",
    token: viewer,
    expect: forbidden("rule_not_satisfied", "closed"),
  },
  {
    name: "body: nor of nobody, where no rule is public",
    gate: "bodies",
    method: "POST",
    target: "/closed",
    body: "{",
    expect: unauthenticated(),
  },
  {
    name: "body: of somebody whom a later rule may let pass it is",
    gate: "bodies",
    method: "POST",
    target: "/closed",
    headers: JSON_TYPE,
    body: "{",
    token: owner,
    expect: malformed("body_not_json"),
  },
  {
    name: "body: it does not matter on which side the role stands",
    gate: "bodies",
    method: "POST",
    target: "/sides",
    body: "{",
    token: viewer,
    expect: forbidden("rule_not_satisfied", "sides"),
  },
];
