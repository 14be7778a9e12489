/** Bytes below 32 in a packed text: values are put in there, or they say what is left out. */
export enum Slot {
  User = 1,
  Error,
  RequestId,
  Link,
  Other,
  /** The text up to End is there only when the slot that the next byte names is filled. */
  Section,
  End,
  /** In the frame: the page's first line. The following bytes are its other lines. */
  Line = 16,
  /** Bytes from here on are no slots. */
  Literal = 32,
}

/** Between the lines of a page, of the list of headers and of the list of errors. */
export const LINE_END: u8 = 10;
