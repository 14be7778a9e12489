/**
 * The key schedule and sealed values against other code (@noble/hashes and @noble/ciphers), and every way in which a
 * value may be another one than was sealed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fields, readFields } from "../../../src/session/fields.ts";
import { PURPOSES, type Scope, keysOf, mark } from "../../../src/session/keys.ts";
import { open, seal } from "../../../src/session/seal.ts";
import { Random } from "../random.ts";
import { SessionGuest } from "./guest.ts";

const SCOPE: Scope = {
  issuer: "https://sso.example.com/realms/prefect",
  clientId: "prefect",
  site: "https://prefect.example.com",
  audience: "",
};
const SPOT = { purpose: "session", name: "__Host-rolegate" } as const;
const NOW = 1_790_000_000_123_456_789n;
const random = new Random("session");
const guest = new SessionGuest();
const [first, second, third] = [random.bytes(32), random.bytes(48), random.bytes(32)];
const ring = guest.ring([first], SCOPE)!;
const text = Buffer.from("what a session holds, and é");

const hexOf = (values: Uint8Array[]) => values.map((it) => Buffer.from(it).toString("hex"));

function randomScope(): Scope {
  const word = () => random.bytes(random.below(60)).toString("hex");
  return { issuer: word(), clientId: word(), site: word(), audience: word() };
}

test("fields are read as they are by other code, whole or cut", () => {
  for (let i = 0; i < 3000; i++) {
    const values = Array.from({ length: random.below(5) }, () => random.bytes(random.below(9)));
    let list = fields(...values);
    assert.deepEqual(hexOf(readFields(list)!), hexOf(values));
    if (random.chance(2)) list = list.subarray(0, random.below(list.length + 1));
    else if (list.length > 0) list[random.below(list.length)]! ^= 1 << random.below(8);
    assert.equal(guest.countFields(list), readFields(list)?.length ?? -1);
  }
});

test("keys of every purpose, of random secrets and scopes, are those of other code", () => {
  for (let i = 0; i < 30; i++) {
    const secrets = [random.bytes(32 + random.below(100)), random.bytes(32)];
    const scope = randomScope();
    const ring = guest.ring(secrets, scope)!;
    for (const purpose of PURPOSES) {
      for (const [number, secret] of secrets.entries()) {
        const keys = keysOf(secret, purpose, scope);
        const { encryption, nonce, generator, id } = keys;
        const expected = [encryption, nonce, generator, Uint8Array.of(id)];
        assert.deepEqual(hexOf(ring.keys(number, purpose)), hexOf(expected));
        const value = random.bytes(random.below(50));
        const name = ring.mark(purpose, value, number);
        assert.deepEqual(hexOf([name]), hexOf([mark(keys, value)]));
      }
    }
  }
});

test("no two keys are the same, whatever they are for", () => {
  const seen = new Set<string>();
  for (const secret of [first, second]) {
    for (const purpose of PURPOSES) {
      const ring = guest.ring([secret], SCOPE)!;
      for (const key of hexOf(ring.keys(0, purpose)).slice(0, 3)) seen.add(key);
    }
  }
  assert.equal(seen.size, 2 * PURPOSES.length * 3);
});

test("500 values: sealed as by other code, opened by both", () => {
  for (let i = 0; i < 500; i++) {
    const secrets = [random.bytes(32), random.bytes(32)];
    const scope = randomScope();
    const place = { purpose: random.pick(PURPOSES), name: random.bytes(8).toString("hex"), scope };
    const now = BigInt.asIntN(64, BigInt(`0x${random.bytes(8).toString("hex")}`));
    const text = random.bytes(random.chance(10) ? random.below(20_000) : random.below(700));
    const ring = guest.ring(secrets, scope)!;
    const sealed = ring.seal(place, now, text);
    assert.equal(sealed, seal(secrets[0]!, place, now, text));
    assert.deepEqual(ring.open(place, sealed), text);
    assert.deepEqual(Buffer.from(open(secrets, place, sealed)!), text);
  }
});

test("the same input at the same time gives the same value; any other gives another nonce", () => {
  const sealed = ring.seal(SPOT, NOW, text);
  assert.equal(ring.seal(SPOT, NOW, text), sealed);
  const nonceOf = (value: string) => Buffer.from(value, "base64url").toString("hex", 1, 25);
  const others = [
    ring.seal(SPOT, NOW + 1n, text),
    ring.seal({ ...SPOT, name: "__Host-rolegat" }, NOW, Buffer.concat([Buffer.from("e"), text])),
    ring.seal({ ...SPOT, name: "other" }, NOW, text),
    ring.seal({ ...SPOT, purpose: "refresh" }, NOW, text),
    ring.seal(SPOT, NOW, text.subarray(1)),
    guest.ring([second], SCOPE)!.seal(SPOT, NOW, text),
    guest.ring([first], { ...SCOPE, clientId: "other" })!.seal(SPOT, NOW, text),
  ];
  assert.equal(new Set([sealed, ...others].map(nonceOf)).size, others.length + 1);
});

test("every changed bit of a value is refused, with one secret and with two", () => {
  const both = guest.ring([second, first], SCOPE)!;
  const sealed = Buffer.from(ring.seal(SPOT, NOW, text), "base64url");
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const value = changed.toString("base64url");
    assert.equal(ring.open(SPOT, value), null, `bit ${bit}`);
    assert.equal(both.open(SPOT, value), null, `bit ${bit}`);
  }
  assert.deepEqual(both.open(SPOT, sealed.toString("base64url")), text);
});

test("every value that was cut or lengthened is refused", () => {
  const sealed = ring.seal(SPOT, NOW, text);
  for (let length = 0; length < sealed.length; length++) {
    assert.equal(ring.open(SPOT, sealed.slice(0, length)), null, `${length} characters`);
    assert.equal(ring.open(SPOT, sealed.slice(length + 1)), null);
  }
  for (const more of ["A", "AA", "AAA", "AAAA", sealed]) {
    assert.equal(ring.open(SPOT, sealed + more), null);
  }
  // The shortest is a sealed nothing; below that there is no room for the tag.
  const nothing = ring.seal(SPOT, NOW, Buffer.of());
  assert.deepEqual(ring.open(SPOT, nothing), Buffer.of());
  assert.equal(Buffer.from(nothing, "base64url").length, 41);
});

test("a value has one spelling", () => {
  for (const length of [0, 1, 2, 3]) {
    const sealed = ring.seal(SPOT, NOW, Buffer.alloc(length, 7));
    const rest = sealed.length % 4;
    const spellings = ["=", "==", " ", "\n"].flatMap((it) => [sealed + it, it + sealed]);
    const base64 = sealed.replaceAll("-", "+").replaceAll("_", "/");
    spellings.push(`"${sealed}"`, ...(base64 === sealed ? [] : [base64]));
    // The last character's bits that belong to no byte.
    const stray = rest === 2 ? 4 : rest === 3 ? 2 : 0;
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(sealed.at(-1)!);
    for (let bits = 1; bits < 2 ** stray; bits++) {
      spellings.push(sealed.slice(0, -1) + alphabet[last + bits]);
    }
    for (const value of spellings) assert.equal(ring.open(SPOT, value), null, value);
    assert.ok(ring.open(SPOT, sealed));
  }
});

test("a value of another purpose or name is refused, though the secret is the same", () => {
  for (const from of PURPOSES) {
    const sealed = ring.seal({ ...SPOT, purpose: from }, NOW, text);
    for (const to of PURPOSES) {
      const opened = ring.open({ ...SPOT, purpose: to }, sealed);
      assert.deepEqual(opened, from === to ? text : null, `${from} as ${to}`);
    }
  }
  const sealed = ring.seal(SPOT, NOW, text);
  for (const name of ["", "__Host-rolegat", "__Host-rolegate2", "__host-rolegate", "rolegate"]) {
    assert.equal(ring.open({ ...SPOT, name }, sealed), null, name);
  }
});

test("a value of another application is refused, though the secret is the same", () => {
  const sealed = ring.seal(SPOT, NOW, text);
  const others: Partial<Scope>[] = [
    { issuer: "https://sso.example.com/realms/prefect2" },
    { clientId: "other" },
    { site: "https://other.example.com" },
    { site: "prefect.example.com" },
    { audience: "team" },
    // The same bytes, cut at another place.
    { issuer: SCOPE.issuer + "p", clientId: "refect" },
    { clientId: "prefecth", site: SCOPE.site.slice(1) },
    { site: "", audience: SCOPE.site },
  ];
  for (const other of others) {
    const ring = guest.ring([first], { ...SCOPE, ...other })!;
    assert.equal(ring.open(SPOT, sealed), null, JSON.stringify(other));
    assert.ok(ring.open(SPOT, ring.seal(SPOT, NOW, text)));
  }
});

test("rotation: the first secret seals, all open, and a removed one does not any more", () => {
  const old = ring.seal(SPOT, NOW, text);
  const rotated = guest.ring([second, first], SCOPE)!;
  assert.deepEqual(rotated.open(SPOT, old), text);
  const fresh = rotated.seal(SPOT, NOW, text);
  assert.equal(fresh, guest.ring([second], SCOPE)!.seal(SPOT, NOW, text));
  assert.equal(ring.open(SPOT, fresh), null);
  assert.equal(guest.ring([second], SCOPE)!.open(SPOT, old), null);
  assert.equal(guest.ring([third], SCOPE)!.open(SPOT, old), null);
});

test("secrets whose key ids clash: all of them open", () => {
  const { id } = keysOf(first, "session", SCOPE);
  const twins: Buffer[] = [];
  while (twins.length < 2) {
    const secret = random.bytes(32);
    if (keysOf(secret, "session", SCOPE).id === id) twins.push(secret);
  }
  const secrets = [twins[0]!, first, twins[1]!];
  const all = guest.ring(secrets, SCOPE)!;
  for (const secret of secrets) {
    const sealed = guest.ring([secret], SCOPE)!.seal(SPOT, NOW, text);
    assert.equal(Buffer.from(sealed, "base64url")[0], id);
    assert.deepEqual(all.open(SPOT, sealed), text);
    const others = secrets.filter((it) => it !== secret);
    assert.equal(guest.ring(others, SCOPE)!.open(SPOT, sealed), null, "the id alone opens nothing");
  }
});

test("what is longer than all cookies together is not looked at", () => {
  const limit = 64 * 1024;
  const most = Math.floor((limit * 3) / 4) - 41;
  const longest = ring.seal(SPOT, NOW, Buffer.alloc(most));
  assert.equal(longest.length, limit);
  assert.equal(ring.open(SPOT, longest)?.length, most);
  assert.equal(ring.open(SPOT, ring.seal(SPOT, NOW, Buffer.alloc(most + 1))), null);
});

test("secrets below 32 bytes, or none, make no ring", () => {
  assert.equal(guest.ring([], SCOPE), null);
  assert.equal(guest.ring([random.bytes(31)], SCOPE), null);
  assert.equal(guest.ring([first, random.bytes(31)], SCOPE), null);
});
