/** Reads the values of options, and defines the options that several commands share. */
import { Option } from "commander";
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

const UNITS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

/** `30`, `30s`, `5m`, `1h`, like the plugin's own durations. */
export function secondsOf(text: string): number {
  const match = /^(\d{1,7})([smhd]?)$/.exec(text);
  const seconds = match ? Number(match[1]) * UNITS[match[2]!]! : 0;
  if (seconds > 0) return seconds;
  throw new CliError("time_invalid", `${text} is no duration`, "write 30s, 5m or 1h");
}

/** The folders with the files that a middleware's configuration names. */
export const mountOption = () =>
  new Option("--mount <host:guest>", "a folder as the plugin sees it; may be repeated")
    .argParser(collect)
    .default([]);

export const pluginNameOption = () =>
  new Option("--plugin-name <name>", "the plugin's name in the static configuration");
