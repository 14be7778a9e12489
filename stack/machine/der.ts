/** DER, X.690 §8 and §10, as far as certificates need it: Node can read but not make them. */

export function element(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}

export const sequence = (...contents: Uint8Array[]) => element(0x30, ...contents);
export const oid = (hex: string) => element(0x06, Buffer.from(hex, "hex"));
