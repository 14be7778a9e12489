/** Opens the plugin's sealed cookies, given the secret. Tokens are named, not shown. */
import { open } from "../../session/seal.ts";
import { readFields } from "../../session/fields.ts";
import type { Purpose, Scope } from "../../session/keys.ts";
import { type Block, mapOf, textOf, textsOf } from "../middleware/block.ts";
import type { SealedCookie } from "./cookies.ts";

export interface Opened {
  cookie: string;
  kind: Purpose;
  content: Record<string, unknown>;
}

/** The scope of the block's keys. */
export function scopeOf(block: Block): Scope {
  const session = mapOf(block, "session");
  const [publicUrl = ""] = textsOf(block, "publicUrl");
  return {
    issuer: textOf(block, "issuer") ?? "",
    clientId: textOf(block, "clientId") ?? "",
    site: textOf(session, "domain") ?? originOf(publicUrl),
    audience: textOf(session, "audience") ?? "",
  };
}

function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
}

const PURPOSES: Purpose[] = ["session", "refresh", "attempt"];

/** Null: another secret sealed it, it is another application's, or it was altered. */
export function openCookie(
  { name, value }: SealedCookie,
  secrets: Uint8Array[],
  scope: Scope,
): Opened | null {
  for (const purpose of PURPOSES) {
    const text = open(secrets, { scope, purpose, name }, value);
    const fields = text && readFields(text);
    if (fields) return { cookie: name, kind: purpose, content: CONTENTS[purpose]!(fields) };
  }
  return null;
}

type Fields = Uint8Array[];
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("utf8");
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");
const token = (bytes: Uint8Array | undefined) => (bytes?.length ? `${bytes.length} bytes` : "none");

/** The known forms; of another form only its number is shown. */
const SESSION_FORM = 1;
const REFRESH_FORM = 1;

const CONTENTS: Partial<Record<Purpose, (fields: Fields) => Record<string, unknown>>> = {
  session([form, id, fingerprint, times, sid, subject, user, access, identity, tenant]) {
    if (form?.[0] !== SESSION_FORM) return { form: form?.[0] };
    const [signedIn, made, refreshAt, end, authenticated] = timesIn(times);
    return {
      ...{ user: text(user), subject: text(subject) },
      ...(tenant?.length ? { tenant: text(tenant) } : {}),
      ...{ signedIn, made, refreshAt, end, authenticated },
      ...{ sessionId: hex(id), providerSession: text(sid) || null },
      ...{ configuration: hex(fingerprint), accessToken: token(access), claims: token(identity) },
    };
  },
  refresh([form, id, refreshToken, idToken, accessToken, ...endpoints]) {
    if (form?.[0] !== REFRESH_FORM) return { form: form?.[0] };
    const [tokenEndpoint, endSession, userinfo] = endpoints.map((it) => text(it) || null);
    return {
      sessionId: hex(id),
      ...{
        refreshToken: token(refreshToken),
        idToken: token(idToken),
        accessToken: token(accessToken),
      },
      ...{ tokenEndpoint, endSession, userinfo },
    };
  },
  attempt([, , started, , tokenEndpoint]) {
    const bytes = Buffer.from(started ?? []);
    return {
      started: bytes.length === 8 ? timeText(Number(bytes.readBigInt64BE())) : null,
      tokenEndpoint: text(tokenEndpoint) || null,
    };
  },
};

const TIME = 5;
const NEVER = 0xffffffffff;

/** Five bytes each. */
function timesIn(bytes: Uint8Array | undefined): (string | null)[] {
  const buffer = Buffer.from(bytes ?? []);
  return Array.from({ length: Math.floor(buffer.length / TIME) }, (_, i) => {
    const seconds = buffer.readUIntBE(i * TIME, TIME);
    return seconds === 0 || seconds === NEVER ? null : timeText(seconds);
  });
}

const timeText = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000", "");

/** A secret as written in the block: base64url, base64 or hexadecimal. */
export function secretBytes(written: string): Uint8Array {
  const trimmed = written.trim();
  return new Uint8Array(
    /^([0-9a-f]{2}){32,}$/i.test(trimmed)
      ? Buffer.from(trimmed, "hex")
      : Buffer.from(trimmed, "base64url"),
  );
}
