/** The audit log: one JSON line for each decision. It holds no secret, no token and no query. */
import { Audit } from "../config/options";
import { Settings } from "../config/settings";
import { isSafe } from "../http/method";
import { Request } from "../http/request";
import { Writer } from "../json/writer";
import { answerTo } from "../outcome/answer";
import { nameOf, Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { timestamp } from "../text/time";
import { Decision } from "./decision";
import { writeCaller, writeIssuer } from "./steps";

/**
 * True if this decision gets a line: the rule's own `audit` decides, otherwise the configuration's.
 */
export function isAudited(request: Request, decision: Decision, audit: Audit): bool {
  const rule = decision.rule;
  const denied = !decision.allowed || decision.reported != Reason.None;
  switch (rule && rule.audit >= 0 ? <Audit>rule.audit : audit) {
    case Audit.Off:
      return false;
    case Audit.Denied:
      return denied;
    case Audit.Writes:
      return denied || !isSafe(request.method);
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
  writer.text("time", timestamp(seconds)).bytes("request", request.id);
  // The client chose this id, so two requests may share it.
  if (!request.idWasMade) writer.text("requestFrom", "client");
  writeOutcome(writer, decision);
  writer.bytes("method", request.method);
  if (decision.path) writer.bytes("path", decision.path!.text);
  const caller = decision.caller || decision.reportedCaller;
  if (caller) {
    writeIssuer(writer, caller, settings);
    writeCaller(writer, caller, settings);
  }
  return writer.close().done();
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
