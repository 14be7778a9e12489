/** The audit log: one JSON line for each decision. It holds no secret, no token and no query. */
import { Identity } from "../claims/identity";
import { Audit } from "../config/options";
import { Settings } from "../config/settings";
import { hostOfPeer } from "../http/address";
import { Request } from "../http/request";
import { writeRefused, writeTexts, writeUser } from "../identity/log-members";
import { Token } from "../jose/token";
import { Writer } from "../json/writer";
import { LOG_TEXT_BYTES } from "../limits";
import { answerTo } from "../outcome/answer";
import { codeOf, nameOf, Reason } from "../outcome/reason";
import { addKeysRouter, addLoginRouter } from "../outcome/remedy";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { timestamp } from "../text/time";
import { cut } from "../text/utf8";
import { Decision } from "./decision";
import { writeCaller, writeIssuer } from "./steps";

/**
 * True if this decision gets a line: the rule's own `audit` decides, otherwise the configuration's.
 */
export function isAudited(request: Request, decision: Decision, audit: Audit): bool {
  const rule = decision.rule;
  const denied = (decision.reason | decision.reported) != Reason.None;
  switch (rule && rule.audit >= 0 ? <Audit>rule.audit : audit) {
    case Audit.Off:
      return false;
    case Audit.Denied:
      return denied;
    case Audit.Writes:
      return denied || !request.isSafe;
    case Audit.All:
    default:
      return true;
  }
}

/** `seconds`: time of the decision, since 1970. */
export function auditLine(
  request: Request,
  decision: Decision,
  settings: Settings,
  seconds: i64,
): Bytes {
  const writer = new Writer().open().text("rolegate", "audit");
  writer.bytes("time", timestamp(seconds)).bytes("request", request.id);
  // The client chose this id, so two requests may share it.
  if (!request.madeId) writer.text("requestFrom", "client");
  writeOutcome(writer, decision);
  writer.bytes("method", request.method);
  if (decision.path) writer.bytes("path", decision.path!.text);
  const peer = settings.namesClients && request.peer ? hostOfPeer(request.peer!) : null;
  if (peer) writer.bytes("client", cut(peer, LOG_TEXT_BYTES));
  const caller = decision.caller || decision.reportedCaller;
  if (caller) {
    writeIssuer(writer, caller, settings);
    writeUser(writer, caller.subject, caller.user, settings);
    writeCaller(writer, caller, settings);
    const token = decision.token;
    if (token && isByRule(decision)) writeProviderRoles(writer, token, caller, settings);
  } else if (decision.subject.length > 0) {
    writer.bytes("subject", decision.subject);
    writeUser(writer, decision.subject, decision.user, settings);
  }
  const remedy = remedyFor(reasonOf(decision), settings);
  if (remedy.length > 0) writer.text("message", remedy);
  const refused = decision.refused;
  if (refused) writeRefused(writer, refused.token!, refused.reason, settings, null);
  return writer.close().done();
}

/** True if a rule refused an authenticated caller. */
function isByRule(decision: Decision): bool {
  return codeOf(reasonOf(decision)) == "forbidden";
}

/** What is missing in the set-up; empty: nothing that is seen here. */
function remedyFor(reason: Reason, settings: Settings): string {
  const path = settings.login.path.toString();
  if (reason == Reason.LoginRouterMissing) return addLoginRouter(path);
  if (reason != Reason.KeysUnavailable) return "";
  for (let i = 0; i < settings.issuers.length; i++) {
    if (settings.issuers[i].keysAreFetched) return addKeysRouter(path);
  }
  return "";
}

function reasonOf(decision: Decision): Reason {
  const reported = decision.reported;
  return reported != Reason.None ? reported : decision.reason;
}

/**
 * Writes the provider's role names, before `roles` maps them. The token was verified and is only
 * parsed again.
 */
function writeProviderRoles(
  writer: Writer,
  text: Bytes,
  caller: Identity,
  settings: Settings,
): void {
  const payload = Token.parse(text, settings.validation.tokenTypes).payload;
  if (!payload) return;
  writeTexts(writer, "providerRoles", settings.issuers[caller.issuer].roles.namesIn(payload));
}

/** Writes the decision, its reason and its rule, in one form for audit lines and traces. */
export function writeOutcome(writer: Writer, decision: Decision): void {
  const reported = decision.reported != Reason.None;
  const reason = reported ? decision.reported : decision.reason;
  writer.text("decision", reported ? "report" : wordOf(decision)).text("reason", nameOf(reason));
  if (reason != Reason.None) writer.integer("status", answerTo(reason).status);
  if (decision.rule) writer.bytes("rule", decision.rule!.name);
}

function wordOf(decision: Decision): string {
  if (decision.allowed) return "allow";
  return decision.reason == Reason.SessionDue ? "refresh" : "deny";
}
