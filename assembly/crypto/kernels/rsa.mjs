/**
 * Montgomery multiplication and squaring for RSA in two lanes of f64, which multiply faster in wasm
 * than any integer does. A number is L signed digits d of radix B = 2^24 (or 2^23), |d| ≤ B/2, in
 * tiles of four.
 *
 * Columns are summed tile by tile (product scanning). A lane pair `e` holds two columns of even
 * offset, `o` two of odd offset, so that every load is aligned with a tile. The modulus comes
 * multiplied so that N = n κ + 1 is 0 modulo B²: then the digit that clears a column is the
 * column's own low digit, and the lowest two digits of N are 0 (Nκ - 1 ≡ -1: Brent and Zimmermann,
 * Modern Computer Arithmetic, §2.4).
 *
 * Exactness: products of an even and of an odd first digit are summed apart, L/2 of each kind in a
 * column, and the even sums are carried before the odd ones join them. So no sum exceeds (L + 8)
 * (B/2)² < 2⁵³, and it is an integer that f64 holds exactly, in whatever order it is summed. The
 * caller keeps L within that, with what is to be added: see montgomery-f64.ts.
 */
const UNROLLED = 8;

/**
 * Adds the products of one tile of splatted digits at `pa` and one tile at `pb`, at these byte
 * offsets.
 */
const tile = (a, b) => `
      b1 = v128.load(pb, ${b + 16});
      b0 = v128.load(pb, ${b});
      s = v128.load(pa, ${a + 48});
      o1 = f64x2.add(o1, f64x2.mul(s, b0));
      o2 = f64x2.add(o2, f64x2.mul(s, b1));
      s = v128.load(pa, ${a});
      e0 = f64x2.add(e0, f64x2.mul(s, b0));
      e1 = f64x2.add(e1, f64x2.mul(s, b1));
      s = v128.load(pa, ${a + 16});
      o0 = f64x2.add(o0, f64x2.mul(s, b0));
      o1 = f64x2.add(o1, f64x2.mul(s, b1));
      s = v128.load(pa, ${a + 32});
      e1 = f64x2.add(e1, f64x2.mul(s, b0));
      e2 = f64x2.add(e2, f64x2.mul(s, b1));`;

/**
 * All tiles of splatted digits from `pa` up to `pe`, with those at `pb` downwards. The way out
 * after each tile is also what keeps asc from gathering a sum's products of several tiles, for
 * which there are not enough registers.
 */
const scan = `
    left = pe - pa;
    pb -= ${32 * (UNROLLED - 1)};
    while (left > 0) {${Array.from(
      { length: UNROLLED },
      (_, t) => `${tile(64 * t, 32 * (UNROLLED - 1 - t))}
      ${t < UNROLLED - 1 ? `if (left == ${64 * (t + 1)}) break;` : ""}`,
    ).join("")}
      left -= ${64 * UNROLLED};
      pa += ${64 * UNROLLED};
      pb -= ${32 * UNROLLED};
    }`;

/** Writes each digit of `a` into both lanes, doubled for squaring. */
const splat = (twice) => `
  for (let x: usize = 0, end = <usize>tiles << 5; x < end; x += 32) {
    const to = d + (x << 1);
    const from = a + x;${[3, 2, 1, 0]
      .map(
        (i) => `
    const y${i} = load<f64>(from, ${8 * i});
    v128.store(to, f64x2.splat(${twice ? `y${i} + y${i}` : `y${i}`}), ${16 * i});`,
      )
      .join("")}
  }`;

const begin = `
  const zero = f64x2.splat(0);
  const magics = f64x2.splat(magic);
  const inverses = f64x2.splat(inverse);
  let e0 = zero;
  let e1 = zero;
  let e2 = zero;
  let o0 = zero;
  let o1 = zero;
  let o2 = zero;
  let s = zero;
  let b0 = zero;
  let b1 = zero;
  let carry: f64 = 0;
  for (let k = 0, end = 2 * tiles; k < end; k++) {
    const first = k < tiles ? 0 : k - tiles + 1;
    let pa: usize;
    let pb: usize;
    let pe: usize;
    let left: usize;`;

const reduce = `
    pa = q + (<usize>first << 6);
    pb = n + (<usize>(k - first) << 5);
    pe = q + (<usize>(k < tiles ? k : tiles) << 6);${scan}`;

/**
 * The tile's four columns are complete: their digits go to q, or to the result, and the rest is
 * carried.
 */
