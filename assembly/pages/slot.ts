/** Bytes below 32 in a text of the pages: values are put in there, or they say what is left out. */
export enum Slot {
  None,
  // Texts:
  User,
  Roles,
  Error,
  RequestId,
  Time,
  Host,
  Name,
  /** A data URL. */
  Logo,
  /** A style sheet, and its hash as the policy has it. */
  Colors,
  /** LINE_END: not a slot. */
  _LineEnd,
  ColorsHash,
  // Addresses: the first link, another one, and sign-in with another account.
  Link,
  Other,
  Account,
  /** An address of the configuration. */
  Contact,
  // Not values:
  /** The text up to End is there only when the slot that the next byte names is filled. */
  Section,
  End,
  /** The next byte, less WORD, is the number of a line of the language. */
  Word,
  /** The same of a part of the page. */
  Part,
  PartEnd,
  /** Bytes from here on are no slots. */
  Literal = 32,
}

/** How many slots there are for values. */
export const SLOTS = Slot.Contact + 1;

/** Between the lines of a block. */
export const LINE_END: u8 = 10;

/** The number 0 behind a slot: numbers are no slots. */
export const WORD = 32;
