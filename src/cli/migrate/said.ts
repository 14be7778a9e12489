/**
 * What became of an option that was read. There are only these three: every reader returns one of
 * them, and what a reader cannot express is denied. So a result never admits more than its
 * original.
 */
export type Said =
  /**
   * The same requests of the same callers; or it never affected access. `note`: information for
   * people.
   */
  | { how: "exactly"; note?: string }
  /** Some of them are refused now. */
  | { how: "strictly"; why: string }
  /** All of them are refused, until the rule is written by hand. */
  | { how: "denied"; why: string };

export const exactly = (note?: string | undefined): Said =>
  note === undefined ? { how: "exactly" } : { how: "exactly", note };
export const strictly = (why: string): Said => ({ how: "strictly", why });
export const denied = (why: string): Said => ({ how: "denied", why });

export interface Entry {
  /** The option, as written. */
  what: string;
  said: Said;
}
