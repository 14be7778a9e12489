/**
 * Arithmetic modulo the primes of the curves, in signed limbs of W bits in i64, all columns
 * unrolled.
 *
 * The NIST primes are -1 modulo 2^W, so the digit that clears a column in Montgomery's reduction is
 * the column's own low W bits, and p + 1 = Σ ±2^k makes adding its multiple of p a few shifts. For
 * 2²⁵⁵ - 19 the columns above 2^(W N) are folded down instead: 2^(W N) ≡ 19 · 2^(W N - 255).
 *
 * Bounds. Limbs of a product are in [0, 2^W), but for the top one, which carries the sign and is
 * small; limbs of a sum or difference are not carried, below 2 · 2^W and 2^W. A column is a sum of
 * N products, in `multiplyAdd` of 2 N. With limbs below α 2^W and β 2^W it is below N α β 2^2W, and
 * that with what is carried in must stay below 2⁶³: see `slack` of each shape. The formulas in
 * jacobian.ts and edwards.ts need α β ≤ 2 (a sum times a difference, or a `multiplyAdd` of carried
 * numbers and differences), and 4 where `multiplyAdd` leaves a sum: a Y squared. Values: a product
 * is a b / R + [0, p), R ≥ 2⁵ p (2⁸ p where `multiplyAdd` leaves a sum below 2.4 p); with |a| and
 * |b| below 2.5 p it is in (-0.2 p, 1.2 p). What the operations of JACOBIAN and EDWARDS give has
 * its bits above p's folded down: it is in (-p / 2¹⁰, p + p / 2¹⁰).
 */
const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P384 = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n;

/** `terms` are the signed powers of p + 1; N α β 2^2W < 2⁶³ for α β up to `slack`; `compact` trades
 * some of the speed for half of the code. */
const SHAPES = {
  256: { p: P256, W: 29, N: 9, slack: 3.5, terms: [256, -224, 192, 96] },
  384: { p: P384, W: 28, N: 14, slack: 9, compact: true, terms: [384, -128, -96, 32] },
  521: { p: 2n ** 521n - 1n, W: 28, N: 19, slack: 6.7, compact: true, terms: [521] },
  25519: { p: 2n ** 255n - 19n, W: 29, N: 9, slack: 3.5, fold: 19n * 2n ** (9n * 29n - 255n) },
};

/**
 * Elementwise operations: name, operands, the limb's formula, and the same as factors of the
 * operands.
 */
const JACOBIAN = [
  ["double", "a", "({a} << 1)", [2]],
  ["triple", "a", "({a} << 1) + {a}", [3]],
  ["minusEight", "a", "-({a} << 3)", [-8]],
  ["subtractEight", "a b", "{a} - ({b} << 3)", [1, -8]],
  ["fourMinus", "a b", "({a} << 2) - {b}", [4, -1]],
  ["minusAndTwice", "a b c", "{a} - {b} - ({c} << 1)", [1, -1, -2]],
];
const EDWARDS = [
  ["carry", "a", "{a}"],
  ["double", "a", "({a} << 1)"],
  ["twicePlus", "a b", "({a} << 1) + {b}"],
  ["twiceMinus", "a b", "({a} << 1) - {b}"],
];

