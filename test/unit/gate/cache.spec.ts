import { Bits } from "../../../assembly/claims/bits";
import { Identity } from "../../../assembly/claims/identity";
import { ClaimValue } from "../../../assembly/claims/test";
import { TokenCache } from "../../../assembly/gate/cache";
import { TOKEN_CACHE_BYTES } from "../../../assembly/limits";
import { Bytes } from "../../../assembly/text/bytes";
import { ABSENT, lengthAt, PREFIX } from "../../../assembly/text/packed";

function identity(subject: string, lastSecond: i64): Identity {
  return Identity.make(
    3,
    lastSecond,
    Bits.make(70),
    Bits.make(1),
    Bits.make(0),
    Bytes.of(subject),
    [Bytes.of("v"), null, Bytes.of("")],
    [
      new ClaimValue(true, true, [Bytes.of("a"), Bytes.of("")]),
      new ClaimValue(false, false, []),
      new ClaimValue(true, false, [Bytes.of("c")]),
    ],
  );
}

/** A token of `length` bytes that ends like all others of that length, so that only its beginning tells it apart. */
function token(name: string, length: i32): Bytes {
  return Bytes.of(name + ".".repeat(length - name.length));
}

function subject(found: Identity | null): string {
  return found ? found.subject.toString() : "(none)";
}

describe("the cache of verified tokens", () => {
  test("finds a token by its exact bytes", () => {
    const cache = new TokenCache();
    cache.store(token("a", 100), identity("alice", 10));
    cache.store(token("b", 100), identity("bob", 10));
    expect(subject(cache.find(token("a", 100), 5))).toBe("alice");
    expect(subject(cache.find(token("b", 100), 5))).toBe("bob");
    expect(subject(cache.find(token("c", 100), 5))).toBe("(none)");
    expect(subject(cache.find(token("a", 101), 5))).toBe("(none)");
    expect(subject(cache.find(Bytes.of("a"), 5))).toBe("(none)");
  });
  test("never past expiry, and not after it was cleared", () => {
    const cache = new TokenCache();
    cache.store(token("a", 100), identity("alice", 10));
    expect(subject(cache.find(token("a", 100), 10))).toBe("alice");
    expect(subject(cache.find(token("a", 100), 11))).toBe("(none)");
    cache.clear();
    expect(subject(cache.find(token("a", 100), 5))).toBe("(none)");
  });
  test("keeps the last ones within its bound", () => {
    const cache = new TokenCache();
    const count = 200;
    for (let i = 0; i < count; i++)
      cache.store(token(i.toString() + ".", 1000), identity("s" + i.toString(), 10));
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const found = cache.find(token(i.toString() + ".", 1000), 5);
      if (!found) continue;
      kept++;
      expect(subject(found)).toBe("s" + i.toString());
    }
    expect(kept).toBeGreaterThan(7);
    expect(kept * 1000).toBeLessThan(TOKEN_CACHE_BYTES);
    expect(subject(cache.find(token("199.", 1000), 5))).toBe("s199");
  });
  test("passes over a token that would push out all others", () => {
    const cache = new TokenCache();
    cache.store(token("a", 100), identity("alice", 10));
    cache.store(token("big", 6000), identity("bob", 10));
    expect(subject(cache.find(token("big", 6000), 5))).toBe("(none)");
    expect(subject(cache.find(token("a", 100), 5))).toBe("alice");
  });
  test("gives back the whole identity", () => {
    const cache = new TokenCache();
    const before = identity("alice", 10);
    before.roles.add(69);
    cache.store(token("a", 100), before);
    const found = cache.find(token("a", 100), 5)!;
    expect(found.roles.has(69)).toBe(true);
    expect(found.roles.has(68)).toBe(false);
    expect(found.issuer).toBe(3);
    const first = found.headers;
    expect(lengthAt(first)).toBe(1);
    expect(load<u8>(first, PREFIX)).toBe(0x76);
    expect(lengthAt(first + PREFIX + 1)).toBe(ABSENT);
    expect(lengthAt(first + 2 * PREFIX + 1)).toBe(0);
    const list = found.claim(0);
    expect(list.exists && list.isList && list.texts.length == 2).toBe(true);
    expect(list.texts[0].toString() + "|" + list.texts[1].toString()).toBe("a|");
    expect(found.claim(1).exists).toBe(false);
    expect(found.claim(2).isList).toBe(false);
    expect(found.claim(2).texts[0].toString()).toBe("c");
  });
});
