/** The parts of a finding of `rolegate doctor`, besides its evidence. */
import type { Severity } from "../check/catalogue-table.ts";

export interface FindingKind {
  severity: Severity;
  /** The fault. */
  title: string;
  remedy: string;
  /** A page below docs/, and a section. */
  docs: string;
  /** The option that must be given to look for it, besides the URL. */
  needs?: string;
  /**
   * Threads about the same fault: `owner/repository#number`, for PrefectHQ/prefect only the number.
   */
  known?: string[];
}

export const findingKinds = <T extends Record<string, FindingKind>>(
  table: T,
): Record<keyof T, FindingKind> => table;
