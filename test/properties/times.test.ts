/** A token's times are JSON numbers in whatever spelling: the guest reads each as exact arithmetic does. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { type Dice, diceFor } from "../support/dice.ts";
import { loadGate, reasonOf, request } from "../support/gate.ts";
import { claims, CLIENT, ISSUER } from "../support/tokens.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW = 1_750_000_000n;
const LIMIT = 10n ** 15n;
const TOKENS = 4_000;

/** The whole seconds of a number that is not negative; what is past every date is as good as the limit. */
function secondsOf(text: string): bigint {
  const [, whole, fraction = "", exponent = "0"] = /^(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text)!;
  const digits = BigInt(whole! + fraction);
  const zeros = BigInt(exponent.replace("+", "")) - BigInt(fraction.length);
  if (digits === 0n || zeros < -200n) return 0n;
  if (zeros > 200n) return LIMIT;
  return zeros < 0n ? digits / 10n ** -zeros : digits * 10n ** zeros;
}

/** Near now, near the limits of what is read, or anywhere; the point and the exponent wherever they may be. */
function randomNumber(dice: Dice): string {
  const digits = dice.pick([
    ...["1750000000", "1749999999", "1750000001", "17500000009", "0", "175"],
    ...["999999999999999", "1000000000000000", "1".repeat(dice.between(1, 30))],
    String(dice.below(2 ** 31)),
  ]);
  const at = digits.startsWith("0") ? 1 : dice.between(1, digits.length);
  const rest = digits.slice(at);
  const fraction = dice.chance(2) ? "" : `.${rest || "0"}${dice.pick(["", "0", "9"])}`;
  const moved = dice.pick([`${rest.length}`, `0${rest.length}`, `${dice.below(120)}`, "99", "100"]);
  const huge = dice.pick(["2147483648", "4294967296", "4294967305", "18446744073709551616"]);
  const exponent = dice.chance(8) ? huge : moved;
  const sign = dice.pick(["", "+", "-"]);
  return `${digits.slice(0, at)}${fraction}${dice.chance(2) ? "" : `e${sign}${exponent}`}`;
}

/** Why a token with that time is refused; `none`: it is not. */
function expected(claim: string, seconds: bigint): string {
  switch (claim) {
    case "exp":
      if (seconds >= LIMIT) return "expiration_invalid";
      return seconds > NOW ? "none" : "token_expired";
    case "nbf":
      if (seconds >= LIMIT) return "not_before_invalid";
      return seconds > NOW ? "token_not_yet_valid" : "none";
    default:
      if (seconds >= LIMIT) return "issued_at_invalid";
      return seconds > NOW ? "issued_in_future" : "none";
  }
}

function token(claim: string, number: string): string {
  const { [claim]: _, ...others } = claims({ exp: 9_999_999_999, iat: 1 });
  const payload = `${JSON.stringify(others).slice(0, -1)},"${claim}":${number}}`;
  const input = [`{"alg":"HS256"}`, payload]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
  return `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
}

test(`${TOKENS} tokens with times in all spellings`, async () => {
  const dice = diceFor("times");
  const config = { issuer: ISSUER, clientId: CLIENT, signingSecret: SECRET, logLevel: "debug" };
  const guest = await loadGate(
    { ...config, validation: { clockSkew: 0 } },
    { now: () => Number(NOW) * 1000 },
  );
  const seen = new Set<unknown>();
  for (let count = 0; count < TOKENS; count++) {
    const claim = dice.pick(["exp", "nbf", "iat"]);
    const number = randomNumber(dice);
    const reason = reasonOf(await request(guest, token(claim, number)));
    assert.equal(reason, expected(claim, secondsOf(number)), `${claim} ${number}`);
    seen.add(reason);
  }
  assert.equal(seen.size, 7, [...seen].join(" "));
});
