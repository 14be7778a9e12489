/** Groups routes by the common beginning of their paths, so that people find them. */

export interface Group<T> {
  /** `/api/flows`. */
  prefix: string;
  rows: T[];
}

/** Larger groups are divided further, where their paths differ. */
const ROWS = 24;
const SEGMENTS = 4;

/**
 * In the order of their first routes; the order of routes stays. Routes that are alone with their
 * segment form one group.
 */
export function grouped<T extends { path: string }>(rows: readonly T[], depth = 1): Group<T>[] {
  const bySegment = new Map<string, T[]>();
  for (const row of rows) {
    const prefix = prefixOf(row.path, depth);
    bySegment.set(prefix, [...(bySegment.get(prefix) ?? []), row]);
  }
  const groups: Group<T>[] = [];
  let alone: Group<T> | undefined;
  for (const [prefix, members] of bySegment) {
    const isLarge = members.length > ROWS || bySegment.size === 1;
    const goesOn = members.some(({ path }) => prefixOf(path, depth + 1) !== prefix);
    if (isLarge && goesOn && depth < SEGMENTS) groups.push(...grouped(members, depth + 1));
    else if (members.length > 1) groups.push({ prefix, rows: members });
    else if (alone) alone.rows.push(...members);
    else {
      alone = { prefix: prefixOf(members[0]!.path, depth - 1), rows: members };
      groups.push(alone);
    }
  }
  return groups;
}

function prefixOf(path: string, depth: number): string {
  const [, ...segments] = path.replace(/[?#].*$/, "").split("/");
  return `/${segments.slice(0, depth).filter(Boolean).join("/")}`;
}
