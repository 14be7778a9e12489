/** How the values of options are read. */
import { CliError } from "../failure.ts";

/** For an option that may be repeated. */
export function collect(value: string, list: string[] = []): string[] {
  return [...list, value];
}

/** Milliseconds since the epoch. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(time)) {
    throw new CliError(
      "time_invalid",
      `${text} is no time`,
      "write 2026-11-24T08:00:00Z, or seconds since 1970",
    );
  }
  return time;
}
