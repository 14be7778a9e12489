/** The plugin's audit lines for people: one short line for each request. */

type Guest = Record<string, unknown>;

/** Whatever the line says came from a client: nothing of it may steer the terminal. */
const shown = (value: unknown) => String(value ?? "").replace(/[^\x20-\x7e]/g, "?");

/**
 * `10:40:41 403 GET /api/runs alice (viewer) rule_not_satisfied`, or null for a line of another
 * kind.
 */
export function decisionLine(line: Guest): string | null {
  if (line.rolegate !== "audit") return null;
  const allowed = line.decision === "allow";
  const roles =
    Array.isArray(line.roles) && line.roles.length > 0 ? ` (${line.roles.join(", ")})` : "";
  const parts = [
    String(line.time ?? "").slice(11, 19),
    allowed ? "ok " : line.status,
    `${line.method} ${line.path ?? ""}`,
    line.subject === undefined ? "" : `${line.user ?? line.subject}${roles}`,
    allowed ? "" : line.reason,
  ];
  return parts.map(shown).filter(Boolean).join("  ");
}
