/** Targets whose input is a token: its text, and the JSON in one whose signature is right. */
import { createHmac } from "node:crypto";
import { GATES } from "../cases/gates.ts";
import type { Dice } from "../support/dice.ts";
import type { AnyGuest } from "../support/gate.ts";
import { mutate } from "../support/mutate.ts";
import { CLIENT, claims, ISSUER, token } from "../support/tokens.ts";
import { faultOf } from "./answers.ts";
import { load } from "./host.ts";
import { json } from "./garbage.ts";
import type { Input, Target } from "./target.ts";

const PAGES = 4;
const SECRET = "0123456789abcdef0123456789abcdef";

const send = (guest: AnyGuest, text: string) =>
  guest.handle({ target: "/me", headers: { Authorization: `Bearer ${text}` } });

const GOOD = [await token(), await token({ roles: ["a", "b"], nested: { a: [1] } })];
const TOKEN_PIECES = [
  ".",
  "..",
  "eyJ",
  "e30",
  "e30.e30.",
  "=",
  "-",
  "_",
  "+",
  "A".repeat(600),
  "\u00e9",
];

export const TOKENS: Target = {
  name: "tokens",
  share: 130,
  batch: 1_000,
  async open(dice) {
    const logLevel = dice.chance(4) ? "debug" : "info";
    const guest = await load({ ...GATES.main, logLevel, audit: "all" });
    return {
      make(dice) {
        if (!dice.chance(3)) return mutate(dice, dice.pick(GOOD));
        const parts = dice.pick(GOOD).split(".");
        const pieces = [...TOKEN_PIECES, ...parts, `${parts[0]}.`, `${parts[0]}.${parts[1]}.`];
        return dice.times(dice.between(1, 5), () => dice.pick(pieces)).join("");
      },
      async attempt(input) {
        const text = input as string;
        const result = await send(guest, text);
        if (result.forwarded && !GOOD.includes(text.trim())) return "a changed token passed";
        return faultOf(result, PAGES);
      },
    };
  },
};

const HEADER_WORDS = [
  "alg",
  "HS256",
  "kid",
  "typ",
  "JWT",
  "crit",
  "b64",
  "enc",
  "none",
  "jwk",
  "zip",
];
const CLAIM_WORDS = [
  ...[ISSUER, CLIENT, "nbf", "iat", "sub", "roles", "realm_access", "groups"],
  ...["scope", "nonce", "typ", "azp", "email", "email_verified", "preferred_username", "viewer"],
  ...["tenants", "org", "a.b", "__proto__", "resource_access", "scp", "events"],
];

const encode = (text: string) => Buffer.from(text, "latin1").toString("base64url");

/** Right in all but what the input makes of it. */
function signed(header: string, payload: string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
}

const RULES = [
  {
    match: "Path(`/me`)",
    allow:
      "Role(`viewer`) || Scope(`read`) || Equals(`org.name`, `x`) || Contains(`tenants`, `1`) || " +
      "SplitContains(`sub`, `-`, `1`) || OneOf(`azp`, `1`, `true`) || Prefix(`email`, `a`) || Exists(`a\\.b`)",
  },
];

/** A configuration that reads as much of a token as one can. */
function reading(dice: Dice) {
  return {
    issuer: ISSUER,
    clientId: CLIENT,
    signingSecret: SECRET,
    roleHierarchy: { owner: ["viewer"] },
    rules: RULES,
    forwardHeaders: {
      "X-User": "preferred_username",
      "X-Groups": "groups",
      "X-Org": "org",
      "X-Exp": "exp",
      "X-Roles": "@roles",
      "X-Email": "email",
    },
    validation: { allowNonce: dice.chance(2), acceptAzp: dice.chance(2) },
    logLevel: dice.chance(4) ? "debug" : "info",
    audit: "all",
  };
}

export const JSON_IN_TOKENS: Target = {
  name: "json",
  share: 220,
  batch: 1_000,
  async open(dice) {
    const guest = await load(reading(dice));
    const header = '{"alg":"HS256","typ":"JWT"}';
    const payload = JSON.stringify(
      claims({ groups: ["a"], nbf: 1, org: { name: "x" }, tenants: [1], "a.b": true }),
    );
    // The claims without which nothing after them is looked at.
    const opening = `{"iss":"${ISSUER}","aud":"${CLIENT}","exp":9999999999,`;
    return {
      make(dice): Input {
        const first = dice.chance(5)
          ? dice.pick([mutate(dice, header), json(dice, HEADER_WORDS)])
          : header;
        if (dice.chance(3)) return [first, mutate(dice, payload)];
        const garbage = json(dice, CLAIM_WORDS);
        return [first, garbage.startsWith("{") ? opening + garbage.slice(1) : garbage];
      },
      async attempt(input) {
        const [first, second] = input as string[];
        return faultOf(await send(guest, signed(String(first ?? ""), String(second ?? ""))), PAGES);
      },
    };
  },
};
