/**
 * Names of a request's headers, and their meaning to the configuration: chains, so that what a
 * request reads of them lies together.
 */
import { Bytes } from "../text/bytes";

/** A header whose values are read with each request that has it. */
@unmanaged
@final
export class WantedHeader {
  constructor(
    readonly name: Bytes,
    /** Its `Field`, or -1. */
    readonly field: i32,
    /** Its position among the headers that rules ask for, or -1. */
    readonly asked: i32,
    readonly next: WantedHeader | null,
  ) {}
}

/** A header that only the plugin may set, in any spelling. */
@unmanaged
@final
export class OwnedHeader {
  constructor(
    readonly name: Bytes,
    readonly next: OwnedHeader | null,
  ) {}
}

@unmanaged
@final
export class HeaderNames {
  wanted: WantedHeader | null = null;
  owned: OwnedHeader | null = null;
  /** The spelling of Sec-Fetch-Mode, when the decision may need it. */
  fetchMode: Bytes | null = null;

  constructor(
    /** Each name followed by a NUL, as the host gives them. */
    readonly text: Bytes,
  ) {}

  /** Names as received, one for each header that is present. */
  get all(): Array<Bytes> {
    const text = this.text;
    const all: Array<Bytes> = [];
    let from = 0;
    for (let to = 0; (to = text.indexOf(0, from)) >= 0; from = to + 1) {
      all.push(text.slice(from, to));
    }
    return all;
  }
}

/** Shared by requests whose names are not known yet. */
export const NO_NAMES: HeaderNames = new HeaderNames(Bytes.empty());
