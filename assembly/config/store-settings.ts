/** Settings of `store`. */
import { Bytes } from "../text/bytes";
import { StoreKind } from "./options";
import { fileOf } from "./state-names";

@final
export class StoreSettings {
  /** Name, below stateDir, of the file that is written whenever the engine has been read. */
  readonly readFile: Bytes;

  constructor(
    readonly kind: StoreKind,
    /** Ends with a slash. */
    readonly prefix: Bytes,
    /** Null: the engine asks for no user. */
    readonly username: Bytes | null,
    /** Null also in modes that do not use it. */
    readonly password: Bytes | null,
  ) {
    this.readFile = nameOf("store-read", prefix);
  }

  /** Name of a file below stateDir: crons of several engines may share one. */
  file(kind: string): Bytes {
    return nameOf(kind, this.prefix);
  }
}

function nameOf(kind: string, prefix: Bytes): Bytes {
  return Bytes.of(fileOf(kind, prefix));
}