const finish = `
    s = f64x2.sub(f64x2.add(e0, magics), magics);
    e0 = f64x2.sub(e0, s);
    o0 = f64x2.add(o0, f64x2.mul(s, inverses));
    s = f64x2.sub(f64x2.add(e1, magics), magics);
    e1 = f64x2.sub(e1, s);
    o1 = f64x2.add(o1, f64x2.mul(s, inverses));
    let c0 = f64x2.extract_lane(e0, 0) + carry;
    let c1 = f64x2.extract_lane(e0, 1) + f64x2.extract_lane(o0, 0);
    let c2 = f64x2.extract_lane(e1, 0) + f64x2.extract_lane(o0, 1);
    let c3 = f64x2.extract_lane(e1, 1) + f64x2.extract_lane(o1, 0);
    let h: f64;
    if (k < tiles) {
      const to = q + (<usize>k << 6);
      h = c0 + magic - magic;
      const q0 = c0 - h;
      c1 += h * inverse;
      h = c1 + magic - magic;
      const q1 = c1 - h;
      c2 += h * inverse;
      // The products with the lowest tile of N, whose digits 0 and 1 are 0.
      const n3 = load<f64>(n, 24);
      const n2 = load<f64>(n, 16);
      c2 += q0 * n2;
      c3 += q0 * n3 + q1 * n2;
      h = c2 + magic - magic;
      const q2 = c2 - h;
      c3 += h * inverse;
      h = c3 + magic - magic;
      const q3 = c3 - h;
      carry = h * inverse + f64x2.extract_lane(o1, 1);
      const v0 = f64x2.splat(q0);
      const v1 = f64x2.splat(q1);
      const v2 = f64x2.splat(q2);
      const v3 = f64x2.splat(q3);
      v128.store(to, v3, 48);
      v128.store(to, v0);
      v128.store(to, v1, 16);
      v128.store(to, v2, 32);
      const w2 = f64x2.splat(n2);
      const w3 = f64x2.splat(n3);
      e0 = f64x2.add(
        e2,
        f64x2.add(
          f64x2.mul(v128.shuffle<f64>(v2, v3, 0, 2), w2),
          f64x2.mul(v128.shuffle<f64>(v1, v2, 0, 2), w3),
        ),
      );
      o0 = f64x2.add(o2, f64x2.mul(f64x2.replace_lane(v3, 0, 0.0), w3));
    } else {
      const to = r + (<usize>(k - tiles) << 5);
      h = c0 + magic - magic;
      store<f64>(to, c0 - h);
      c1 += h * inverse;
      h = c1 + magic - magic;
      store<f64>(to, c1 - h, 8);
      c2 += h * inverse;
      h = c2 + magic - magic;
      store<f64>(to, c2 - h, 16);
      c3 += h * inverse;
      h = c3 + magic - magic;
      store<f64>(to, c3 - h, 24);
      carry = h * inverse + f64x2.extract_lane(o1, 1);
      e0 = e2;
      o0 = o2;
    }
    e1 = e2 = o1 = o2 = zero;
  }
}`;

const parameters = `
  d: usize,
  q: usize,
  n: usize,
  tiles: i32,
  magic: f64,
  inverse: f64,
): void {`;

const square = `
/** r = a² / B^L modulo n. */
export function square(
  r: usize,
  a: usize,${parameters}${splat(true)}${begin}
    pa = d + (<usize>first << 6);
    pb = a + (<usize>(k - first) << 5);
    pe = d + (<usize>((k + 1) >> 1) << 6);${scan}
    if (!(k & 1)) {
      // The tile on the diagonal, not doubled.
      pb = a + (<usize>(k >> 1) << 5);
      const y3 = load<f64>(pb, 24);
      const y2 = load<f64>(pb, 16);
      const y1 = load<f64>(pb, 8);
      const y0 = load<f64>(pb);
      b1 = v128.load(pb, 16);
      b0 = v128.load(pb);
      s = f64x2.splat(y3);
      o1 = f64x2.add(o1, f64x2.mul(s, b0));
      o2 = f64x2.add(o2, f64x2.mul(s, b1));
      s = f64x2.splat(y0);
      e0 = f64x2.add(e0, f64x2.mul(s, b0));
      e1 = f64x2.add(e1, f64x2.mul(s, b1));
      s = f64x2.splat(y1);
      o0 = f64x2.add(o0, f64x2.mul(s, b0));
      o1 = f64x2.add(o1, f64x2.mul(s, b1));
      s = f64x2.splat(y2);
      e1 = f64x2.add(e1, f64x2.mul(s, b0));
      e2 = f64x2.add(e2, f64x2.mul(s, b1));
    }${reduce}${finish}`;

const multiply = `
/** r = (a b + c) / B^L modulo n; c has 2 L columns, none of them above what montgomery-f64.ts says. */
export function multiplyAdd(
  r: usize,
  a: usize,
  b: usize,
  c: usize,${parameters}${splat(false)}${begin}
    pa = c + (<usize>k << 5);
    e1 = f64x2.add(e1, v128.load(pa, 16));
    e0 = f64x2.add(e0, v128.load(pa));
    pa = d + (<usize>first << 6);
    pb = b + (<usize>(k - first) << 5);
    pe = d + (<usize>(k < tiles ? k + 1 : tiles) << 6);${scan}${reduce}${finish}`;

export function rsa() {
  return `// Generated by generate.mjs from rsa.mjs, where its exactness is explained.
//
// Numbers are \`tiles\` times 4 digits of 8 bytes; r may be a or b. d and q are scratch of 64 bytes a tile, n is N,
// magic is 1.5 · 2⁵² B (adding and subtracting it rounds to a multiple of B), and inverse is 1 / B.
${square}
${multiply}
`;
}
