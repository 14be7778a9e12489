/** The options of `rolegate audit`, as the command line has them. */

import type { Wanted } from "./filter.ts";

type Chosen = "user" | "role" | "rule" | "reason" | "method" | "path" | "request";

export interface AuditOptions extends Pick<Wanted, Chosen> {
  middleware?: string;
  since?: string;
  until?: string;
  denied?: true;
  allowed?: true;
  reported?: true;
  by?: string[];
  why?: true;
  metrics?: true;
  output?: string;
  /** Seconds. */
  every: number;
  unused?: true;
  suggest?: true;
  config: string[];
  names?: string;
  limit: number;
  format: "table" | "json" | "csv";
  mount: string[];
  pluginName?: string;
}
