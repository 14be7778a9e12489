/** The beginning and end of a period. Days are those of the log's clock, which is UTC. */
import { CliError } from "../failure.ts";

const DAY = 86_400_000;
const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY };

/**
 * `yesterday`, `today`, `now`, `90m`, `2h`, `7d`, `2026-11-24`, `2026-11-24T08:00:00Z`, in the
 * log's form.
 */
export function momentOf(text: string, now = Date.now()): string {
  const today = now - (now % DAY);
  const words: Record<string, number> = { now, today, yesterday: today - DAY };
  const ago = /^(\d{1,5})([smhdw])$/.exec(text);
  const isDate = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?$/.test(
    text,
  );
  const hasZone = /T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) || !/[T ]/.test(text);
  const time = Object.hasOwn(words, text)
    ? words[text]!
    : ago
      ? now - Number(ago[1]) * UNITS[ago[2]!]!
      : isDate
        ? Date.parse(hasZone ? text : `${text.replace(" ", "T")}Z`)
        : Number.NaN;
  if (Number.isNaN(time)) {
    throw new CliError(
      "time_invalid",
      `${text} is no time`,
      "write yesterday, today, 2h, 7d, 2026-11-24 or 2026-11-24T08:00:00Z",
    );
  }
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
