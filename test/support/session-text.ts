/** What a session's cookie holds, read and written by other code than the guest's, and sealed by the oracle of docs/key-schedule.md. */
import { fields, readFields } from "../../src/session/fields.ts";
import type { Scope } from "../../src/session/keys.ts";
import { open, seal } from "../../src/session/seal.ts";

const FORM = 1;
const TIMES = ["signedIn", "made", "refreshAt", "end", "authenticated"] as const;
const TIME_BYTES = 5;
/** Stands for a time that never comes. */
export const NEVER = 2 ** 40 - 1;

/** Times are seconds since 1970; `id`, `fingerprint` and `identity` are hexadecimal. */
export interface SessionText extends Record<(typeof TIMES)[number], number> {
  id: string;
  fingerprint: string;
  sid: string;
  subject: string;
  /** Of an issuer of several tenants. */
  tenant: string;
  user: string;
  token: string;
  identity: string;
}

const hex = (text: string) => Buffer.from(text, "hex");

export function writeSession(session: SessionText): Uint8Array {
  const times = Buffer.alloc(TIMES.length * TIME_BYTES);
  TIMES.forEach((name, i) => times.writeUIntBE(session[name], i * TIME_BYTES, TIME_BYTES));
  return fields(
    Uint8Array.of(FORM),
    hex(session.id),
    hex(session.fingerprint),
    times,
    ...[session.sid, session.subject, session.user, session.token],
    hex(session.identity),
    ...(session.tenant === "" ? [] : [session.tenant]),
  );
}

export function readSession(text: Uint8Array): SessionText {
  const list = readFields(text);
  if (!list || list.length < 9 || list.length > 10 || list[0]![0] !== FORM)
    throw new Error("it is no session");
  const parts = list.map((it) => Buffer.from(it));
  const [id, fingerprint, identity] = [1, 2, 8].map((i) => parts[i]!.toString("hex"));
  const [sid, subject, user, token] = [4, 5, 6, 7].map((i) => parts[i]!.toString());
  const tenant = parts[9]?.toString() ?? "";
  const times = TIMES.map((name, i) => [
    name,
    parts[3]!.readUIntBE(i * TIME_BYTES, TIME_BYTES),
  ]) as [(typeof TIMES)[number], number][];
  return {
    ...(Object.fromEntries(times) as Record<(typeof TIMES)[number], number>),
    ...{ id: id!, fingerprint: fingerprint!, identity: identity! },
    ...{ sid: sid!, subject: subject!, tenant, user: user!, token: token! },
  };
}

/** A session's cookie and what it was sealed for. */
export interface SessionPlace {
  secret: Uint8Array;
  scope: Scope;
  /** Of the cookie. */
  name: string;
}

let nanoseconds = BigInt(Date.now()) * 1_000_000n;

export function sealSession({ secret, scope, name }: SessionPlace, session: SessionText): string {
  const place = { purpose: "session", scope, name } as const;
  return seal(secret, place, nanoseconds++, writeSession(session));
}

export function openSession({ secret, scope, name }: SessionPlace, sealed: string): SessionText {
  const text = open([secret], { purpose: "session", scope, name }, sealed);
  if (!text) throw new Error("it does not open");
  return readSession(text);
}
