/** The configuration in the form that decisions use. Made once for each guest, then only read. */
import { ApiKeys } from "../claims/api-key";
import { IdentityHeader } from "../claims/header";
import { ClaimPath } from "../claims/path";
import { RoleSource } from "../claims/roles";
import { Party } from "../claims/audience";
import { Validation } from "../claims/validation";
import { Field } from "../http/request";
import { Algorithm, KeyType } from "../jose/algorithms";
import { Key } from "../jose/key";
import { Rule } from "../policy/rule";
import { Prefilter } from "../policy/prefilter";
import { Vocabulary } from "../policy/vocabulary";
import { Bytes } from "../text/bytes";
import { Audit, LogLevel, Mode, TokenOptions, TopOptions } from "./options";
import { PageSettings } from "./pages";
import { ForwardAuthSettings, LoginSettings, SessionSettings } from "./sign-in";
import { StoreSettings } from "./store-settings";

/** A provider whose tokens are accepted. Its keys never verify another issuer's token. */
@final
export class Issuer {
  clientId: Bytes | null = null;
  audiences: Array<Bytes> = [];
  /** Algorithms that the configuration allows. Empty: all that the keys allow. */
  algorithms: Array<Algorithm> = [];
  /** Keys written in the configuration. */
  keys: Array<Key> = [];
  /** One of them is a secret. */
  hasSecret: bool = false;
  /** Path of a key set that is read again when it changes. */
  jwksFile: Bytes | null = null;
  /** Path of its section in the configuration; empty at the top. */
  path: string = "";
  /** Path of the option that names the file. */
  jwksFileKey: string = "";
  /** They are the keys that mode keys fetches. */
  keysAreFetched: bool = false;
  /** Keys of that file, from its last good version; null: there was none yet. */
  fileKeys: Array<Key> | null = null;
  /** They are too old to be used. */
  fileKeysAreStale: bool = false;
  roles: RoleSource = new RoleSource([], false);
  /** True if `email` counts even when the token does not say that it is verified. */
  emailUnverified: bool = false;
  headers: Array<IdentityHeader> = [];
  /** Their names, packed (text/packed.ts), because each forwarded request reads them. */
  headerNames: Bytes = Bytes.empty();
  /** The claim with the user's name in logs and pages; null: `preferred_username`. */
  userClaim: ClaimPath | null = null;
  /** Tenants of an issuer whose name has a place for them. It is then no token's issuer itself. */
  tenants: Array<Bytes> = [];
  /** One tenant's copy: the configured issuer, which has the keys; and the tenant's id. */
  base: Issuer | null = null;
  tenant: Bytes = Bytes.empty();

  constructor(
    /** Compared with `iss` byte for byte. */
    readonly name: Bytes,
  ) {}

  /** What tokens of that tenant name as their issuer; of any without tenants its own name. */
  nameFor(tenant: Bytes): Bytes {
    const at = this.tenants.length > 0 ? placeOfTenant(this.name) : -1;
    if (at < 0 || tenant.length == 0) return this.name;
    const rest = this.name.rest(at + TENANT_PLACE.length);
    return this.name.slice(0, at).concat(tenant).concat(rest);
  }

  /** Where its metadata is. For several tenants Entra ID has addresses that are no tenant's. */
  get url(): Bytes {
    const all = this.tenants.length > 0 && isListed(PERSONAL, this.tenants);
    return this.nameFor(Bytes.of(all ? "common" : "organizations"));
  }

  /** The same for the tokens of one tenant. */
  forTenant(tenant: Bytes): Issuer {
    const it = new Issuer(this.nameFor(tenant));
    it.base = this;
    it.tenant = tenant;
    it.path = this.path;
    it.clientId = this.clientId;
    it.audiences = this.audiences;
    it.algorithms = this.algorithms;
    it.keys = this.keys;
    it.roles = this.roles;
    it.emailUnverified = this.emailUnverified;
    it.headers = this.headers;
    it.headerNames = this.headerNames;
    it.userClaim = this.userClaim;
    return it;
  }

  /** The configured issuer: itself, or that of its tenant. */
  get configured(): Issuer {
    const base = this.base;
    return base ? base : this;
  }

  get party(): Party {
    return new Party(this.name, this.clientId, this.audiences, this.tenant);
  }

  /**
   * True if a key is for this issuer's tokens. Entra ID's set for all tenants says of each key
   * whose tokens it signs: a key for personal accounts must not sign for an organisation.
   */
  owns(key: Key): bool {
    const base = this.base;
    const issuer = key.issuer;
    if (!base || !issuer) return true;
    return issuer.equals(base.name) || issuer.equals(this.name);
  }

  allows(algorithm: Algorithm): bool {
    // Whoever knows a public key could sign by it: only a secret of our own ever answers for an HS
    // algorithm.
    if (algorithm.keyType == KeyType.Oct && !this.hasSecret) return false;
    return this.algorithms.length == 0 || this.algorithms.includes(algorithm);
  }

