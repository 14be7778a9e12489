/** Length and FNV-1a of bytes, as the visitor (test/guest/visitor/text.ts) shows them. */
export function digest(bytes: string | Buffer): string {
  const all = Buffer.from(bytes);
  let hash = 0x811c9dc5;
  for (const byte of all) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${all.length} ${hash.toString(16)}`;
}
