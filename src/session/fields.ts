/**
 * Fields in the guest's form (assembly/session/fields.ts): each with its length before it, 32 bits,
 * big-endian.
 */

/** Texts are UTF-8; numbers are 8 bytes, big-endian, two's complement. */
export type Field = Uint8Array | string | bigint;

const LENGTH = 4;

export function fields(...values: Field[]): Uint8Array {
  const parts = values.flatMap((value) => {
    const bytes = bytesOf(value);
    const length = Buffer.alloc(LENGTH);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return new Uint8Array(Buffer.concat(parts));
}

function bytesOf(value: Field): Uint8Array {
  if (typeof value === "string") return Buffer.from(value);
  if (typeof value !== "bigint") return value;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** The fields of a list, or null when it is cut short or malformed. */
export function readFields(list: Uint8Array): Uint8Array[] | null {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at < list.length;) {
    if (list.length - at < LENGTH) return null;
    const start = at + LENGTH;
    at = start + view.getUint32(at);
    if (at > list.length) return null;
    found.push(list.slice(start, at));
  }
  return found;
}
