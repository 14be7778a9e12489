/**
 * Reports a long step: its name, and how long it has taken so far, so that it does not look stuck.
 */

export type Report = (line: string) => void;

/** Between two signs of life. Milliseconds. */
const EVERY = 10_000;

/** Says at once what is done now. */
export function step<T>(what: string, report: Report, work: () => Promise<T>): Promise<T> {
  report(`${what} …`);
  return withSignsOfLife(what, report, work);
}

/** Under way now; of one within another, the inner one says more. */
const underWay: string[] = [];

/** Says something only if it takes longer. */
export async function withSignsOfLife<T>(
  what: string,
  report: Report,
  work: () => Promise<T>,
): Promise<T> {
  const began = Date.now();
  const sign = () => {
    const seconds = Math.round((Date.now() - began) / 1000);
    if (underWay.at(-1) === what) report(`  ${what}: ${seconds} s so far`);
  };
  underWay.push(what);
  const timer = setInterval(sign, EVERY);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    underWay.splice(underWay.lastIndexOf(what), 1);
  }
}
