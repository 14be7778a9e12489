/**
 * Moduli of the library of CVE-2017-15361 (ROCA, Nemec et al. 2017): modulo each small prime they
 * are a power of 65537. Such a key of 2048 bits can be factored, so its signatures prove nothing.
 */
import { remainder } from "./integer";

/**
 * The primes up to 167 of the paper's fingerprint; an ordinary modulus passes them all with a
 * chance of about 2⁻²⁷.
 */
const LARGEST: u32 = 167;
const GENERATOR: u32 = 65537;

/** So many of them at a time: their product has 32 bits, and most moduli fail at the first four. */
const TOGETHER = 4;

/** True if a modulus has the fingerprint. */
export function isRoca(n: usize, words: i32): bool {
  for (let p: u32 = 3; p <= LARGEST;) {
    let product: u32 = 1;
    let end = p;
    for (let count = 0; count < TOGETHER && end <= LARGEST; end += 2) {
      if (!isPrime(end)) continue;
      product *= end;
      count++;
    }
    const rest = remainder(n, words, product);
    for (; p < end; p += 2) if (isPrime(p) && !isPower(rest % p, p)) return false;
  }
  return true;
}

function isPrime(p: u32): bool {
  for (let d: u32 = 3; d * d <= p; d += 2) {
    if (p % d == 0) return false;
  }
  return true;
}

function isPower(x: u32, p: u32): bool {
  let power: u32 = 1;
  do {
    if (power == x) return true;
    power = (power * (GENERATOR % p)) % p;
  } while (power != 1);
  return false;
}
