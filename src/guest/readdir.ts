/**
 * fd_readdir as wazero 1.8 fills a buffer: `.` and `..` first, and the last entry is cut off if it
 * does not fit.
 */
import { type Dirent, readdirSync } from "node:fs";
import { ERRNO, Failure } from "./errno.ts";

const ENTRY = 24;
const TYPE = { unknown: 0, directory: 3, file: 4, link: 7 } as const;

/** Fills `buffer` with the entries from number `cookie` on; returns the number of used bytes. */
export function readDirectory(path: string, buffer: Buffer, cookie: bigint): number {
  if (buffer.length < ENTRY) throw new Failure(ERRNO.inval);
  const entries = [
    { name: ".", type: TYPE.directory },
    { name: "..", type: TYPE.directory },
    ...readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      type: typeOf(entry),
    })),
  ];
  let at = 0;
  for (let i = Number(cookie); i < entries.length; i++) {
    const { name, type } = entries[i]!;
    const encoded = Buffer.alloc(ENTRY + Buffer.byteLength(name));
    encoded.writeBigUInt64LE(BigInt(i + 1), 0);
    encoded.writeUInt32LE(encoded.length - ENTRY, 16);
    encoded.writeUInt32LE(type, 20);
    encoded.write(name, ENTRY);
    if (at + encoded.length > buffer.length) {
      // Only the head is written if it fits, and the buffer counts as full: more entries follow.
      if (at + ENTRY <= buffer.length) encoded.copy(buffer, at, 0, ENTRY);
      return buffer.length;
    }
    encoded.copy(buffer, at);
    at += encoded.length;
  }
  return at;
}

function typeOf(entry: Dirent): number {
  if (entry.isFile()) return TYPE.file;
  if (entry.isDirectory()) return TYPE.directory;
  return entry.isSymbolicLink() ? TYPE.link : TYPE.unknown;
}
