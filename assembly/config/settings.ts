/** The configuration in the form that requests are decided by. Made once for each guest, then only read. */
import { IdentityHeader } from "../claims/header";
import { RoleSource } from "../claims/roles";
import { Validation } from "../claims/validate";
import { Field } from "../http/request";
import { Algorithm } from "../jose/algorithms";
import { Key } from "../jose/key";
import { Rule } from "../policy/rule";
import { Vocabulary } from "../policy/vocabulary";
import { Bytes } from "../text/bytes";

/** Which decisions get an audit line. */
export enum Audit {
  Off,
  Denied,
  Writes,
  All,
}

/** From which level on the plugin writes lines. */
export enum LogLevel {
  Debug,
  Info,
  Warn,
  Error,
}

/** One provider whose tokens are accepted. A key of one never verifies another's token. */
@final
export class Issuer {
  clientId: Bytes | null = null;
  audiences: Array<Bytes> = [];
  /** By `Algorithm`: whether the configuration lets it be used. Empty: all that the keys allow. */
  algorithms: Array<Algorithm> = [];
  /** Keys that stand in the configuration. */
  keys: Array<Key> = [];
  /** Path of a key set that is read again when it changes. */
  jwksFile: Bytes | null = null;
  /** Path of that key in the configuration. */
  jwksFileKey: string = "";
  /** Keys out of that file, as it was when it was last good; null: never yet. */
  fileKeys: Array<Key> | null = null;
  roles: RoleSource = new RoleSource([], false);
  headers: Array<IdentityHeader> = [];

  constructor(
    /** Compared with `iss` byte for byte. */
    readonly name: Bytes,
  ) {}

  allows(algorithm: Algorithm): bool {
    return this.algorithms.length == 0 || this.algorithms.includes(algorithm);
  }

  get hasKeys(): bool {
    return this.keys.length > 0 || this.fileKeys !== null;
  }
}

@final
export class Settings {
  issuers: Array<Issuer> = [];
  /** Folded names of all headers that only the plugin may set. */
  owned: Array<Bytes> = [];

  tokenHeader: Bytes = Bytes.of("Authorization");
  /** Empty: tokens are not looked for in cookies. */
  tokenCookie: Bytes = Bytes.empty();
  forwardAuthorization: bool = false;
  validation: Validation = new Validation();
  /** Origins of `publicUrl`, and their hosts. */
  origins: Array<Bytes> = [];
  hosts: Array<Bytes> = [];

  vocabulary: Vocabulary = new Vocabulary();
  rules: Array<Rule> = [];
  /** What decides when no rule matches. */
  defaultRule: Rule | null = null;

  audit: Audit = Audit.Writes;
  logLevel: LogLevel = LogLevel.Info;

  /** Whether decisions need the field's value: each one read is a call to the host. */
  wants(field: Field): bool {
    switch (field) {
      case Field.Token:
      case Field.Connection:
        return true;
      case Field.Host:
        return this.vocabulary.usesHost || this.tokenCookie.length > 0;
      case Field.Upgrade:
        return this.vocabulary.usesUpgrade || this.tokenCookie.length > 0;
      case Field.ContentEncoding:
        return this.vocabulary.usesBody;
      default:
        return this.tokenCookie.length > 0;
    }
  }
}
