/**
 * Inverses modulo an odd number by divsteps (Bernstein and Yang, "Fast constant-time gcd
 * computation", 2019), in the variable-time form of safegcd: 30 steps at a time on the low limbs,
 * then one update of all. Public values only.
 *
 * Numbers are signed limbs of 30 bits in i32. A step's matrix has entries of at most 2³⁰ in sum of
 * absolutes, so a product sum of two limbs and a multiple of the modulus stays below 2⁶². d and e
 * stay in (-2 m, m).
 */
const BITS = 30;
const MASK: i32 = (1 << BITS) - 1;

/**
 * r = 1 / a mod m, of little-endian words: m odd, a below m, and 1 their only common divisor. 0
 * gives 0.
 */
export function invert(r: usize, a: usize, m: usize, words: i32): void {
  const limbs = ((words << 5) + BITS) / BITS;
  const size = (<usize>limbs) << 2;
  const work = heap.alloc(5 * size);
  memory.fill(work, 0, 5 * size);
  const state = new State(work, size);
  toLimbs(state.m, m, words, limbs);
  toLimbs(state.f, m, words, limbs);
  toLimbs(state.g, a, words, limbs);
  store<i32>(state.e, 1);
  state.run();
  toWords(r, state.d, words);
}

@unmanaged
@final
class State {
  readonly d: usize;
  readonly e: usize;
  readonly f: usize;
  readonly g: usize;
  readonly m: usize;
  private eta: i32 = -1;
  private u: i32 = 0;
  private v: i32 = 0;
  private q: i32 = 0;
  private r: i32 = 0;

  constructor(
    at: usize,
    /** Bytes of a number. */
    readonly size: usize,
  ) {
    this.d = at;
    this.e = at + size;
    this.f = at + 2 * size;
    this.g = at + 3 * size;
    this.m = at + 4 * size;
  }

  /** Starts from f = m and g = a and runs until g is 0. Then f is 1 or -1, and d is f / a. */
  run(): void {
    const low = load<u32>(this.m);
    let inverse = low;
    for (let i = 0; i < 4; i++) inverse *= 2 - low * inverse;
    let length = this.size;
    while (true) {
      this.divsteps(load<u32>(this.f), load<u32>(this.g));
      this.updateCoefficients(inverse);
      if (this.updateNumbers(length)) break;
      // Top limbs that are only a sign are moved into the limbs below.
      const f = load<i32>(this.f + length - 4);
      const g = load<i32>(this.g + length - 4);
      if (length > 8 && ((f ^ (f >> 31)) | (g ^ (g >> 31))) == 0) {
        length -= 4;
        const at = length - 4;
        store<i32>(this.f + at, load<i32>(this.f + at) | (f << BITS));
        store<i32>(this.g + at, load<i32>(this.g + at) | (g << BITS));
      }
    }
    this.normalize(load<i32>(this.f + length - 4) < 0);
  }

  /** 30 divsteps on the low bits; u, v, q, r is the matrix of all of them. */
  private divsteps(f: u32, g: u32): void {
    let u: u32 = 1;
    let v: u32 = 0;
    let q: u32 = 0;
    let r: u32 = 1;
    let eta = this.eta;
    let left = BITS;
    while (true) {
      const zeros = <i32>ctz<u32>(g | ((<u32>0xffffffff) << left));
      g >>= zeros;
      u <<= zeros;
      v <<= zeros;
      eta -= zeros;
      left -= zeros;
      if (left == 0) break;
      if (eta < 0) {
        eta = -eta;
        const x = f;
        f = g;
        g = 0 - x;
        const y = u;
        u = q;
        q = 0 - y;
        const z = v;
        v = r;
        r = 0 - z;
      }
      // Up to six low bits of g are cleared at once: f (f² - 2) is -1 / f modulo 64.
      const limit = min(eta + 1, left);
      const mask = ((<u32>0xffffffff) >> (32 - limit)) & 63;
      const w = (f * g * (f * f - 2)) & mask;
      g += f * w;
      q += u * w;
      r += v * w;
    }
    this.eta = eta;
    this.u = u;
    this.v = v;
    this.q = q;
    this.r = r;
  }

