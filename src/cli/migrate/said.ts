/**
 * What became of one thing that was read. There is no fourth: whoever reads something returns one of these, and what a
 * reader has no words for is denied. So a result never lets in more than what it was made from.
 */
export type Said =
  /** The same requests of the same callers; or it never had a part in who may. `note`: what people should know. */
  | { how: "exactly"; note?: string }
  /** Some of them are refused now. */
  | { how: "strictly"; why: string }
  /** All of them are, until somebody writes the rule. */
  | { how: "denied"; why: string };

export const exactly = (note?: string | undefined): Said =>
  note === undefined ? { how: "exactly" } : { how: "exactly", note };
export const strictly = (why: string): Said => ({ how: "strictly", why });
export const denied = (why: string): Said => ({ how: "denied", why });

export interface Entry {
  /** The thing, as it was written. */
  what: string;
  said: Said;
}
