/** What `rolegate audit` is asked, as the command line says it. */

export interface AuditOptions {
  user: string[];
  role: string[];
  rule: string[];
  reason: string[];
  method: string[];
  path: string[];
  request: string[];
  middleware?: string;
  since?: string;
  until?: string;
  denied?: true;
  allowed?: true;
  reported?: true;
  by?: string[];
  unused?: true;
  suggest?: true;
  config: string[];
  names?: string;
  limit: number;
  format: "table" | "json" | "csv";
  mount: string[];
  pluginName?: string;
}
