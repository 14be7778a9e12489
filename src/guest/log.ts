/** Lines that the guest writes to Traefik's log. */

export type Level = "debug" | "info" | "warn" | "error";

export interface LogLine {
  level: Level;
  message: string;
  /** The line's JSON object; the guest itself writes only such lines. */
  data: Record<string, unknown> | null;
}

const LEVELS: readonly Level[] = ["debug", "info", "warn", "error"];

/** `level` as the ABI numbers it: -1 debug to 2 error. */
export function parseLine(level: number, message: string): LogLine {
  return { level: LEVELS[level + 1] ?? "error", message, data: parseObject(message) };
}

function parseObject(text: string): Record<string, unknown> | null {
  if (!text.startsWith("{")) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
