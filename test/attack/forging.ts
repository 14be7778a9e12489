/** Tokens out of their description: what is in them, and what was done about the signature. */
import { createHmac, createPublicKey } from "node:crypto";
import { ec, rsa, strangerRsa } from "../support/keys.ts";
import {
  BAD_ES256,
  claims,
  raw,
  seconds,
  signer,
  tampered,
  type Signer,
} from "../support/tokens.ts";

export interface Forged {
  /** Members that are changed; null stands for null, "absent" takes one away. */
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  sign: keyof typeof SIGNERS;
}

const hmac =
  (secret: string | Buffer): Signer =>
  (input) =>
    createHmac("sha256", secret).update(input).digest();
const der = createPublicKey(rsa.pem).export({ type: "spki", format: "der" });

const SIGNERS = {
  rsa: signer(rsa),
  stranger: signer(strangerRsa),
  none: () => Buffer.alloc(0),
  "hs256-pem": hmac(rsa.pem),
  "hs256-der": hmac(der),
  "hs256-modulus": hmac(Buffer.from(String(rsa.jwk.n), "base64url")),
  "hs256-jwk": hmac(JSON.stringify(rsa.jwk)),
  "hs256-empty": hmac(""),
  "es256-der": BAD_ES256["der"]!(ec),
  zeros: () => Buffer.alloc(64),
  ones: () => Buffer.alloc(256, 0xff),
  longer: (input: Buffer) => Buffer.concat([signer(rsa)(input), Buffer.alloc(1)]),
  shorter: (input: Buffer) => signer(rsa)(input).subarray(1),
  tampered: signer(rsa),
} satisfies Record<string, Signer>;

export function forge({ header = {}, claims: changes = {}, sign }: Forged): string {
  const payload = claims(valuesOf(changes));
  const head = valuesOf({ alg: "RS256", kid: rsa.kid, typ: "JWT", ...header });
  if (head.jwk === "stranger") head.jwk = strangerRsa.jwk;
  const token = raw(head, payload, SIGNERS[sign]);
  return sign === "tampered" ? tampered(token) : token;
}

/** `now+600` is in ten minutes. */
function valuesOf(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => {
      const offset = /^now([+-]\d+)$/.exec(String(value))?.[1];
      if (offset) return [name, seconds(Number(offset))];
      return [name, value === "absent" ? undefined : value];
    }),
  );
}
