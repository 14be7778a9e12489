/** What the vector tests call: the guest's cryptography and keys behind exports that only tests have. */
import { equal } from "../../assembly/crypto/constant-time";
import { Hash, Hasher, digest } from "../../assembly/crypto/hash";
import { hkdf } from "../../assembly/crypto/hkdf";
import { hmac, verifyHmac } from "../../assembly/crypto/hmac";
import { readBytes } from "../../assembly/crypto/integer";
import { invert } from "../../assembly/crypto/inverse";
import { Field25519 } from "../../assembly/crypto/kernels/field25519";
import { Field256 } from "../../assembly/crypto/kernels/field256";
import { Field384 } from "../../assembly/crypto/kernels/field384";
import { Field521 } from "../../assembly/crypto/kernels/field521";
import {
  multiplyAdd as rsaMultiplyAdd,
  square as rsaSquare,
} from "../../assembly/crypto/kernels/rsa";
import { Modulus } from "../../assembly/crypto/modulus";
import { RsaField } from "../../assembly/crypto/montgomery-f64";
import { SecretModulus } from "../../assembly/crypto/secret-modulus";
import { SigningKey } from "../../assembly/crypto/sign-p256";
import { tableBytes } from "../../assembly/crypto/tables";
import { open, seal } from "../../assembly/crypto/xchacha20-poly1305";
import { algorithmOf } from "../../assembly/jose/algorithms";
import { importJwk } from "../../assembly/jose/jwk";
import { ImportedKey, Key, describeProblem } from "../../assembly/jose/key";
import { importPem } from "../../assembly/jose/pem";
import {
  PrivateKey,
  describePrivateKeyProblem,
  importPrivateKey,
} from "../../assembly/jose/private-key";
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

let signing: PrivateKey | null = null;

/** The PrivateKeyProblem. The key is the one that signs until the next import. */
export function privateKey(text: ArrayBuffer): i32 {
  const before = keys.enter();
  const result = importPrivateKey(view(text));
  before.enter();
  signing = result.key;
  return result.problem;
}

export function describePrivate(problem: i32): string {
  return describePrivateKeyProblem(problem);
}

export function privateKeyId(): ArrayBuffer {
  return copyOut(signing!.id);
}

export function sign(input: ArrayBuffer): ArrayBuffer {
  return copyOut(signing!.sign(view(input)));
}

/** The signature of a digest by 32 bytes of a private key, or null when they are none. */
export function signDigest(secret: ArrayBuffer, digest: ArrayBuffer): ArrayBuffer | null {
  const key = SigningKey.of(view(secret));
  return key ? copyOut(key.sign(view(digest))) : null;
}

/** x and y of the public key. */
export function publicOf(secret: ArrayBuffer): ArrayBuffer {
  const key = SigningKey.of(view(secret))!;
  const point = Bytes.make(64);
  memory.copy(point.start, key.x.start, 32);
  memory.copy(point.start + 32, key.y.start, 32);
  return copyOut(point);
}

/**
 * Of little-endian numbers a and b below m, all of 32 bytes: a + b, a - b, a b / R, 1 / a (both plain) and a mod m,
 * each 32 bytes, and whether a is in [1, m - 1].
 */
