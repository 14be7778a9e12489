/**
 * Poly1305, RFC 8439 §2.5, in five limbs of 26 bits. Constant time: no branch or index on secrets.
 */

const MASK: u64 = 0x3ffffff;

@unmanaged
@final
export class Poly1305 {
  private r0: u64;
  private r1: u64;
  private r2: u64;
  private r3: u64;
  private r4: u64;
  private h0: u64 = 0;
  private h1: u64 = 0;
  private h2: u64 = 0;
  private h3: u64 = 0;
  private h4: u64 = 0;

  /** `key` is 32 bytes for one message: r, which is clamped, and s. */
  constructor(private key: usize) {
    this.r0 = (<u64>load<u32>(key)) & 0x3ffffff;
    this.r1 = ((<u64>load<u32>(key, 3)) >> 2) & 0x3ffff03;
    this.r2 = ((<u64>load<u32>(key, 6)) >> 4) & 0x3ffc0ff;
    this.r3 = ((<u64>load<u32>(key, 9)) >> 6) & 0x3f03fff;
    this.r4 = ((<u64>load<u32>(key, 12)) >> 8) & 0x00fffff;
  }

  /** Adds bytes, padded with zeros to whole blocks of 16: all that the AEAD construction needs. */
  update(at: usize, length: i32): void {
    for (; length >= 16; length -= 16, at += 16) this.block(at);
    if (length > 0) {
      const last = heap.alloc(16);
      memory.fill(last, 0, 16);
      memory.copy(last, at, length);
      this.block(last);
    }
  }

  /**
   * h = (h + block + 2¹²⁸) r mod 2¹³⁰ - 5. Limbs stay below 2²⁷, so a sum of five products is below
   * 2⁶⁰.
   */
  private block(at: usize): void {
    const r0 = this.r0;
    const r1 = this.r1;
    const r2 = this.r2;
    const r3 = this.r3;
    const r4 = this.r4;
    const h0 = this.h0 + ((<u64>load<u32>(at)) & MASK);
    const h1 = this.h1 + (((<u64>load<u32>(at, 3)) >> 2) & MASK);
    const h2 = this.h2 + (((<u64>load<u32>(at, 6)) >> 4) & MASK);
    const h3 = this.h3 + (((<u64>load<u32>(at, 9)) >> 6) & MASK);
    const h4 = this.h4 + (((<u64>load<u32>(at, 12)) >> 8) | 0x1000000);
    const s1 = r1 * 5;
    const s2 = r2 * 5;
    const s3 = r3 * 5;
    const s4 = r4 * 5;
    let d = h0 * r0 + h1 * s4 + h2 * s3 + h3 * s2 + h4 * s1;
    const g0 = d & MASK;
    d = h0 * r1 + h1 * r0 + h2 * s4 + h3 * s3 + h4 * s2 + (d >> 26);
    this.h1 = d & MASK;
    d = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s4 + h4 * s3 + (d >> 26);
    this.h2 = d & MASK;
    d = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s4 + (d >> 26);
    this.h3 = d & MASK;
    d = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0 + (d >> 26);
    this.h4 = d & MASK;
    // 2¹³⁰ is 5.
    d = g0 + (d >> 26) * 5;
    this.h0 = d & MASK;
    this.h1 += d >> 26;
  }

  /** Writes the tag, 16 bytes: h + s mod 2¹²⁸, with h fully reduced. */
  finish(out: usize): void {
    let h1 = this.h1;
    let h2 = this.h2 + (h1 >> 26);
    let h3 = this.h3 + (h2 >> 26);
    let h4 = this.h4 + (h3 >> 26);
    let h0 = this.h0 + (h4 >> 26) * 5;
    h1 = (h1 & MASK) + (h0 >> 26);
    h0 &= MASK;
    h2 = (h2 & MASK) + (h1 >> 26);
    h1 &= MASK;
    h3 &= MASK;
    h4 &= MASK;
    // The last carry can only reach h2 and leave it below 2²⁶ + 1: one more step is enough.
    h3 += h2 >> 26;
    h2 &= MASK;
    h4 += h3 >> 26;
    h3 &= MASK;
    // h - p = h + 5 - 2¹³⁰ is used if it is not negative.
    let g0 = h0 + 5;
    let g1 = h1 + (g0 >> 26);
    let g2 = h2 + (g1 >> 26);
    let g3 = h3 + (g2 >> 26);
    const g4 = h4 + (g3 >> 26);
    const take = 0 - (g4 >> 26);
    h0 = (h0 & ~take) | (g0 & MASK & take);
    h1 = (h1 & ~take) | (g1 & MASK & take);
    h2 = (h2 & ~take) | (g2 & MASK & take);
    h3 = (h3 & ~take) | (g3 & MASK & take);
    h4 = (h4 & ~take) | (g4 & MASK & take);
    const low = h0 | (h1 << 26) | (h2 << 52);
    const high = (h2 >> 12) | (h3 << 14) | (h4 << 40);
    const sum = low + load<u64>(this.key, 16);
    // The carry without a comparison that could become a branch.
    const carry =
      ((low & load<u64>(this.key, 16)) | ((low | load<u64>(this.key, 16)) & ~sum)) >> 63;
    store<u64>(out, sum);
    store<u64>(out, high + load<u64>(this.key, 24) + carry, 8);
  }
}
