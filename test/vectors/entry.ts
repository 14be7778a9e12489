/** What the vector tests call: the guest's cryptography and keys behind exports that only tests have. */
import { equal } from "../../assembly/crypto/constant-time";
import { Hash, Hasher, digest } from "../../assembly/crypto/hash";
import { hkdf } from "../../assembly/crypto/hkdf";
import { hmac, verifyHmac } from "../../assembly/crypto/hmac";
import { open, seal } from "../../assembly/crypto/xchacha20-poly1305";
import { algorithmOf } from "../../assembly/jose/algorithms";
import { importJwk } from "../../assembly/jose/jwk";
import { ImportedKey, Key, describeProblem } from "../../assembly/jose/key";
import { importPem } from "../../assembly/jose/pem";
import { parse } from "../../assembly/json/parse";
import { Region, request } from "../../assembly/runtime/arena";
import { Bytes } from "../../assembly/text/bytes";

const keys: Region = changetype<Region>(memory.data(12, 4));
let imported: ImportedKey | null = null;

function view(buffer: ArrayBuffer): Bytes {
  return new Bytes(changetype<usize>(buffer), buffer.byteLength);
}

function copyOut(bytes: Bytes): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  memory.copy(changetype<usize>(buffer), bytes.start, bytes.length);
  return buffer;
}

/** Forgets what the last call left, as the guest does between requests. */
export function clear(): void {
  request.clear();
  request.enter();
}

/** Forgets the keys as well. */
export function clearKeys(): void {
  imported = null;
  keys.clear();
}

function keep(text: Bytes, pem: bool): i32 {
  const before = keys.enter();
  if (pem) imported = importPem(text);
  else {
    const jwk = parse(text);
    imported = jwk ? importJwk(jwk) : null;
  }
  before.enter();
  return imported ? imported!.problem : -1;
}

/** The KeyProblem, or -1 for what is no strict JSON. The key is `current` until the next import. */
export function jwk(text: ArrayBuffer): i32 {
  return keep(view(text), false);
}

export function pem(text: ArrayBuffer): i32 {
  return keep(view(text), true);
}

/** A handle of the key that was imported last. */
export function current(): usize {
  return changetype<usize>(imported!.key);
}

export function describe(problem: i32): string {
  return describeProblem(problem);
}

export function id(key: usize): ArrayBuffer {
  return copyOut(changetype<Key>(key).id);
}

export function allows(key: usize, algorithm: ArrayBuffer): bool {
  return changetype<Key>(key).allows(algorithmOf(view(algorithm)));
}

export function verify(
  key: usize,
  algorithm: ArrayBuffer,
  input: ArrayBuffer,
  signature: ArrayBuffer,
): bool {
  return changetype<Key>(key).verify(algorithmOf(view(algorithm)), view(input), view(signature));
}

/** A handle of a key of shared bytes. */
export function symmetric(secret: ArrayBuffer): usize {
  const before = keys.enter();
  const key = Key.symmetric(view(secret));
  before.enter();
  return changetype<usize>(key);
}

export function hash(hash: Hash, message: ArrayBuffer): ArrayBuffer {
  return copyOut(digest(hash, view(message)));
}

/** The digest of a message that comes in two parts. */
export function hashParts(hash: Hash, first: ArrayBuffer, second: ArrayBuffer): ArrayBuffer {
  return copyOut(new Hasher(hash).update(view(first)).update(view(second)).finish());
}

export function mac(hash: Hash, key: ArrayBuffer, message: ArrayBuffer): ArrayBuffer {
  return copyOut(hmac(hash, view(key), view(message)));
}

export function macMatches(
  hash: Hash,
  key: ArrayBuffer,
  message: ArrayBuffer,
  code: ArrayBuffer,
): bool {
  return verifyHmac(hash, view(key), view(message), view(code));
}

export function derive(
  hash: Hash,
  secret: ArrayBuffer,
  salt: ArrayBuffer,
  info: ArrayBuffer,
  length: i32,
): ArrayBuffer {
  return copyOut(hkdf(hash, view(secret), view(salt), view(info), length));
}

function copyOutOrNull(bytes: Bytes | null): ArrayBuffer | null {
  return bytes ? copyOut(bytes) : null;
}

export function aeadSeal(
  key: ArrayBuffer,
  nonce: ArrayBuffer,
  data: ArrayBuffer,
  text: ArrayBuffer,
): ArrayBuffer | null {
  return copyOutOrNull(seal(view(key), view(nonce), view(data), view(text)));
}

export function aeadOpen(
  key: ArrayBuffer,
  nonce: ArrayBuffer,
  data: ArrayBuffer,
  sealed: ArrayBuffer,
): ArrayBuffer | null {
  return copyOutOrNull(open(view(key), view(nonce), view(data), view(sealed)));
}

/** Compares `times` times: how long it takes is what a test looks at. */
export function equalTimes(a: ArrayBuffer, b: ArrayBuffer, times: i32): i32 {
  let same = 0;
  for (let i = 0; i < times; i++) same += i32(equal(view(a), view(b)));
  return same;
}

/** The same with a comparison that stops at the first difference: a control. */
export function leakyTimes(a: ArrayBuffer, b: ArrayBuffer, times: i32): i32 {
  let same = 0;
  for (let i = 0; i < times; i++) {
    let at: i32 = 0;
    while (
      at < a.byteLength &&
      load<u8>(changetype<usize>(a) + at) == load<u8>(changetype<usize>(b) + at)
    )
      at++;
    same += i32(at == a.byteLength);
  }
  return same;
}
