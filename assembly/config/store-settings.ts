/** Settings of `store`. */
import { Bytes } from "../text/bytes";
import { StoreKind } from "./options";
import { fileOf } from "./state-names";

@final
export class StoreSettings {
  constructor(
    readonly kind: StoreKind,
    /** Ends with a slash. */
    readonly prefix: Bytes,
    /** Null: the engine asks for no user. */
    readonly username: Bytes | null,
    /** etcd's password, or Consul's token. Null also in modes that do not use it. */
    readonly password: Bytes | null,
  ) {}

  /** The file that is written whenever the engine has been read. */
  get readFile(): Bytes {
    return this.file("store-read");
  }

  /** Name of a file below stateDir: crons of several engines may share one. */
  file(kind: string): Bytes {
    return Bytes.of(fileOf(kind, this.prefix));
  }
}
