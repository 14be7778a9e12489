/** Names of a request's headers, and their meaning to the configuration. */
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
  ) {}
}

@final
export class HeaderNames {
  /** Names as received, one for each header that is present. */
  readonly all: Array<Bytes> = [];
  readonly wanted: Array<WantedHeader> = [];
  /** Headers that only the plugin may set, in any spelling. */
  readonly owned: Array<Bytes> = [];
  /** The spelling of Sec-Fetch-Mode, when the decision may need it. */
  fetchMode: Bytes | null = null;

  constructor(
    /** Each name followed by a NUL, as the host gives them. */
    readonly text: Bytes,
  ) {
    let from = 0;
    for (let to = 0; (to = text.indexOf(0, from)) >= 0; from = to + 1) {
      this.all.push(text.slice(from, to));
    }
  }
}

/** Shared by requests whose names are not known yet. */
export const NO_NAMES: HeaderNames = new HeaderNames(Bytes.empty());
