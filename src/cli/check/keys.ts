/**
 * The plugin's findings at its start about key files, except files in folders that were made up.
 */
import type { LogLine } from "../../guest/log.ts";
import { type Gate, qualified } from "../source/model.ts";
import { scalars, valueAt } from "../source/tree.ts";
import type { CATALOGUE } from "./catalogue-table.ts";
import { finding, type Finding } from "./finding.ts";

/** docs/log.md lists the events. */
const CODES: Record<string, keyof typeof CATALOGUE> = {
  missing: "keys_missing",
  unreadable: "keys_refused",
  refused: "keys_refused",
  skipped: "keys_skipped",
  stale: "keys_stale",
};

export function keyFileFindings(
  gate: Gate,
  logs: readonly LogLine[],
  isMade: (path: string) => boolean,
): Finding[] {
  return logs.flatMap(({ data }) => {
    if (data?.rolegate !== "keys") return [];
    const { event, file, message } = data as { event: string; file: string; message: string };
    const code = CODES[event];
    if (!code || isMade(file)) return [];
    const named = [...scalars(gate.body)].find(({ scalar }) => scalar.text === file);
    // A file in stateDir is fetched when Traefik runs.
    if (!named && code === "keys_missing") return [];
    const place = named?.scalar.place ?? valueAt(gate.body, "stateDir")?.place ?? gate.place;
    const about = { middleware: qualified(gate), path: named?.path ?? "stateDir" };
    return [finding(code, `${file}: ${message}`, place, about)];
  });
}
