/** API keys as the docs describe them: `rg_`, 32 random bytes, and their checksum. */
import { createHash, randomBytes } from "node:crypto";

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

export function apiKey(random = randomBytes(32)): string {
  const text = `rg_${random.toString("base64url")}`;
  return text + crc32(text).toString(16).padStart(8, "0");
}

export const digestOf = (key: string) => createHash("sha256").update(key).digest("hex");