  /** (d, e) = matrix (d, e) / 2³⁰ modulo m. */
  private updateCoefficients(inverse: u32): void {
    const d = this.d;
    const e = this.e;
    const m = this.m;
    const size = this.size;
    const u: i64 = this.u;
    const v: i64 = this.v;
    const q: i64 = this.q;
    const r: i64 = this.r;
    const signD = load<i32>(d + size - 4) >> 31;
    const signE = load<i32>(e + size - 4) >> 31;
    let md = (this.u & signD) + (this.v & signE);
    let me = (this.q & signD) + (this.r & signE);
    let x: i64 = load<i32>(d);
    let y: i64 = load<i32>(e);
    let first = u * x + v * y;
    let second = q * x + r * y;
    // The multiples of m that make the low limbs 0.
    md -= (<i32>(inverse * <u32>first + <u32>md)) & MASK;
    me -= (<i32>(inverse * <u32>second + <u32>me)) & MASK;
    const multipleD: i64 = md;
    const multipleE: i64 = me;
    let z: i64 = load<i32>(m);
    first = (first + z * multipleD) >> BITS;
    second = (second + z * multipleE) >> BITS;
    for (let i: usize = 4; i < size; i += 4) {
      x = load<i32>(d + i);
      y = load<i32>(e + i);
      z = load<i32>(m + i);
      first += u * x + v * y + z * multipleD;
      second += q * x + r * y + z * multipleE;
      store<i32>(d + i - 4, (<i32>first) & MASK);
      store<i32>(e + i - 4, (<i32>second) & MASK);
      first >>= BITS;
      second >>= BITS;
    }
    store<i32>(d + size - 4, <i32>first);
    store<i32>(e + size - 4, <i32>second);
  }

  /** (f, g) = matrix (f, g) / 2³⁰, of the lowest `length` bytes; returns whether g is 0. */
  private updateNumbers(length: usize): bool {
    const f = this.f;
    const g = this.g;
    const u: i64 = this.u;
    const v: i64 = this.v;
    const q: i64 = this.q;
    const r: i64 = this.r;
    let x: i64 = load<i32>(f);
    let y: i64 = load<i32>(g);
    let first = (u * x + v * y) >> BITS;
    let second = (q * x + r * y) >> BITS;
    let seen: i32 = 0;
    for (let i: usize = 4; i < length; i += 4) {
      x = load<i32>(f + i);
      y = load<i32>(g + i);
      first += u * x + v * y;
      second += q * x + r * y;
      const low = (<i32>second) & MASK;
      seen |= low;
      store<i32>(f + i - 4, (<i32>first) & MASK);
      store<i32>(g + i - 4, low);
      first >>= BITS;
      second >>= BITS;
    }
    store<i32>(f + length - 4, <i32>first);
    store<i32>(g + length - 4, <i32>second);
    return (seen | (<i32>second)) == 0;
  }

  /** d, or -d, in [0, m). */
  private normalize(negate: bool): void {
    this.addModulus();
    if (negate) {
      let carry: i32 = 0;
      for (let i: usize = 0; i < this.size; i += 4) {
        carry -= load<i32>(this.d + i);
        store<i32>(this.d + i, i < this.size - 4 ? carry & MASK : carry);
        carry >>= BITS;
      }
    }
    this.addModulus();
  }

  /** d += m if d is negative. */
  private addModulus(): void {
    const sign = load<i32>(this.d + this.size - 4) >> 31;
    let carry: i32 = 0;
    for (let i: usize = 0; i < this.size; i += 4) {
      carry += load<i32>(this.d + i) + (load<i32>(this.m + i) & sign);
      store<i32>(this.d + i, i < this.size - 4 ? carry & MASK : carry);
      carry >>= BITS;
    }
  }
}

function toLimbs(r: usize, words: usize, count: i32, limbs: i32): void {
  let held: u64 = 0;
  let bits = 0;
  let i = 0;
  for (let word = 0; word < count; word++) {
    held |= (<u64>load<u32>(words + ((<usize>word) << 2))) << bits;
    bits += 32;
    for (; bits >= BITS; bits -= BITS, held >>= BITS, i++) {
      store<i32>(r + ((<usize>i) << 2), (<i32>held) & MASK);
    }
  }
  if (i < limbs) store<i32>(r + ((<usize>i) << 2), <i32>held);
}

function toWords(r: usize, limbs: usize, count: i32): void {
  let held: u64 = 0;
  let bits = 0;
  for (let word = 0; word < count; word++, bits -= 32, held >>= 32) {
    for (; bits < 32; bits += BITS, limbs += 4) held |= (<u64>load<u32>(limbs)) << bits;
    store<u32>(r + ((<usize>word) << 2), <u32>held);
  }
}
