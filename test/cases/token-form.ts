/** Tokens that are none, or whose header is not acceptable: nothing of them is believed, nothing is forwarded. */
import { createHmac } from "node:crypto";
import { ec, rsa, strangerRsa } from "../support/keys.ts";
import {
  claims,
  encode,
  hmacToken,
  raw,
  rawParts,
  signer,
  token,
  withHeader,
  withPayload,
} from "../support/tokens.ts";
import { BROKEN_JSON } from "./broken-json.ts";
import { type Case, invalid, malformed, unauthenticated } from "./case.ts";

const good = await token();
const [goodHeader = "", goodPayload = "", goodSignature = ""] = good.split(".");
const bearer = (value: string) => ({ Authorization: value });
const filler = (length: number) => "A".repeat(length);
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const header = '"alg":"RS256","kid":"rsa-1"';
const payload = JSON.stringify(claims());
const joined = (text: string) => payload.replace(/}$/, `,${text}}`);
const unsigned = () => Buffer.alloc(0);

/** Name -> token and the reason. */
const FORM: Record<string, [string, string]> = {
  "a word": ["abc", "token_not_compact"],
  "only dots": ["..", "token_not_compact"],
  "one dot missing": [`${goodHeader}.${goodPayload}`, "token_not_compact"],
  "two dots missing": [goodHeader + goodPayload + goodSignature, "token_not_compact"],
  "an empty header": [`.${goodPayload}.${goodSignature}`, "token_not_compact"],
  "an empty payload": [`${goodHeader}..${goodSignature}`, "token_not_compact"],
  "a fourth part": [`${good}.${goodSignature}`, "token_not_compact"],
  "five parts: encrypted": [`${good}.AAAA.AAAA`, "token_encrypted"],
  "40 KiB": [`${good}${filler(40 * 1024 - good.length)}`, "token_too_large"],
  "one byte over 32 KiB": [`${good}${filler(32 * 1024 + 1 - good.length)}`, "token_too_large"],
  "padding behind the signature": [`${good}=`, "token_base64url"],
  "padding in the header": [
    rawParts(`${encode(`{${header} }`)}=`, goodPayload, signer(rsa)),
    "token_base64url",
  ],
  "characters of plain base64": [
    rawParts(goodHeader, encode('{"a":"???>>>"}').replace(/[-_]/g, "+"), signer(rsa)),
    "token_base64url",
  ],
  "a byte that is not ASCII": [`${good.slice(0, 20)}\u00e9${good.slice(20)}`, "token_base64url"],
  "a stray bit behind the signature": [`${good.slice(0, -1)}${stray(good)}`, "token_base64url"],
  "a part of length 1 modulo 4": [
    `${good}${filler((5 - (goodSignature.length % 4)) % 4)}`,
    "token_base64url",
  ],
  "a header that is no JSON": [raw("alg", payload), "header_not_json"],
  "a header that is a list": [raw("[]", payload), "header_not_json"],
  "a header with text behind it": [raw(`{${header}} x`, payload), "header_not_json"],
  "a header that is not UTF-8": [
    raw(Buffer.from(`{${header},"x":"\xff"}`, "latin1"), payload),
    "header_not_json",
  ],
  "alg twice": [raw(`{${header},"alg":"none"}`, payload), "header_not_json"],
  "alg twice, once escaped": [raw(`{${header},"\\u0061lg":"none"}`, payload), "header_not_json"],
  "a payload that is no JSON": [withPayload("hello"), "payload_not_json"],
  "a payload that is a text": [withPayload('"hello"'), "payload_not_json"],
  "a payload that is not UTF-8": [
    withPayload(Buffer.from(joined('"x":"\xff"'), "latin1")),
    "payload_not_json",
  ],
  "a byte order mark": [withPayload(`\ufeff${payload}`), "payload_not_json"],
  "a claim twice": [withPayload(joined('"sub":"root"')), "payload_not_json"],
  "a lone surrogate": [withPayload(joined('"x":"\\ud800"')), "payload_not_json"],
  "a control character in a text": [withPayload(joined('"x":"\u0001"')), "payload_not_json"],
  "depth 1,000": [withPayload(joined(`"x":${nested(1000)}`)), "payload_not_json"],
  "depth 33": [withPayload(joined(`"x":${nested(32)}`)), "payload_not_json"],
  "1,025 members": [
    withPayload(
      JSON.stringify(Object.fromEntries(Array.from({ length: 1_025 }, (_, i) => [`m${i}`, i]))),
    ),
    "payload_not_json",
  ],
};

