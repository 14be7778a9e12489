/** What the benchmark calls: verification in a loop inside the guest, so that a call into it costs nothing. */
import { Hash, digest } from "../../assembly/crypto/hash";
import { SigningKey } from "../../assembly/crypto/sign-p256";
import { tableBytes } from "../../assembly/crypto/tables";
import { algorithmOf } from "../../assembly/jose/algorithms";
import { importJwk } from "../../assembly/jose/jwk";
import { Key } from "../../assembly/jose/key";
import { parse } from "../../assembly/json/parse";
import { Region, guest, request } from "../../assembly/runtime/arena";
import { KeyRing, Purpose, Scope } from "../../assembly/session/keys";
import { open, seal } from "../../assembly/session/seal";
import { Bytes } from "../../assembly/text/bytes";

const keys: Region = changetype<Region>(memory.data(12, 4));

/** Room for input that stays until the end. */
export function buffer(length: i32): usize {
  const before = guest.enter();
  const at = heap.alloc(length);
  before.enter();
  return at;
}

/** A handle of the key, or 0. */
export function jwk(at: usize, length: i32): usize {
  const before = keys.enter();
  const value = parse(new Bytes(at, length));
  const key = value ? importJwk(value).key : null;
  before.enter();
  return changetype<usize>(key);
}

/** Forgets all keys. */
export function clearKeys(): void {
  keys.clear();
}

/** How many of `times` verifications passed. A case is four words: input, its length, signature, its length. */
export function verify(
  handle: usize,
  name: usize,
  nameLength: i32,
  cases: usize,
  count: i32,
  times: i32,
): i32 {
  const key = changetype<Key>(handle);
  let passed = 0;
  let at = cases;
  const end = cases + (count << 4);
  for (let i = 0; i < times; i++) {
    request.clear();
    request.enter();
    const algorithm = algorithmOf(new Bytes(name, nameLength));
    const input = new Bytes(load<u32>(at), load<i32>(at, 4));
    const signature = new Bytes(load<u32>(at, 8), load<i32>(at, 12));
    passed += i32(key.verify(algorithm, input, signature));
    at += 16;
    if (at == end) at = cases;
  }
  return passed;
}

/**
 * The same with a new key for each, before any table is made for it: their handles follow one
 * another.
 */
export function verifyFirst(
  handles: usize,
  name: usize,
  nameLength: i32,
  cases: usize,
  count: i32,
  times: i32,
): i32 {
  let passed = 0;
  for (let i = 0; i < times; i++) {
    const handle = load<u32>(handles + ((<usize>i) << 2));
    passed += verify(handle, name, nameLength, cases + ((i % count) << 4), 1, 1);
  }
  return passed;
}

/** Hashes a message `times` times with the hash of that number. */
export function hash(kind: Hash, at: usize, length: i32, times: i32): void {
  for (let i = 0; i < times; i++) {
    request.clear();
    request.enter();
    digest(kind, new Bytes(at, length));
  }
}

const NAME = "__Host-rolegate";

/** A handle of the keys of a secret of 32 bytes. */
export function ring(at: usize): usize {
  const scope = new Scope(
    Bytes.of("https://sso.example.com/realms/prefect"),
    Bytes.of("prefect"),
    Bytes.of("https://prefect.example.com"),
    Bytes.empty(),
  );
  return changetype<usize>(KeyRing.of([new Bytes(at, 32)], scope));
}

/** Seals a cookie `times` times, and opens what was sealed where `opens` is set; how many were the text again. */
export function sealed(handle: usize, at: usize, length: i32, opens: bool, times: i32): i32 {
  const ring = changetype<KeyRing>(handle);
  let same = 0;
  for (let i = 0; i < times; i++) {
    request.clear();
    request.enter();
    const text = new Bytes(at, length);
    const name = Bytes.of(NAME);
    const value = seal(ring, Purpose.Session, name, i, text);
    const opened = opens ? open(ring, Purpose.Session, name, value) : text;
    same += i32(opened != null && opened.equals(text));
  }
  return same;
}

/** Makes the keys of a secret for one purpose `times` times. */
export function schedule(at: usize, times: i32): void {
  for (let i = 0; i < times; i++) {
    request.clear();
    request.enter();
    changetype<KeyRing>(ring(at)).keys(0, Purpose.Session);
  }
}

/** Signs a digest `times` times with the private key of 32 bytes, by ES256. */
export function sign(key: usize, digest: usize, times: i32): usize {
  const before = guest.enter();
  const signer = SigningKey.of(new Bytes(key, 32))!;
  before.enter();
  for (let i = 0; i < times; i++) {
    request.clear();
    request.enter();
    signer.sign(new Bytes(digest, 32));
  }
  return changetype<usize>(signer);
}

/** Bytes that tables of keys, and of base points for them, take now. */
export function tables(): i32 {
  return tableBytes();
}
