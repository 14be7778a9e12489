/** The target whose input is a body that rules look into. */
import type { Dice } from "../support/dice.ts";
import { mutate } from "../support/mutate.ts";
import { rsa, keySet } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";
import { faultOf } from "./answers.ts";
import { load } from "./host.ts";
import { json } from "./garbage.ts";
import type { Target } from "./target.ts";

/** Of 64 KiB, after a body of 1 MiB. */
const PAGES = 20;
const LIMIT = 1 << 20;

const WORDS = ["x", "y", "include_secrets", "a.b", "true", "false", "data", "parameters"];
const GOOD =
  '{"x":{"y":[1,{"x":true}]},"include_secrets":false,"a.b":"text","data":{"parameters":{}}}';
const authorization = `Bearer ${await token()}`;

const config = (dice: Dice) => ({
  issuer: ISSUER,
  clientId: CLIENT,
  jwks: JSON.stringify(keySet(rsa)),
  logLevel: dice.chance(4) ? "debug" : "info",
  audit: "all",
  rules: [
    { match: "Path(`/a`) && BodyJSON(`x.y`)", allow: "authenticated" },
    {
      match: "Path(`/a`)",
      allow: 'BodyOnly(`include_secrets`, `false`, `0`) || BodyJSON(`a\\.b`, `"text"`)',
    },
  ],
});

export const BODIES: Target = {
  name: "bodies",
  share: 120,
  batch: 1_000,
  async open(dice) {
    const guest = await load(config(dice));
    return {
      make(dice) {
        const text = dice.chance(2) ? mutate(dice, GOOD) : json(dice, WORDS);
        if (!dice.chance(400)) return text;
        // Around the limit, in white space or in one text.
        const rest = LIMIT - text.length + dice.below(3) - 1;
        return dice.chance(2) ? text + " ".repeat(rest) : `{"x":"${"a".repeat(LIMIT - 8)}"}`;
      },
      async attempt(input) {
        const body = Buffer.from(input as string, "latin1");
        const headers = { Authorization: authorization, "Content-Type": "application/json" };
        const result = await guest.handle({ method: "POST", target: "/a", headers, body });
        if (result.forwarded && !result.forwarded.body.equals(body)) return "the body is changed";
        if (body.length > LIMIT && result.forwarded) return "a body over the limit passed";
        return faultOf(result, PAGES);
      },
    };
  },
};