/** Name -> members of the header, and the reason. The signature is right for what is signed. */
const HEADER: Record<string, [Record<string, unknown>, string]> = {
  "alg missing": [{ alg: undefined }, "algorithm_invalid"],
  "alg a list": [{ alg: ["RS256"] }, "algorithm_invalid"],
  "alg null": [{ alg: null }, "algorithm_invalid"],
  "alg a number": [{ alg: 256 }, "algorithm_invalid"],
  "alg of another case": [{ alg: "rs256" }, "algorithm_unsupported"],
  "alg empty": [{ alg: "" }, "algorithm_unsupported"],
  "alg unknown": [{ alg: "RS1" }, "algorithm_unsupported"],
  crit: [{ crit: ["exp"], exp: 1 }, "critical_unsupported"],
  "crit empty": [{ crit: [] }, "critical_unsupported"],
  "b64 false, with crit": [{ b64: false, crit: ["b64"] }, "critical_unsupported"],
  "b64 false": [{ b64: false }, "critical_unsupported"],
  "kid a number": [{ kid: 1 }, "key_id_invalid"],
  "kid null": [{ kid: null }, "key_id_invalid"],
  "kid unknown": [{ kid: "rsa-2" }, "key_unknown"],
  "kid empty": [{ kid: "" }, "key_unknown"],
  "kid longer by a NUL": [{ kid: "rsa-1\u0000" }, "key_unknown"],
  "typ of a logout token": [{ typ: "logout+jwt" }, "type_not_allowed"],
  "typ a number": [{ typ: 1 }, "type_not_allowed"],
  "typ empty": [{ typ: "" }, "type_not_allowed"],
};

/** Keys that the token itself brings along are no keys: its own signature would always be right. */
const BROUGHT: Record<string, Record<string, unknown>> = {
  jwk: { jwk: strangerRsa.jwk },
  jku: { jku: "https://evil.example/jwks.json" },
  x5u: { x5u: "https://evil.example/cert.pem" },
  x5c: { x5c: ["MIIB"] },
};

const none = (alg: string) => raw({ alg, kid: "rsa-1", typ: "JWT" }, claims(), unsigned);

/** Name -> value of the Authorization header, which is not a bearer token. */
const AUTHORIZATION: Record<string, [string, ReturnType<typeof malformed>]> = {
  empty: ["", malformed("authorization_malformed")],
  "the scheme alone": ["Bearer", malformed("authorization_malformed")],
  "the scheme and a space": ["Bearer ", malformed("authorization_malformed")],
  "white space in the token": [
    `Bearer ${good.slice(0, 9)} ${good.slice(9)}`,
    malformed("authorization_malformed"),
  ],
  "another word behind the token": [`Bearer ${good} x`, malformed("authorization_malformed")],
  "a tab in the token": [
    `Bearer ${good.slice(0, 9)}\t${good.slice(9)}`,
    invalid("token_base64url"),
  ],
  "another scheme": ["Basic YTpi", unauthenticated("scheme_unsupported")],
  "no scheme": [good, unauthenticated("scheme_unsupported")],
  "two tokens with a comma": [
    `Bearer ${good},Bearer ${good}`,
    malformed("authorization_malformed"),
  ],
};

/** The signature is right for the bytes as they are. */
const BROKEN = Object.entries(BROKEN_JSON).flatMap(([name, end]): Case[] => [
  {
    name: `token: a header with ${name}`,
    gate: "main",
    token: raw(`{${header}${end}`, payload),
    expect: invalid("header_not_json"),
  },
  {
    name: `token: a payload with ${name}`,
    gate: "main",
    token: withPayload(payload.replace(/}$/, () => end)),
    expect: invalid("payload_not_json"),
  },
]);

export const TOKEN_FORM: Case[] = [
  ...BROKEN,
  ...Object.entries(FORM).map(([name, [value, reason]]): Case => ({
    name: `token: ${name}`,
    gate: "main",
    token: value,
    expect: invalid(reason),
  })),
  ...Object.entries(HEADER).map(([name, [changes, reason]]): Case => ({
    name: `header: ${name}`,
    gate: "main",
    token: withHeader(changes),
    expect: invalid(reason),
  })),
  ...Object.entries(BROUGHT).flatMap(([name, changes]): Case[] => [
    {
      name: `header: ${name} is no source of keys`,
      gate: "main",
      token: withHeader({ ...changes, kid: undefined }, strangerRsa),
      expect: invalid("signature_invalid"),
    },
    {
      name: `header: ${name} is ignored in a good token`,
      gate: "main",
      token: withHeader(changes),
      expect: { status: 200, reason: "none" },
    },
  ]),
  ...["none", "None", "NONE"].map((alg): Case => ({
    name: `alg ${alg} without a signature`,
    gate: "main",
    token: none(alg),
    expect: invalid("algorithm_unsupported"),
  })),
  ...Object.entries(AUTHORIZATION).map(([name, [value, expect]]): Case => ({
    name: `Authorization: ${name}`,
    gate: "main",
    headers: bearer(value),
    expect,
  })),
  {
    name: "HS256 signed with the public key's PEM",
    gate: "main",
    token: hmacToken(rsa),
    expect: invalid("algorithm_not_allowed"),
  },
  {
    name: "HS256 signed with the public key's PEM, without kid",
    gate: "main",
    token: raw({ alg: "HS256" }, claims(), (input) =>
      createHmac("sha256", rsa.pem).update(input).digest(),
    ),
    expect: invalid("algorithm_not_allowed"),
  },
  {
    name: "HS256 signed with the EC public key's PEM",
    gate: "main",
    token: hmacToken(ec),
    expect: invalid("algorithm_not_allowed"),
  },
];

/** The last character with its lowest bit changed: the same bytes, written another way. */
function stray(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(text.at(-1)!) ^ 1]!;
}
