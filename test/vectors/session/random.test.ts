/** Unpredictable values: what they are made of, that they do not repeat, and when they do. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type Scope, keysOf } from "../../../src/session/keys.ts";
import { Random } from "../random.ts";
import { Chain, derive } from "./chain.ts";
import { SessionGuest } from "./guest.ts";

const SCOPE: Scope = {
  issuer: "https://sso.example.com",
  clientId: "app",
  site: "https://app.example.com",
  audience: "",
};
const NOW = 1_790_000_000_000_000_000n;
const random = new Random("generator");
const secret = random.bytes(32);
const guest = new SessionGuest();
const ring = guest.ring([secret], SCOPE)!;
const digest = (text: string) => createHash("sha256").update(text).digest();

test("values are those of other code, over many uses of one guest", () => {
  const other = new Chain(keysOf(secret, "attempt", SCOPE).generator);
  const mine = ring.generator("attempt");
  for (let i = 0; i < 100; i++) {
    const label = random.pick(["attempt", "session"]);
    const now = NOW + BigInt(random.below(3));
    const [peer, request] = [random.bytes(random.below(20)).toString("hex"), random.bytes(32)];
    const expected = Buffer.from(other.next(label, now, peer, request));
    assert.deepEqual(mine.next(label, now, peer, request), expected, `value ${i}`);
  }
});

test("100,000 attempts over 60 guests at one and the same nanosecond: no repeat", () => {
  const guests = 60;
  const rounds = Math.ceil(100_000 / guests);
  const generators = Array.from({ length: guests }, () => {
    const guest = new SessionGuest();
    return guest.ring([secret], SCOPE)!.generator("attempt");
  });
  const seen = new Set<string>();
  let count = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [index, generator] of generators.entries()) {
      // What browsers do: one page over many connections, many pages over one (a proxy in between); and, once guests
      // have seen different ones, the very same from the same connection.
      const kind = round % 3 === 2 ? "same" : (round + index) % 2 === 0 ? "peer" : "page";
      const peer = kind === "peer" ? `10.0.0.1:${1024 + index}` : "10.0.0.2:4711";
      const page = kind === "page" ? `/oidc/login?rd=/${index}` : "/oidc/login";
      const request = digest(`GET ${page}`);
      seen.add(generator.next("attempt", NOW, peer, request).toString("latin1"));
      count++;
    }
  }
  assert.ok(count >= 100_000);
  assert.equal(seen.size, count);
});

test("each input alone makes another value", () => {
  const inputs: [string, bigint, string, Buffer][] = [
    ["attempt", NOW, "10.0.0.1:1", digest("a")],
    ["session", NOW, "10.0.0.1:1", digest("a")],
    ["attempt", NOW + 1n, "10.0.0.1:1", digest("a")],
    ["attempt", NOW, "10.0.0.1:2", digest("a")],
    ["attempt", NOW, "10.0.0.1:1", digest("b")],
  ];
  const values = inputs.map((it) => ring.generator("attempt").next(...it));
  const other = new SessionGuest();
  values.push(
    ring.generator("random").next(...inputs[0]!),
    other
      .ring([random.bytes(32)], SCOPE)!
      .generator("attempt")
      .next(...inputs[0]!),
    other
      .ring([secret], { ...SCOPE, clientId: "b" })!
      .generator("attempt")
      .next(...inputs[0]!),
  );
  assert.equal(new Set(values.map((it) => it.toString("hex"))).size, values.length);
});

test("the same guest state, nanosecond, connection and request repeat: as it is meant, and nothing else does", () => {
  const next = () => ring.generator("attempt").next("attempt", NOW, "10.0.0.1:1", digest("a"));
  assert.deepEqual(next(), next());
  const one = ring.generator("attempt");
  const again = () => one.next("attempt", NOW, "10.0.0.1:1", digest("a")).toString("hex");
  assert.equal(new Set(Array.from({ length: 1000 }, again)).size, 1000);
});

test("guests that differed once differ for ever", () => {
  const [a, b] = [ring.generator("attempt"), ring.generator("attempt")];
  a.next("attempt", NOW, "10.0.0.1:1", digest("a"));
  b.next("attempt", NOW, "10.0.0.1:2", digest("a"));
  for (let i = 0; i < 100; i++) {
    const next = (it: typeof a) => it.next("attempt", NOW, "10.0.0.9:9", digest("same"));
    assert.notDeepEqual(next(a), next(b));
  }
});

test("values of one seed", () => {
  const seed = random.bytes(32);
  const derived = (label: string) => Buffer.from(derive(seed, label));
  assert.deepEqual(guest.bytes("derived", seed, "something"), derived("something"));
  const verifier = guest.bytes("verifier", seed).toString();
  assert.equal(verifier, derived("verifier").toString("base64url"));
  assert.equal(guest.bytes("nonce", seed).toString(), derived("nonce").toString("base64url"));
  // RFC 7636 §4.1.
  assert.match(verifier, /^[A-Za-z0-9_-]{43}$/);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  assert.equal(guest.bytes("challenge", verifier).toString(), challenge);
});

test("RFC 7636 appendix B", () => {
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  assert.equal(guest.bytes("challenge", verifier).toString(), challenge);
});
