/**
 * Sign-in's log, a JSON line for each event: exact where pages are vague, without codes, tokens,
 * secrets or queries.
 */
import { Mode } from "../config/options";
import { Settings } from "../config/settings";
import { hostOfPeer } from "../http/address";
import { Request } from "../http/request";
import { writeRefused, writeTexts, writeUser } from "../identity/log-members";
import { Token } from "../jose/token";
import { Writer } from "../json/writer";
import { LOG_TEXT_BYTES } from "../limits";
import { nameOf, Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { cut } from "../text/utf8";

@final
export class EventLog {
  readonly lines: Array<Bytes> = [];
  /** 1 for each line that is a warning, else 0. */
  readonly warnings: Array<i32> = [];
  /** A token named an unknown key, so the keys should be fetched again. */
  keysAreStale: bool = false;
  /** The user of the following lines; empty: unknown. */
  private subject: Bytes = Bytes.empty();
  private user: Bytes = Bytes.empty();

  constructor(
    private request: Request,
    private settings: Settings,
  ) {}

  get requestId(): Bytes {
    return this.request.id;
  }

  /** `user`: what people call the subject; may be empty. */
  about(subject: Bytes, user: Bytes = Bytes.empty()): void {
    this.subject = subject;
    this.user = user;
  }

  /**
   * A normal event. `roles` of the configuration, and what the provider calls them; null: not
   * known.
   */
  note(
    event: string,
    roles: Array<Bytes> | null = null,
    providerRoles: Array<Bytes> | null = null,
  ): void {
    const writer = this.begin(event);
    if (roles) writeTexts(writer, "roles", roles);
    if (providerRoles) writeTexts(writer, "providerRoles", providerRoles);
    this.end(writer, false);
  }

  /** Something that may be intended, and is good to know. */
  tell(event: string, message: string): void {
    this.end(this.begin(event).text("message", message), false);
  }

  /** A failure. `message` is Rolegate's. */
  warn(event: string, message: string): void {
    this.warnWith(event, message, Bytes.empty(), Reason.None, null);
  }

  /**
   * A failure. `detail` may be the provider's. `reason`: why `token` was refused, which was to be
   * from the issuer of sign-in.
   */
  warnWith(
    event: string,
    message: string,
    detail: Bytes,
    reason: Reason,
    token: Token | null,
  ): void {
    const writer = this.begin(event).text("message", message);
    if (reason != Reason.None) writer.text("reason", nameOf(reason));
    if (detail.length > 0) writer.bytes("detail", cut(detail, DETAIL));
    const settings = this.settings;
    if (token) {
      writeRefused(writer, token, reason, settings, settings.issuers[settings.login.issuer]);
    }
    this.end(writer, true);
  }

  private begin(event: string): Writer {
    const settings = this.settings;
    const writer = new Writer().open().text("rolegate", "login");
    writer.bytes("request", this.requestId).text("event", event);
    const peer: Bytes | null = this.request.peer;
    // There it is Traefik itself.
    const isClock = settings.mode == Mode.Keys || settings.mode == Mode.Store;
    const client = peer && settings.namesClients && !isClock ? hostOfPeer(peer) : null;
    if (client) writer.bytes("client", cut(client, LOG_TEXT_BYTES));
    if (this.subject.length > 0) {
      writeUser(writer, this.subject, this.user, settings);
      writer.bytes("subject", this.subject);
    }
    return writer;
  }

  private end(writer: Writer, isWarning: bool): void {
    this.lines.push(writer.close().done());
    this.warnings.push(isWarning ? 1 : 0);
  }
}

/** Bytes of a provider's text that are logged. */
const DETAIL = 200;
