/** Versions of Prefect's servers and clients: three numbers, and any suffix. */

export type Version = readonly [number, number, number];

export function versionIn(text: string): Version | null {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

/** False when the text has no version. */
export function isBefore(text: string, least: Version): boolean {
  const version = versionIn(text);
  return version !== null && compare(version, least) < 0;
}

export function compare(a: Version, b: Version): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