  /** True if keys can come from anywhere. */
  get hasKeySource(): bool {
    return this.keys.length > 0 || this.jwksFile !== null;
  }

  /** Path of one of its options in the configuration. */
  pathOf(key: string): string {
    return this.path.length > 0 ? `${this.path}.${key}` : key;
  }

  get hasKeys(): bool {
    return this.keys.length > 0 || this.usableFileKeys !== null;
  }

  get usableFileKeys(): Array<Key> | null {
    const it = this.configured;
    return it.fileKeysAreStale ? null : it.fileKeys;
  }
}

/** Replaces the tenant's id in the name of an issuer, as in Entra ID's own metadata. */
export const TENANT_PLACE = "{tenantid}";
/** The tenant of all personal accounts at Microsoft. */
const PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";

/** Where the tenant's place begins, or -1. */
export function placeOfTenant(name: Bytes): i32 {
  for (let i = 0; i + TENANT_PLACE.length <= name.length; i++) {
    if (name.hasAt(i, TENANT_PLACE)) return i;
  }
  return -1;
}

function isListed(text: string, list: Array<Bytes>): bool {
  for (let i = 0; i < list.length; i++) if (list[i].is(text)) return true;
  return false;
}

/** All settings of a middleware. Text and lists are in the guest's region. */
@final
export class Settings {
  // First those that each request reads: they lie together in memory.
  mode: Mode = TopOptions.MODE;
  /** Null: there are no sessions, so no one can sign in. */
  session: SessionSettings | null = null;
  issuers: Array<Issuer> = [];
  /** Empty: tokens are not looked for in headers. */
  tokenHeader: Bytes = Bytes.of(TokenOptions.HEADER);
  /** Empty: tokens are not read from cookies. */
  tokenCookie: Bytes = Bytes.empty();
  /** Empty: tokens are not read from the query. */
  tokenQuery: Bytes = Bytes.empty();
  forwardAuthorization: bool = false;
  /** Refusals by policy are only reported. */
  reportOnly: bool = false;
  /** Authorization that the upstream gets for an admitted caller. */
  upstreamAuthorization: Bytes | null = null;
  vocabulary: Vocabulary = new Vocabulary();
  rules: Array<Rule> = [];
  prefilter: Prefilter = new Prefilter([]);
  /** The rule that decides when none matches. */
  defaultRule: Rule | null = null;
  audit: Audit = TopOptions.AUDIT;
  logLevel: LogLevel = TopOptions.LOG_LEVEL;
  namesClients: bool = true;

  login: LoginSettings = new LoginSettings();
  forwardAuth: ForwardAuthSettings | null = null;
  /** A writable mount for state that guests share; without a slash at its end. */
  stateDir: Bytes | null = null;
  /** Null: what Traefiks share is in stateDir. */
  store: StoreSettings | null = null;
  /** Seconds for which fetched keys are fresh, and for which they are used without a new fetch. */
  keysRefresh: i64 = 0;
  keysMaxStale: i64 = 0;
  /** Folded names of all headers that only the plugin may set. */
  owned: Array<Bytes> = [];
  webSocketProtocol: bool = false;
  /** API keys of the configuration, and those of the file's last good version. */
  apiKeys: ApiKeys = new ApiKeys();
  fileApiKeys: ApiKeys | null = null;
  apiKeysFile: Bytes | null = null;
  /** Origins that may read Rolegate's own responses, and whose preflights pass. */
  corsOrigins: Array<Bytes> = [];
  validation: Validation = new Validation();
  /** Origins of `publicUrl`, and their hosts. */
  origins: Array<Bytes> = [];
  hosts: Array<Bytes> = [];
  /** The origins are https: either all are, or none is. */
  isSecure: bool = true;
  pages: PageSettings = new PageSettings();
  /** Details about callers in the log: `audit.user` and `audit.client`. */
  auditUser: Bytes = Bytes.empty();
  namesUsers: bool = true;

  get hasApiKeys(): bool {
    return this.apiKeys.list.length > 0 || this.apiKeysFile !== null;
  }

  get readsAuthorization(): bool {
    return this.tokenHeader.isInAnyCase("authorization");
  }

  /** True if an API key may be sent as the password of `Basic`. */
  get readsBasic(): bool {
    return this.hasApiKeys && this.readsAuthorization;
  }

  allowsOrigin(origin: Bytes): bool {
    for (let i = 0; i < this.corsOrigins.length; i++) {
      if (this.corsOrigins[i].equals(origin)) return true;
    }
    return false;
  }

  /** True if a cookie can be a credential; browsers send cookies whichever page asks. */
  get usesCookies(): bool {
    return this.tokenCookie.length > 0 || this.session !== null;
  }

  /** Position of the host's origin, or -1. */
  originOf(host: Bytes): i32 {
    for (let i = 0; i < this.hosts.length; i++) if (this.hosts[i].equals(host)) return i;
    return -1;
  }

  /** True if decisions need the field's value: each value costs a host call. */
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
        // A check without its header might let a request pass that it should refuse.
        return true;
    }
  }
}
