/** What a finding of `rolegate doctor` is made of, beside its evidence. */
import type { Severity } from "../check/catalogue-table.ts";

export interface FindingKind {
  severity: Severity;
  /** What is wrong. */
  title: string;
  remedy: string;
  /** A page below docs/, and a section. */
  docs: string;
  /** What has to be given for it to be looked for, beside the URL. */
  needs?: string;
  /** Threads in which others ran into it: `owner/repository#number`, of PrefectHQ/prefect the number alone. */
  known?: string[];
}

export const findingKinds = <T extends Record<string, FindingKind>>(
  table: T,
): Record<keyof T, FindingKind> => table;
