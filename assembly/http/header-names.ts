/** The names of a request's headers, and what each of them is to the configuration. */
import { Bytes } from "../text/bytes";

/** A header whose values are read with each request that has it. */
@unmanaged
@final
export class WantedHeader {
  constructor(
    readonly name: Bytes,
    /** The `Field` that it is, or -1. */
    readonly field: i32,
    /** Its position among the headers that rules ask for, or -1. */
    readonly asked: i32,
  ) {}
}

@final
export class HeaderNames {
  /** As they came, one for each that is present. */
  readonly all: Array<Bytes> = [];
  readonly wanted: Array<WantedHeader> = [];
  /** Those that only the plugin may set, in whatever spelling. */
  readonly owned: Array<Bytes> = [];
  /** How Sec-Fetch-Mode is spelled, when the decision may need it. */
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

/** Of a request whose names are not known yet: one for all. */
export const NO_NAMES: HeaderNames = new HeaderNames(Bytes.empty());
