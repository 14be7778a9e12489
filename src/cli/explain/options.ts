/** The options of `rolegate explain`. */

export interface ExplainOptions {
  config: string[];
  middleware?: string;
  method?: string;
  header: string[];
  data?: string;
  token?: string;
  role: string[];
  claim: string[];
  user?: string;
  apiKey?: string;
  issuer?: string;
  jwks?: string;
  trust?: true;
  at?: string;
  mount: string[];
  pluginName?: string;
  curl?: string;
  json?: true;
}
