/** The files that `init` will write, with their content, and the remaining steps for people. */

export interface PlannedFile {
  path: string;
  content: string | Buffer;
  mode?: number;
  /** Never shown. */
  secret?: true;
}

export interface Plan {
  files: PlannedFile[];
  /** Shell commands and hints, in order. */
  next: string[];
}
