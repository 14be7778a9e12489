/** Records of ended sessions as the guest writes them (assembly/session/revocation.ts), by other code. */
import { createHash } from "node:crypto";
import { fields } from "../../src/session/fields.ts";

const KINDS = { sid: 1, subject: 2 } as const;
export const RECORD_BYTES = 32;

/** `time`: seconds since 1970. */
export function revocation(kind: keyof typeof KINDS, issuer: string, id: string, time: number) {
  const record = Buffer.alloc(RECORD_BYTES);
  record[0] = KINDS[kind];
  const name = createHash("sha256")
    .update(fields(Uint8Array.of(KINDS[kind]), issuer, id))
    .digest();
  name.copy(record, 8, 0, 16);
  record.writeBigInt64BE(BigInt(time), 24);
  return record;
}
