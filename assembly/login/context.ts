/**
 * The data of a handler: the request to one of the configured origins, the configuration, and what
 * guests share.
 */
import { TokenKind, validate } from "../claims/validate";
import { Issuer, Settings } from "../config/settings";
import { SameSite } from "../config/options";
import { LoginSettings, SessionSettings } from "../config/sign-in";
import { Parameters } from "../http/query";
import { Field, Request } from "../http/request";
import { indexOf } from "../identity/verify";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { mark, release } from "../runtime/arena";
import { Attributes } from "../session/cookies";
import { KeyRing } from "../session/keys";
import { Generator } from "../session/random";
import { Revocations } from "../session/revocation";
import { Session } from "../session/session";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { EventLog } from "./event-log";
import { KeyFetcher } from "./fetch-keys";
import { SharedRecord, SharedStore } from "./store";

/**
 * One request to the relying party, with everything that a handler may use. It belongs to the
 * request's region.
 */
@final
export class Context {
  constructor(
    readonly settings: Settings,
    readonly request: Request,
    /** With its question mark; may be empty. */
    readonly query: Bytes,
    /** Position of the request's origin in `publicUrl`. */
    readonly originIndex: i32,
    readonly ring: KeyRing,
    readonly generator: Generator,
    /** Null without stateDir. */
    readonly stateDirectory: State | null,
    private revocations: Revocations,
    readonly readBody: (limit: i32) => Bytes | null,
    /** Since 1970. */
    readonly nanoseconds: i64,
    /** SHA-256 of the whole request, headers included. */
    readonly digest: Bytes,
    readonly log: EventLog,
    /** Null if nothing here may fetch keys. */
    readonly keyFetcher: KeyFetcher | null,
    /** Null without `store`. */
    readonly shared: SharedStore | null,
  ) {}

  /** The revocation that this request has written to stateDir, and when it ends. */
  revoked: SharedRecord | null = null;
  revokedUntil: i64 = 0;

  get login(): LoginSettings {
    return this.settings.login;
  }

  get sessionSettings(): SessionSettings {
    return this.settings.session!;
  }

  get issuer(): Issuer {
    return this.settings.issuers[this.settings.login.issuer];
  }

  get clientId(): Bytes {
    return this.issuer.clientId!;
  }

  /**
   * The issuer that a token names: the configured one, whose name `check` compares, or that of its
   * tenant. Null: it names no tenant that is allowed.
   */
  issuerOf(payload: Json): Issuer | null {
    const configured = this.issuer;
    if (configured.tenants.length == 0) return configured;
    const iss = payload.stringOf("iss");
    return iss ? this.issuerNamed(iss) : null;
  }

  /** The configured issuer, or its tenant, of that name. */
  issuerNamed(name: Bytes): Issuer | null {
    const issuers = this.settings.issuers;
    const index = indexOf(name, issuers);
    return index >= 0 && issuers[index].configured === this.issuer ? issuers[index] : null;
  }

  /** The issuer of a session's tokens. */
  issuerNameOf(session: Session): Bytes {
    return this.issuer.nameFor(session.tenant);
  }

  /** Checks the claims of a token of that issuer, whose signature is verified. */
  check(kind: TokenKind, token: Token, issuer: Issuer): Reason {
    const rules = this.settings.validation;
    const party = issuer.party;
    return validate(kind, token.payload!, token.isAccessType, party, rules, this.now).reason;
  }

  /** Seconds since 1970. */
  get now(): i64 {
    return this.nanoseconds / 1_000_000_000;
  }

  /** For example `https://app.example.com`. */
  get publicOrigin(): Bytes {
    return this.settings.origins[this.originIndex];
  }

  get cookies(): Bytes | null {
    return this.request.get(Field.Cookie);
  }

  /** The path of a route, such as `/oidc/callback`. */
  pathOf(route: string): Bytes {
    return Bytes.of(`${this.login.path.toString()}/${route}`);
  }

  urlOf(route: string): Bytes {
    return this.publicOrigin.concat(this.pathOf(route));
  }

  /** 32 bytes, unpredictable without the session secret. */
  unpredictable(label: string): Bytes {
    const peer = this.request.peer || Bytes.empty();
    return this.generator.next(label, this.nanoseconds, peer, this.digest);
  }

  /** A parameter's value; null when it is missing, empty, malformed or repeated. */
  parameter(name: string): Bytes | null {
    let found: Bytes | null = null;
    const parameters = new Parameters(this.query);
    // A query may have thousands of parameters.
    for (let before = mark(); parameters.next(); before = mark()) {
      if (!parameters.name.is(name)) {
        release(before);
        continue;
      }
      if (found || parameters.broken) return null;
      found = parameters.value;
    }
    return found && found.length > 0 ? found : null;
  }

  /**
   * True if the session was revoked, or if revocations cannot be read, unless the configuration
   * permits that.
   */
  isRevoked(session: Session): bool {
    const revocations = this.revocations;
    const isSure = !revocations.mayLack(session.signedIn, this.now);
    if (!isSure && !this.sessionSettings.passUnreadable) return true;
    return revocations.ends(session, this.issuerNameOf(session));
  }

  /** True if a parameter is there, even when empty or repeated. */
  has(name: string): bool {
    const parameters = new Parameters(this.query);
    for (let before = mark(); parameters.next(); before = mark()) {
      if (parameters.name.is(name)) return true;
      release(before);
    }
    return false;
  }

  get sessionAttributes(): Attributes {
    const session = this.sessionSettings;
    return new Attributes(
      Bytes.of("/"),
      session.domain,
      this.settings.isSecure,
      attributeOf(session.sameSite),
      // The browser may keep the cookie as long as the session can be refreshed; the sealed times
      // decide.
      session.maxAge,
    );
  }

  get refreshAttributes(): Attributes {
    return this.laxAttributes(this.login.path, this.sessionSettings.maxAge);
  }

  /**
   * Attributes of host-only cookies with SameSite=Lax: transactions, the loop counter, the pause
   * between refreshes.
   */
  laxAttributes(path: Bytes, maxAge: i64): Attributes {
    return new Attributes(
      path,
      Bytes.empty(),
      this.settings.isSecure,
      attributeOf(SameSite.Lax),
      maxAge,
    );
  }

  get isStrict(): bool {
    return this.sessionSettings.sameSite == SameSite.Strict;
  }
}

/** The attribute's value, RFC 6265bis §4.1.2.7. */
function attributeOf(sameSite: SameSite): string {
  switch (sameSite) {
    case SameSite.Lax:
      return "Lax";
    case SameSite.Strict:
      return "Strict";
    case SameSite.None:
      return "None";
    default:
      return "";
  }
}