export function field(bits) {
  const { p, W, N, slack, terms, fold, compact } = SHAPES[bits];
  if (N * slack * 2 ** (2 * W) >= 2 ** 63) throw new Error(`field ${bits}: columns overflow`);
  const lines = [];
  const out = (line = "") => lines.push(line && `  ${line}`);
  const range = (count) => Array.from({ length: count }, (_, i) => i);
  const limbs = (x) => range(N).map((i) => (x >> BigInt(W * i)) & ((1n << BigInt(W)) - 1n));
  // From the top: the first access checks the bounds of memory for all that follow.
  const read = (name) =>
    range(N)
      .reverse()
      .forEach((i) => out(`  const ${name}${i} = load<i64>(${name}, ${8 * i});`));
  const write = () =>
    range(N)
      .reverse()
      .forEach((i) => out(`  store<i64>(r, r${i}, ${8 * i});`));

  /** The products of column k. */
  const products = {
    multiply: (k) => range(N).flatMap((i) => (k - i in range(N) ? [`a${i} * b${k - i}`] : [])),
    square: (k) => {
      const pairs = range(N).filter((i) => k - i in range(N) && i < k - i);
      const twice = pairs.map((i) => `a${i} * a${k - i}`).join(" + ");
      return [
        ...(twice ? [`((${twice}) << 1)`] : []),
        ...(k % 2 === 0 ? [`a${k / 2} * a${k / 2}`] : []),
      ];
    },
    multiplyAdd: (k) =>
      range(N).flatMap((i) =>
        k - i in range(N) ? [`a${i} * b${k - i}`, `c${i} * d${k - i}`] : [],
      ),
  };

  /**
   * The parts of the digits q of p's multiples in column k: their shifts, or the columns above
   * folded down.
   */
  const reduction = (k) =>
    (terms ?? [])
      .map((term) => [term < 0 ? "-" : "+", Math.abs(term)])
      .map(([sign, e]) => [sign, k - Math.floor(e / W), e % W])
      .filter(([, i]) => i >= 0 && i < N)
      .map(([sign, i, shift]) => ` ${sign} (q${i} << ${shift})`)
      .join("");

  const product = (name, operands, what) => {
    out(`/** ${what} */`);
    out(`${name}(r: usize, ${operands.map((x) => `${x}: usize`).join(", ")}): void {`);
    operands.forEach(read);
    out(`  let t: i64 = 0;`);
    const column = (k, more = "") => {
      const sum = `${products[name](k).join(" + ")}${more}`;
      // The carry comes last, because the products need not wait for it.
      out(`  t = ${sum} + (t >> ${W});`);
    };
    if (fold) {
      range(N - 1).forEach((i) => {
        column(N + i);
        out(`  const h${i} = t & MASK;`);
      });
      out(`  const h${N - 1} = t >> ${W};`);
      out(`  t = 0;`);
      range(N).forEach((k) => {
        column(k, ` + h${k} * ${fold}`);
        out(`  ${k < 2 ? "let" : "const"} r${k} = t & MASK;`);
      });
      out(`  r0 += (t >> ${W}) * ${fold};`);
      out(`  r1 += r0 >> ${W};`);
      out(`  r0 &= MASK;`);
    } else {
      range(2 * N - 1).forEach((k) => {
        column(k, reduction(k));
        out(`  const ${k < N ? `q${k}` : `r${k - N}`} = t & MASK;`);
      });
      out(`  const r${N - 1} = (t >> ${W})${reduction(2 * N - 1)};`);
    }
    write();
    out(`}`);
    out();
  };

  const constant = (name, what, value) => {
    out(`/** ${what} */`);
    out(`${name}(r: usize): void {`);
    limbs(value).forEach((limb, i) => out(`  store<i64>(r, ${limb}, ${8 * i});`));
    out(`}`);
    out();
  };

  const getter = (name, what, value) => {
    out(`/** ${what} */`);
    out(`get ${name}(): i32 {`);
    out(`  return ${value};`);
    out(`}`);
    out();
  };

  lines.push(
    `// Generated by generate.mjs from field.mjs, where the bounds on limbs are explained.`,
  );
  lines.push(`const MASK: i64 = ${(1n << BigInt(W)) - 1n};`);
  lines.push("");
  lines.push(`/** Modulo ${bits === 25519 ? "2²⁵⁵ - 19" : `p of P-${bits}`}. It has no state. */`);
  lines.push(`@unmanaged`);
  lines.push(`@final`);
  lines.push(`export class Field${bits} {`);
  getter("width", "Bits of a limb.", W);
  getter("limbs", "Limbs of a number, 8 bytes each.", N);
  const R = fold ? 1n : 1n << BigInt(W * N);
  const form = fold ? "" : " in Montgomery form";
  product("multiply", ["a", "b"], "r = a b.");
  if (compact) {
    out(`/** r = a². */`);
    out(`square(r: usize, a: usize): void {`);
    out(`  this.multiply(r, a, a);`);
    out(`}`);
    out();
  } else product("square", ["a"], "r = a².");
  if (compact) {
    out(`/** r = a b + c d, not carried; a and c are lost. */`);
    out(`multiplyAdd(r: usize, a: usize, b: usize, c: usize, d: usize): void {`);
    out(`  this.multiply(c, c, d);`);
    out(`  this.multiply(a, a, b);`);
    out(`  this.add(r, a, c);`);
    out(`}`);
    out();
  } else if (!fold) {
    const what = "r = a b + c d, with one reduction; a and c may be lost.";
    product("multiplyAdd", ["a", "b", "c", "d"], what);
  }
  for (const [name, sign] of [
    ["add", "+"],
    ["subtract", "-"],
  ]) {
    out(`/** r = a ${sign} b, not carried. */`);
    out(`${name}(r: usize, a: usize, b: usize): void {`);
    range(N)
      .reverse()
      .forEach((i) => {
        const at = 8 * i;
        out(`  store<i64>(r, load<i64>(a, ${at}) ${sign} load<i64>(b, ${at}), ${at});`);
      });
    out(`}`);
    out();
  }
  out(`/** r = -a, not carried. */`);
  out(`negate(r: usize, a: usize): void {`);
  range(N)
    .reverse()
    .forEach((i) => out(`  store<i64>(r, -load<i64>(a, ${8 * i}), ${8 * i});`));
  out(`}`);
  out();

  for (const [name, sign] of [
    ["unpack", ""],
    ["unpackNegative", "-"],
  ]) {
    out(`/** r = ${sign}the number that pack() has left at \`at\`. */`);
    out(`${name}(r: usize, at: usize): void {`);
    range(N)
      .reverse()
      .forEach((i) => out(`  store<i64>(r, ${sign}(<i64>load<i32>(at, ${4 * i})), ${8 * i});`));
    out(`}`);
    out();
  }
  out(`/** Leaves the limbs of a product as i32 at \`at\`. */`);
  out(`pack(at: usize, a: usize): void {`);
  range(N)
    .reverse()
    .forEach((i) => out(`  store<i32>(at, <i32>load<i64>(a, ${8 * i}), ${4 * i});`));
  out(`}`);
  out();

  // Bits above the top bit of p, at 2^size, are folded down by 2^size - p.
  const size = p.toString(2).length;
  const shift = size - W * (N - 1);
  const folded = terms ? [...terms.slice(1).map((term) => -term), 0] : [0];
  const down = (i) =>
    folded
      .filter((term) => Math.floor(Math.abs(term) / W) === i)
      .map((term) => {
        const part = fold ? "top * 19" : `(top << ${Math.abs(term) % W})`;
        return ` ${term < 0 || Object.is(term, -0) ? "-" : "+"} ${part}`;
      })
      .join("");
  const linear = (name, what, operands, more, limb) => {
    out(`/** ${what}; carried and folded. */`);
    const sizes = operands.map((x) => `${x}: usize`).concat(more.map((x) => `${x}: i64`));
    out(`${name}(r: usize, ${sizes.join(", ")}): void {`);
    operands.forEach(read);
    out(`  const high = ${limb(N - 1)};`);
    out(`  const top = high >> ${shift};`);
    out(`  let t: i64 = 0;`);
    range(N - 1).forEach((i) => {
      out(`  t = ${limb(i)}${down(i)} + (t >> ${W});`);
      out(`  const r${i} = t & MASK;`);
    });
    out(`  const r${N - 1} = high - (top << ${shift}) + (t >> ${W})${down(N - 1)};`);
    write();
    out(`}`);
    out();
  };
  if (compact) {
    const limb = (i) => `a${i} * x + b${i} * y + c${i} * z`;
    linear("combine", "r = a x + b y + c z", ["a", "b", "c"], ["x", "y", "z"], limb);
  }
  for (const [name, operands, formula, factors] of fold ? EDWARDS : JACOBIAN) {
    const list = operands.split(" ");
    const what = `Each limb ${formula.replace(/[{}]/g, "")}`;
    if (!compact) {
      linear(name, what, list, [], (i) => formula.replace(/\{(\w)\}/g, (_, x) => `${x}${i}`));
      continue;
    }
    const three = (values, missing) => [0, 1, 2].map((i) => values[i] ?? missing).join(", ");
    out(`/** ${what}; carried and folded. */`);
    out(`${name}(r: usize, ${list.map((x) => `${x}: usize`).join(", ")}): void {`);
    out(`  this.combine(r, ${three(list, "a")}, ${three(factors, 0)});`);
    out(`}`);
    out();
  }
  constant("setOne", `One${form}.`, R % p);
  if (!fold) constant("setSquare", "What takes a number into Montgomery form: R².", (R * R) % p);
  constant("setModulus", "p itself.", p);
  lines.pop();
  lines.push(`}`);
  return `${lines.join("\n")}\n`;
}
