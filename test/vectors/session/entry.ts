/** What the tests of sign-in's cryptography call: assembly/session behind exports that only tests have. */
import { FieldReader, Fields } from "../../../assembly/session/fields";
import { KeyRing, Purpose, Scope } from "../../../assembly/session/keys";
import {
  Generator,
  challengeOf,
  derive,
  nonceOf,
  verifierOf,
} from "../../../assembly/session/random";
import { open, seal } from "../../../assembly/session/seal";
import { guest, request } from "../../../assembly/runtime/arena";
import { Bytes } from "../../../assembly/text/bytes";

function view(buffer: ArrayBuffer): Bytes {
  return new Bytes(changetype<usize>(buffer), buffer.byteLength);
}

function copyOut(bytes: Bytes): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  memory.copy(changetype<usize>(buffer), bytes.start, bytes.length);
  return buffer;
}

function copyOutOrNull(bytes: Bytes | null): ArrayBuffer | null {
  return bytes ? copyOut(bytes) : null;
}

/** Forgets what the last call left, as the guest does between requests. */
export function clear(): void {
  request.clear();
  request.enter();
}

/** How many fields a list has, or -1 when it is none. */
export function countFields(list: ArrayBuffer): i32 {
  const reader = new FieldReader(view(list));
  let count = 0;
  for (; !reader.atEnd && !reader.failed; count++) reader.bytes();
  return reader.done ? count : -1;
}

/** A handle of a ring of secrets and a scope, both lists of fields, or 0. */
export function ring(secrets: ArrayBuffer, scope: ArrayBuffer): usize {
  const list: Array<Bytes> = [];
  const reader = new FieldReader(view(secrets));
  while (!reader.atEnd) list.push(reader.bytes());
  const parts = new FieldReader(view(scope));
  return changetype<usize>(
    KeyRing.of(list, new Scope(parts.bytes(), parts.bytes(), parts.bytes(), parts.bytes())),
  );
}

/** Encryption, nonce and generator key, and the id, as fields. */
export function keys(ring: usize, secret: i32, purpose: Purpose): ArrayBuffer {
  const keys = changetype<KeyRing>(ring).keys(secret, purpose);
  return copyOut(
    new Fields().bytes(keys.encryption).bytes(keys.nonce).bytes(keys.generator).u8(keys.id).all,
  );
}

export function mark(ring: usize, purpose: Purpose, value: ArrayBuffer, secret: i32): ArrayBuffer {
  return copyOut(changetype<KeyRing>(ring).mark(purpose, view(value), secret));
}

export function sealed(
  ring: usize,
  purpose: Purpose,
  name: ArrayBuffer,
  now: i64,
  text: ArrayBuffer,
): ArrayBuffer {
  return copyOut(seal(changetype<KeyRing>(ring), purpose, view(name), now, view(text)));
}

export function opened(
  ring: usize,
  purpose: Purpose,
  name: ArrayBuffer,
  sealed: ArrayBuffer,
): ArrayBuffer | null {
  return copyOutOrNull(open(changetype<KeyRing>(ring), purpose, view(name), view(sealed)));
}

/** A handle of a new generator. */
export function generator(ring: usize, purpose: Purpose): usize {
  const before = guest.enter();
  const made = new Generator(changetype<KeyRing>(ring), purpose);
  before.enter();
  return changetype<usize>(made);
}

export function next(
  generator: usize,
  label: ArrayBuffer,
  now: i64,
  peer: ArrayBuffer,
  digest: ArrayBuffer,
): ArrayBuffer {
  const text = view(label).toString();
  return copyOut(changetype<Generator>(generator).next(text, now, view(peer), view(digest)));
}

export function derived(seed: ArrayBuffer, label: ArrayBuffer): ArrayBuffer {
  return copyOut(derive(view(seed), view(label).toString()));
}

export function verifier(seed: ArrayBuffer): ArrayBuffer {
  return copyOut(verifierOf(view(seed)));
}

export function challenge(verifier: ArrayBuffer): ArrayBuffer {
  return copyOut(challengeOf(view(verifier)));
}

export function nonce(seed: ArrayBuffer): ArrayBuffer {
  return copyOut(nonceOf(view(seed)));
}
