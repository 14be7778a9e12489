/** The configuration in the form that requests are decided by. Made once for each guest, then only read. */
import { ApiKeys } from "../claims/api-key";
import { IdentityHeader } from "../claims/header";
import { RoleSource } from "../claims/roles";
import { Party } from "../claims/audience";
import { Validation } from "../claims/validation";
import { Field } from "../http/request";
import { Algorithm } from "../jose/algorithms";
import { Key } from "../jose/key";
import { Rule } from "../policy/rule";
import { Screen } from "../policy/screen";
import { Vocabulary } from "../policy/vocabulary";
import { Bytes } from "../text/bytes";
import { Audit, LogLevel, Mode, TokenOptions, TopOptions } from "./options";
import { ForwardAuthSettings, LoginSettings, SessionSettings } from "./sign-in";

/** One provider whose tokens are accepted. A key of one never verifies another's token. */
@final
export class Issuer {
  clientId: Bytes | null = null;
  audiences: Array<Bytes> = [];
  /** That the configuration lets be used. Empty: all that the keys allow. */
  algorithms: Array<Algorithm> = [];
  /** Keys that stand in the configuration. */
  keys: Array<Key> = [];
  /** Path of a key set that is read again when it changes. */
  jwksFile: Bytes | null = null;
  /** Of its section in the configuration; empty at the top. */
  path: string = "";
  /** Path of what names the file in the configuration. */
  jwksFileKey: string = "";
  /** They are those that mode keys fetches. */
  keysAreFetched: bool = false;
  /** Keys out of that file, as it was when it was last good; null: never yet. */
  fileKeys: Array<Key> | null = null;
  /** They are too old to be believed. */
  fileKeysAreStale: bool = false;
  roles: RoleSource = new RoleSource([], false);
  /** Whether its `email` counts although it does not say that it was verified. */
  emailUnverified: bool = false;
  headers: Array<IdentityHeader> = [];

  constructor(
    /** Compared with `iss` byte for byte. */
    readonly name: Bytes,
  ) {}

  get party(): Party {
    return new Party(this.name, this.clientId, this.audiences);
  }

  allows(algorithm: Algorithm): bool {
    return this.algorithms.length == 0 || this.algorithms.includes(algorithm);
  }

  /** Whether there is anywhere that keys could come from. */
  get hasKeySource(): bool {
    return this.keys.length > 0 || this.jwksFile !== null;
  }

  /** Of one of its keys in the configuration. */
  pathOf(key: string): string {
    return this.path.length > 0 ? `${this.path}.${key}` : key;
  }

  get hasKeys(): bool {
    return this.keys.length > 0 || this.usableFileKeys !== null;
  }

  get usableFileKeys(): Array<Key> | null {
    return this.fileKeysAreStale ? null : this.fileKeys;
  }
}

@final
export class Settings {
  mode: Mode = TopOptions.MODE;
  /** Null: no sessions, and nobody is signed in. */
  session: SessionSettings | null = null;
  login: LoginSettings = new LoginSettings();
  forwardAuth: ForwardAuthSettings | null = null;
  /** A writable mount for what guests share; without a slash at its end. */
  stateDir: Bytes | null = null;
  /** Seconds that fetched keys are fresh, and how long they are used without a good answer. */
  keysRefresh: i64 = 0;
  keysMaxStale: i64 = 0;
  issuers: Array<Issuer> = [];
  /** Folded names of all headers that only the plugin may set. */
  owned: Array<Bytes> = [];

  tokenHeader: Bytes = Bytes.of(TokenOptions.HEADER);
  /** Empty: tokens are not looked for in cookies. */
  tokenCookie: Bytes = Bytes.empty();
  /** Empty: not in the query. */
  tokenQuery: Bytes = Bytes.empty();
  webSocketProtocol: bool = false;
  forwardAuthorization: bool = false;
  /** API keys that stand in the configuration, and those of the file as it was when it was last good. */
  apiKeys: ApiKeys = new ApiKeys();
  fileApiKeys: ApiKeys | null = null;
  apiKeysFile: Bytes | null = null;
  /** What the upstream gets as Authorization for a caller who may. */
  upstreamAuthorization: Bytes | null = null;
  /** Origins that may read our answers and whose preflights pass. */
  corsOrigins: Array<Bytes> = [];
  /** What would be refused is only said. */
  reportOnly: bool = false;
  validation: Validation = new Validation();
  /** Origins of `publicUrl`, and their hosts. */
  origins: Array<Bytes> = [];
  hosts: Array<Bytes> = [];
  /** They are https, as all of them are or none. */
  isSecure: bool = true;

  vocabulary: Vocabulary = new Vocabulary();
  rules: Array<Rule> = [];
  screen: Screen = new Screen([]);
  /** What decides when no rule matches. */
  defaultRule: Rule | null = null;

  audit: Audit = TopOptions.AUDIT;
  logLevel: LogLevel = TopOptions.LOG_LEVEL;

  get hasApiKeys(): bool {
    return this.apiKeys.list.length > 0 || this.apiKeysFile !== null;
  }

  /** An API key may come as the password of `Basic`. */
  get readsBasic(): bool {
    return this.hasApiKeys && this.tokenHeader.isInAnyCase("authorization");
  }

  allowsOrigin(origin: Bytes): bool {
    for (let i = 0; i < this.corsOrigins.length; i++) {
      if (this.corsOrigins[i].equals(origin)) return true;
    }
    return false;
  }

  /** Browsers send cookies along whichever page asks. */
  get usesCookies(): bool {
    return this.tokenCookie.length > 0 || this.session !== null;
  }

  /** Position of the origin of that host, or -1. */
  originOf(host: Bytes): i32 {
    for (let i = 0; i < this.hosts.length; i++) if (this.hosts[i].equals(host)) return i;
    return -1;
  }

  /** Whether decisions need the field's value: each one read is a call to the host. */
  wants(field: Field): bool {
    switch (field) {
      case Field.Token:
      case Field.Connection:
      case Field.RequestId:
      case Field.Upgrade:
        return true;
      case Field.WebSocketProtocol:
        return this.webSocketProtocol;
      case Field.RequestMethod:
        return this.corsOrigins.length > 0;
      case Field.FetchSite:
      case Field.FetchMode:
        return this.usesCookies || this.hasApiKeys;
      case Field.Origin:
        return this.usesCookies || this.hasApiKeys || this.corsOrigins.length > 0;
      case Field.Host:
        return this.vocabulary.usesHost || this.usesCookies;
      case Field.ContentEncoding:
        return this.vocabulary.usesBody;
      case Field.Cookie:
      case Field.FetchDest:
      case Field.Accept:
      case Field.AcceptLanguage:
      case Field.ContentType:
      case Field.Purpose:
      case Field.ServiceWorker:
        return this.usesCookies;
      case Field.UserAgent:
        return this.readsBasic;
      default:
        // A check that misses its header may let pass what it should not.
        return true;
    }
  }
}
