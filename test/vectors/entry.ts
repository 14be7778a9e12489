/** What the vector tests call: the guest's cryptography and keys behind exports that only tests have. */
import { sha256 } from "../../assembly/crypto/sha256";
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

export function hash256(message: ArrayBuffer): ArrayBuffer {
  return copyOut(sha256(view(message)));
}