export function secretArithmetic(a: ArrayBuffer, b: ArrayBuffer, m: ArrayBuffer): ArrayBuffer {
  const modulus = new SecretModulus(changetype<usize>(m));
  const result = new ArrayBuffer(161);
  const r = changetype<usize>(result);
  const x = changetype<usize>(a);
  const y = changetype<usize>(b);
  modulus.add(r, x, y);
  modulus.subtract(r + 32, x, y);
  modulus.multiply(r + 64, x, y);
  modulus.enter(r + 96, x);
  modulus.invert(r + 96, r + 96);
  modulus.leave(r + 96, r + 96);
  modulus.reduce(r + 128, x);
  store<u8>(r, <u8>modulus.inRange(x), 160);
  return result;
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

/** Bytes that tables of keys take now. */
export function tables(): i32 {
  return tableBytes();
}

function wordsOf(bytes: ArrayBuffer): usize {
  const words = (bytes.byteLength + 3) >> 2;
  const at = heap.alloc((words + 2) << 2);
  memory.fill(at, 0, (words + 2) << 2);
  readBytes(at, words, view(bytes));
  return at;
}

/** A field that is ready, of big-endian bytes, the first one not 0. */
function fieldOf(n: ArrayBuffer): RsaField {
  const bits = (n.byteLength << 3) - <i32>clz<u32>(view(n).at(0)) + 24;
  const field = new RsaField(wordsOf(n), (n.byteLength + 3) >> 2, bits);
  field.prepare(heap.alloc(field.tableSize));
  return field;
}

/** s^e mod n, of big-endian bytes of one length, the first one of n not 0. */
export function power(n: ArrayBuffer, e: u32, s: ArrayBuffer): ArrayBuffer {
  return copyOut(fieldOf(n).power(wordsOf(s), e, n.byteLength));
}

/** 1 if s^65537 ≡ common + digest modulo n, else 0; -1 if such a modulus cannot be matched. */
export function powerMatches(
  n: ArrayBuffer,
  s: ArrayBuffer,
  common: ArrayBuffer,
  digest: ArrayBuffer,
): i32 {
  const field = fieldOf(n);
  if (!field.canMatch) return -1;
  const match = heap.alloc(field.matchSize);
  field.prepareMatch(match, wordsOf(common));
  return i32(field.matches(match, wordsOf(s), wordsOf(digest)));
}

/** The kernels of RSA on raw digits: (a b + c) / R, or a² / R where b is empty. */
export function digitProduct(
  a: ArrayBuffer,
  b: ArrayBuffer,
  c: ArrayBuffer,
  n: ArrayBuffer,
  radix: i32,
): ArrayBuffer {
  const tiles = a.byteLength >> 5;
  const result = new ArrayBuffer(a.byteLength);
  const d = heap.alloc(tiles << 6);
  const q = heap.alloc(tiles << 6);
  const base = <f64>(1 << radix);
  const magic = 1.5 * 4503599627370496.0 * base;
  const r = changetype<usize>(result);
  const x = changetype<usize>(a);
  const m = changetype<usize>(n);
  if (b.byteLength == 0) rsaSquare(r, x, d, q, m, tiles, magic, 1.0 / base);
  else {
    const columns = changetype<usize>(c);
    rsaMultiplyAdd(r, x, changetype<usize>(b), columns, d, q, m, tiles, magic, 1.0 / base);
  }
  return result;
}

function product<F>(a: ArrayBuffer, b: ArrayBuffer, c: ArrayBuffer, d: ArrayBuffer): ArrayBuffer {
  const f = changetype<F>(<usize>0);
  const result = new ArrayBuffer(a.byteLength);
  const r = changetype<usize>(result);
  const x = changetype<usize>(a);
  const y = changetype<usize>(b);
  if (b.byteLength == 0) f.square(r, x);
  else if (c.byteLength == 0) f.multiply(r, x, y);
  else f.multiplyAdd(r, x, y, changetype<usize>(c), changetype<usize>(d));
  return result;
}

/** The fields' kernels on raw limbs: a², a b, or a b + c d, as far as there are operands. */
export function limbProduct(
  bits: i32,
  a: ArrayBuffer,
  b: ArrayBuffer,
  c: ArrayBuffer,
  d: ArrayBuffer,
): ArrayBuffer {
  if (bits == 256) return product<Field256>(a, b, c, d);
  if (bits == 384) return product<Field384>(a, b, c, d);
  if (bits == 521) return product<Field521>(a, b, c, d);
  const f = changetype<Field25519>(<usize>0);
  const result = new ArrayBuffer(a.byteLength);
  if (b.byteLength == 0) f.square(changetype<usize>(result), changetype<usize>(a));
  else f.multiply(changetype<usize>(result), changetype<usize>(a), changetype<usize>(b));
  return result;
}

/** 1 / a mod m, of little-endian words of one length. */
export function inverse(a: ArrayBuffer, m: ArrayBuffer): ArrayBuffer {
  const result = new ArrayBuffer(m.byteLength);
  const at = changetype<usize>(result);
  invert(at, changetype<usize>(a), changetype<usize>(m), m.byteLength >> 2);
  return result;
}

/** a b mod m through Montgomery form, of little-endian words of one length. */
export function modularProduct(a: ArrayBuffer, b: ArrayBuffer, m: ArrayBuffer): ArrayBuffer {
  const modulus = new Modulus(changetype<usize>(m), m.byteLength >> 2);
  const result = new ArrayBuffer(m.byteLength);
  const at = changetype<usize>(result);
  modulus.enter(at, changetype<usize>(a));
  modulus.multiply(at, at, changetype<usize>(b));
  return result;
}
