/** What `init` is about to write: files with what they hold, and what is left for people to do. */

export interface PlannedFile {
  path: string;
  content: string | Buffer;
  mode?: number;
  /** Never shown. */
  secret?: true;
}

export interface Plan {
  files: PlannedFile[];
  /** Shell commands and hints, in their order. */
  next: string[];
}
