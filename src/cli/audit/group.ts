/** Counts similar decisions by the chosen dimensions, in bounded memory however long the log is. */
import { whoOf } from "./filter.ts";
import type { AuditLine } from "./line.ts";
import type { Names } from "./names.ts";
import { patternOf, shownPath, shownText } from "./shown.ts";

export interface Group {
  /** One value for each dimension, fit for display. */
  values: string[];
  count: number;
  allowed: number;
  refused: number;
  reported: number;
  first: string;
  last: string;
  /** The latest of them. */
  sample: AuditLine;
}

const NONE = "-";

/** The dimensions for groups. */
export const DIMENSIONS = {
  user: (line, names) => shownText(whoOf(line, names)),
  roles: ({ roles }) => shownText(roles.join(", ")) || NONE,
  rule: ({ rule }) => (rule === null ? NONE : shownText(rule)),
  reason: ({ reason }) => (reason === "none" ? NONE : shownText(reason)),
  status: ({ status }) => (status === null ? NONE : String(status)),
  decision: ({ decision }) => shownText(decision),
  method: ({ method }) => shownText(method),
  path: ({ path }) => shownPath(path),
  pattern: ({ path }) => patternOf(path),
  issuer: ({ issuer }) => (issuer === null ? NONE : shownText(issuer)),
  middleware: ({ middleware }) => (middleware === null ? NONE : shownText(middleware)),
  day: ({ time }) => shownText(time.slice(0, 10)),
} satisfies Record<string, (line: AuditLine, names: Names) => string>;

export type Dimension = keyof typeof DIMENSIONS;

/** Further groups are counted as one. */
const GROUPS = 20_000;
const OTHERS = "(others)";

export class Groups {
  private readonly groups = new Map<string, Group>();

  constructor(
    readonly dimensions: readonly Dimension[],
    private readonly names: Names,
    private readonly most = GROUPS,
  ) {}

  add(line: AuditLine): void {
    const values = this.dimensions.map((name) => DIMENSIONS[name](line, this.names));
    const key = values.join("\n");
    const group =
      this.groups.get(key) ??
      (this.groups.size < this.most
        ? this.make(key, values, line)
        : (this.groups.get(OTHERS) ??
          this.make(
            OTHERS,
            values.map(() => OTHERS),
            line,
          )));
    group.count++;
    if (line.decision === "report") group.reported++;
    if (line.decision === "deny") group.refused++;
    if (line.decision === "allow") group.allowed++;
    if (line.time < group.first) group.first = line.time;
    if (line.time >= group.last) [group.last, group.sample] = [line.time, line];
  }

  private make(key: string, values: string[], line: AuditLine): Group {
    const made: Group = {
      ...{ values, count: 0, allowed: 0, refused: 0, reported: 0 },
      ...{ first: line.time, last: line.time, sample: line },
    };
    this.groups.set(key, made);
    return made;
  }

  /** The latest first. */
  all(): Group[] {
    return [...this.groups.values()].sort((a, b) =>
      a.last < b.last ? 1 : a.last > b.last ? -1 : 0,
    );
  }
}
