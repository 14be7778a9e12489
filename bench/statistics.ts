/**
 * Medians and spread. Samples here are small, so the whole range and quartiles are reported, never
 * a mean alone.
 */

export interface Spread {
  median: number;
  min: number;
  max: number;
  /** Quartiles: half of all samples lie between them. */
  q1: number;
  q3: number;
}

/** The value below which a share of the sorted samples lies, between neighbours in proportion. */
function quantile(sorted: number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

/** At least one sample. */
export function spread(samples: number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => quantile(sorted, share);
  return { median: at(0.5), min: at(0), max: at(1), q1: at(0.25), q3: at(0.75) };
}

/** Every number of a tree rounded, so that JSON shows no digits that were not measured. */
export function rounded<T>(value: T, digits = 4): T {
  if (typeof value === "number") {
    return (Number.isInteger(value) ? value : Number(value.toPrecision(digits))) as T;
  }
  if (Array.isArray(value)) return value.map((member) => rounded(member, digits)) as T;
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).map(([key, member]) => [key, rounded(member, digits)]);
  return Object.fromEntries(members) as T;
}
