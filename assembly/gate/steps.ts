/** Writes the steps of a decision into the trace. */
import { roleNames } from "../claims/header";
import { API_KEY, Identity } from "../claims/identity";
import { Settings } from "../config/settings";
import { Path } from "../http/path";
import { Field, Request } from "../http/request";
import { Writer } from "../json/writer";
import { nameOf, Reason } from "../outcome/reason";
import { Trace } from "../outcome/trace";
import { Facts } from "../policy/evaluate";
import { nameOfAllow, Rule } from "../policy/rule";
import { Bytes } from "../text/bytes";
import { Credential } from "./credential";
import { Decision } from "./decision";
import { OpenedSession, Renewal } from "../identity/session";
import { Verification } from "../identity/verify";

/** All steps up to the decision. */
export function traceDecision(
  trace: Trace,
  request: Request,
  decision: Decision,
  facts: Facts,
  settings: Settings,
): void {
  // Leaves out the query, because it may hold personal data.
  const host = request.get(Field.Host) || Bytes.empty();
  trace.end(trace.begin("request").bytes("method", request.method).bytes("host", host));
  const path = decision.path;
  if (path) tracePath(trace, path);
  const credential = decision.credential;
  if (!credential) return;
  traceCredential(trace, credential);
  const verified = decision.verified;
  const opened = decision.opened;
  const known = decision.caller || decision.found;
  if (verified) traceVerification(trace, verified, settings);
  else if (opened) traceSession(trace, opened, settings);
  else if (known) traceCached(trace, known, settings);
  const rule = decision.rule;
  if (rule) traceRules(trace, rule, decision, facts, settings.rules);
}

function traceRules(
  trace: Trace,
  rule: Rule,
  decision: Decision,
  facts: Facts,
  rules: Array<Rule>,
): void {
  // If the body could not be read, the rules after it were not tried.
  const isCut = !decision.isWeighed && facts.unread != Reason.None;
  const tried = isCut ? facts.tried : rules.length;
  for (let i = 0; i < tried && rules[i] != rule; i++) traceRule(trace, rules[i], false, false);
  if (decision.isWeighed) traceRule(trace, rule, true, decision.allowed);
}

/** The headers that are removed and set: names only, because values are personal. */
export function traceHeaders(trace: Trace, decision: Decision): void {
  const writer = trace.begin("headers").openArray("removed");
  const first = decision.changes.all;
  for (let it = first; it; it = it!.next) if (it.isRemoval) writer.element(it.name);
  writer.closeArray().openArray("set");
  for (let it = first; it; it = it!.next) if (!it.isRemoval) writer.element(it.name);
  trace.end(writer.closeArray());
}

function tracePath(trace: Trace, path: Path): void {
  const writer = trace.begin("path").bytes("path", path.text);
  const reason = path.refused != Reason.None ? path.refused : path.ambiguous;
  trace.end(writer.text("reason", nameOf(reason)));
}

function traceCredential(trace: Trace, credential: Credential): void {
  const writer = trace.begin("credential").text("source", credential.sourceName);
  let reason = credential.ambiguous;
  if (reason == Reason.None && !credential.token) reason = credential.reason;
  trace.end(writer.text("reason", nameOf(reason)));
}

function traceVerification(trace: Trace, result: Verification, settings: Settings): void {
  const writer = trace.begin("token").text("reason", nameOf(result.reason));
  writer.boolean("cached", false);
  const token = result.token;
  const payload = token ? token.payload : null;
  if (token && token.header) writer.text("algorithm", token.algorithm.name);
  if (token && token.kid) writer.bytes("kid", token.kid!);
  if (result.key) writer.bytes("key", result.key!.id);
  const iss = payload ? payload.stringOf("iss") : null;
  if (iss) writer.bytes("issuer", iss);
  // An unverified subject is not written.
  const identity = result.identity;
  if (identity) writeCaller(writer, identity, settings);
  trace.end(writer);
}

/** A session cookie's outcome, and whether it can be renewed. */
function traceSession(trace: Trace, opened: OpenedSession, settings: Settings): void {
  const writer = trace.begin("session").text("reason", nameOf(opened.reason));
  writer.boolean("cached", false).boolean("renewable", opened.renewal != Renewal.None);
  const session = opened.session;
  if (session) writer.integer("end", session.end);
  const identity = opened.identity;
  if (identity) {
    writeIssuer(writer, identity, settings);
    writeCaller(writer, identity, settings);
  }
  trace.end(writer);
}

function traceCached(trace: Trace, identity: Identity, settings: Settings): void {
  const step = identity.isSession ? "session" : "token";
  const writer = trace.begin(step).text("reason", nameOf(Reason.None)).boolean("cached", true);
  writeIssuer(writer, identity, settings);
  writeCaller(writer, identity, settings);
  trace.end(writer);
}

/** The issuer whose tokens prove the caller; absent for an API key. */
export function writeIssuer(writer: Writer, identity: Identity, settings: Settings): void {
  if (identity.issuer != API_KEY) writer.bytes("issuer", settings.issuers[identity.issuer].name);
}

/** The caller's subject, and which of the configuration's roles they have. */
export function writeCaller(writer: Writer, identity: Identity, settings: Settings): void {
  writer.bytes("subject", identity.subject).openArray("roles");
  const names = roleNames(identity.roles, settings.vocabulary.roles.names, []);
  for (let i = 0; i < names.length; i++) writer.element(names[i]);
  writer.closeArray();
}

function traceRule(trace: Trace, rule: Rule, matched: bool, allowed: bool): void {
  const writer = trace.begin("rule").bytes("rule", rule.name).boolean("matched", matched);
  if (matched) writer.text("allow", nameOfAllow(rule.allow)).boolean("allowed", allowed);
  trace.end(writer);
}
