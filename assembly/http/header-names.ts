/**
 * Names of a request's headers, and their meaning to the configuration: chains, so that what a
 * request reads of them lies together.
 */
import { Bytes } from "../text/bytes";

// All begin like a view (text/bytes.ts) and are one, so a request reads no other object for it.

/** A header whose values are read with each request that has it. */
@unmanaged
@final
export class WantedHeader {
  constructor(
    readonly start: usize,
    readonly length: i32,
    /** Its `Field`, or NO_FIELD. */
    readonly field: i32,
    /** Its position among the headers that rules ask for, or -1. */
    readonly asked: i32,
    readonly next: WantedHeader | null,
  ) {}

  @inline get name(): Bytes {
    return changetype<Bytes>(this);
  }
}

/** A header that only the plugin may set, in any spelling. */
@unmanaged
@final
export class OwnedHeader {
  constructor(
    readonly start: usize,
    readonly length: i32,
    readonly next: OwnedHeader | null,
  ) {}

  @inline get name(): Bytes {
    return changetype<Bytes>(this);
  }
}

@unmanaged
@final
export class HeaderNames {
  private start: usize;
  private length: i32;
  wanted: WantedHeader | null = null;
  owned: OwnedHeader | null = null;
  /** The spelling of Sec-Fetch-Mode, when the decision may need it. */
  fetchMode: Bytes | null = null;

  constructor(text: Bytes) {
    this.start = text.start;
    this.length = text.length;
  }

  /** Each name followed by a NUL, as the host gives them. */
  @inline get text(): Bytes {
    return changetype<Bytes>(this);
  }

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
