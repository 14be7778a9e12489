/** Records of ended sessions as the guest writes them (assembly/session/revocation.ts), by other code. */
import { createHash } from "node:crypto";
import { fields } from "../../src/session/fields.ts";

const KINDS = { sid: 1, subject: 2 } as const;
export const RECORD_BYTES = 32;

/** `time`: seconds since 1970. `subject`: for whom it is counted; records of before had none. */
export function revocation(
  kind: keyof typeof KINDS,
  issuer: string,
  id: string,
  time: number,
  subject?: string,
) {
  const record = Buffer.alloc(RECORD_BYTES);
  record[0] = KINDS[kind];
  hashOf(kind, issuer, id).copy(record, 8, 0, 16);
  if (subject !== undefined) hashOf("subject", issuer, subject).copy(record, 1, 0, 7);
  record.writeBigInt64BE(BigInt(time), 24);
  return record;
}

const hashOf = (kind: keyof typeof KINDS, issuer: string, id: string): Buffer =>
  createHash("sha256")
    .update(fields(Uint8Array.of(KINDS[kind]), issuer, id))
    .digest();
