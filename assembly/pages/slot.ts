/** Bytes below 32 that stand in a packed text where something is put in, or that say what is left out. */
export enum Slot {
  User = 1,
  Error,
  RequestId,
  Link,
  Other,
  /** What follows up to End is there only when the slot that the next byte names is filled. */
  Section,
  End,
  /** In the frame: the page's first line. Those that follow are its other lines. */
  Line = 16,
  /** No slot any more. */
  Literal = 32,
}

/** Between the lines of a page, of the list of headers and of the list of errors. */
export const LINE_END: u8 = 10;
