/** An option: what a row of config/options.yaml says about each of its paths. */

export type Value = string | number | boolean | string[];

export interface Option {
  /** As in a configuration: `session.maxAge`, `rules[].name`. */
  path: string;
  /** Path of the map that contains it; empty at the top. */
  section: string;
  /** Its name there. */
  name: string;
  /** A row of types.ts. */
  type: string;
  /** Name of the list of its words. */
  words: string | undefined;
  least: number;
  /** Infinite: there is no bound. */
  most: number;
  /** The limit's name, when `most` is one of assembly/limits.ts. */
  limit: string | undefined;
  empty: boolean | undefined;
  /** As written. */
  default: Value | undefined;
  absent: string | undefined;
  modes: string[] | undefined;
  issuers: "each" | "inherit" | undefined;
  identity: boolean;
}
