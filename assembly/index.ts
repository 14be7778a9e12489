/**
 * The guest's exports: the functions that Traefik calls, and `check` for tests of a configuration.
 */
import { readSettings } from "./config/read";
import { Report } from "./config/report";
import { Audit, LogLevel, Mode } from "./config/options";
import { Settings } from "./config/settings";
import { keysFile } from "./config/state";
import { SecretSources } from "./config/secret";
import { auditLine, isAudited, writeOutcome } from "./gate/audit";
import { Gate } from "./gate/decide";
import { Decision } from "./gate/decision";
import { KnownNames } from "./gate/header-names";
import { replyTo } from "./gate/reply";
import { askedAbout, isTrusted, proxyAnswer } from "./gate/subrequest";
import { readWhole, takeBody } from "./host/body";
import { nanoseconds } from "./host/clock";
import { readConfiguration, readConfigurationFile } from "./host/configuration";
import { environmentVariable } from "./host/environment";
import { digestOf, forward, readLate, readPeer, readRequest } from "./host/exchange";
import { readMountedFile } from "./host/file";
import { KeyFiles } from "./host/key-files";
import { Level, line } from "./host/log";
import { RevocationFiles } from "./host/revocation-files";
import { isFirstGuest } from "./host/start";
import { StateDirectory } from "./host/state-directory";
import { receive, respond, send } from "./host/provider-exchange";
import { Request } from "./http/request";
import { Response } from "./http/response";
import { parse } from "./json/parse";
import { Json } from "./json/value";
import { Writer } from "./json/writer";
import { PROVIDER_ANSWER_BYTES } from "./limits";
import { addSecurityHeaders } from "./login/answers";
import { EventLog } from "./login/event-log";
import { KeyFetcher } from "./login/fetch-keys";
import { Router } from "./login/router";
import { SharedStore } from "./login/store";
import { StoreCron } from "./login/store-cron";
import { HandlerResult, Exchange } from "./login/exchange";
import { Reason } from "./outcome/reason";
import { Trace } from "./outcome/trace";
import { guest, request as requestRegion } from "./runtime/arena";
import { within } from "./runtime/within";
import { markStale } from "./state/stale-keys";
import { State } from "./state/state";
import { Bytes } from "./text/bytes";
import { VERSION } from "./version";

const NEXT: i64 = 1;
const STOP: i64 = 0;
const SECOND: i64 = 1_000_000_000;
const BAD_REQUEST = 400;
const NOT_FOUND = 404;

// Runs at the guest's start. Nothing here may trap, because a trap at the start fails open (see
// docs/rationale.md).
const isFirst: bool = isFirstGuest();
// Warnings are for people, who need them once; errors decide about requests.
const report: Report = new Report(isFirst);
requestRegion.enter();
const document: Json | null = parse(readConfiguration());
guest.enter();
const settings: Settings = readSettings(
  document,
  report,
  new SecretSources(environmentVariable, readMountedFile, readConfigurationFile),
);
const gate: Gate = new Gate(settings, settings.mode == Mode.Auth ? noBody : takeBody, readLate);
// Each request asks for these, and nothing changes them.
const isProtecting: bool = settings.mode == Mode.Protect;
const isTraced: bool = settings.logLevel == LogLevel.Debug;
const isLogged: bool = settings.logLevel <= LogLevel.Info;
const audited: Audit = settings.audit;
const knownNames: KnownNames = new KnownNames(settings);
const keyFiles: KeyFiles = new KeyFiles(settings, report);
const state: State | null = openState();
const keyFetcher: KeyFetcher | null =
  state && (settings.mode == Mode.Keys || settings.mode == Mode.Login)
    ? new KeyFetcher(settings, state!, takeUpKeys)
    : null;
// No error is added to the report after this. Each request asks for it.
const isBroken: bool = report.errors > 0;
const shared: SharedStore | null =
  !isBroken && (settings.mode == Mode.Store || settings.mode == Mode.Login)
    ? SharedStore.of(settings, state)
    : null;
const storeCron: StoreCron | null = shared ? new StoreCron(settings, shared!) : null;
const router: Router = new Router(
  settings,
  gate.rings,
  gate.revocations,
  state,
  readWhole,
  keyFetcher,
  shared,
);
const revocations: RevocationFiles | null =
  state && settings.session !== null
    ? new RevocationFiles(settings, state!, gate.revocations)
    : null;
inRequestRegion();
if (isFirst) logVersion();
logFindings();
if (!isBroken) takeUpKeys();
guest.enter();

/** Set while a request is decided: if it is set at the next request, the last one has trapped. */
let busy: bool = false;

/**
 * The exchange that waits for the provider's response, and its log. Both are in the request's
 * region.
 */
let exchange: Exchange | null = null;
let log: EventLog | null = null;
/** Time of the last request for new keys, in seconds. */
let askedForKeys: i64 = 0;

/** Set when the log has a warning that the application does not get its Authorization header. */
let saidDropped: bool = false;
const DROPPED =
  'the application did not get it; if it signs people in by itself, say `token.header: ""`';

/** Decides a request. 1: it is forwarded; 0: it has been answered. */
export function handle_request(): i64 {
  requestRegion.restart();
  if (busy) recover();
  busy = true;
  exchange = null;
  const goesOn = handle();
  busy = false;
  return goesOn ? NEXT : STOP;
}

/**
 * Called when the upstream's response has ended. If the upstream died, the host would pass a
 * truncated response on as a complete one; a trap makes it abort the connection, as without the
 * plugin (measured).
 */
export function handle_response(_context: i32, isError: i32): void {
  const waiting = exchange;
  if (waiting) comeBack(waiting, isError);
  else if (isError != 0) unreachable();
}

/** Handles the provider's response. It is emptied first: see host/provider-exchange.ts. */
function comeBack(waiting: Exchange, isError: i32): void {
  requestRegion.enter();
  busy = true;
  exchange = null;
  const incoming = receive(isError, PROVIDER_ANSWER_BYTES);
  respond(addSecurityHeaders(waiting.onResponse(incoming)));
  const said = log;
  if (said && said.keysAreStale) askForKeys(nanoseconds() / SECOND, said.requestId);
  writeLog();
  requestRegion.clear();
  busy = false;
}

/**
 * Logs every error and warning of the configuration, a JSON line each, and at level debug the parts
 * of each expression. Returns the number of errors. Traefik does not call it.
 */
export function check(): i32 {
  inRequestRegion();
  logFindings();
  for (let i = 0; i < report.expressions.length; i++) line(Level.Debug, report.expressions[i]);
  return report.errors;
}

function inRequestRegion(): void {
  requestRegion.clear();
  requestRegion.enter();
}

function logVersion(): void {
  if (settings.logLevel > LogLevel.Info) return;
  line(
    Level.Info,
    new Writer().open().text("rolegate", "start").text("version", VERSION).close().done(),
  );
}

function logFindings(): void {
  for (let i = 0; i < report.findings.length; i++) {
    const finding = report.findings[i];
    line(finding.isError ? Level.Error : Level.Warn, finding.line);
  }
}

/** Uses the keys in files, also those that were fetched just now. */
function takeUpKeys(): void {
  keyFiles.refresh(nanoseconds() / SECOND);
}

/** Discards what a trap may have left incomplete. */
function recover(): void {
  gate.cache.clear();
  keyFiles.lookAgain();
  if (revocations) revocations!.lookAgain();
  line(
    Level.Error,
    Bytes.of(
      '{"rolegate":"recovered","message":"the request before this one ended in a trap; its state was thrown away"}',
    ),
  );
}

function handle(): bool {
  const now = nanoseconds();
  // Unsigned, because that division needs fewer checks.
  const seconds = <i64>(<u64>now / <u64>SECOND);
  const request = readRequest(knownNames, now);
  if (isBroken) {
    const decision = new Decision();
    decision.reason = Reason.ConfigError;
    refuse(request, decision);
    return false;
  }
  if (keyFiles.isDue(seconds) && keyFiles.refresh(seconds)) gate.cache.clear();
  if (revocations) revocations!.refresh(seconds);
  if (!isProtecting) return answer(request, now, seconds);
  const decision = decide(request, seconds);
  within(decision);
  const reason = decision.reason;
  if (decision.isDropped) sayDropped(request);
  if (reason != Reason.None) {
    refuse(request, decision);
    return false;
  }
  forward(decision);
  return true;
}

/** The modes that protect no application themselves. */
function answer(request: Request, now: i64, seconds: i64): bool {
  const mode = settings.mode;
  if (mode == Mode.Login) return signIn(request, now);
  if (mode == Mode.Keys) return fetchKeys(request, seconds);
  if (mode == Mode.Store) return visitStore(request, now);
  return answerProxy(request, seconds);
}

/**
 * Warns once in each guest, because an application that uses Authorization does so with each
 * request.
 */
function sayDropped(request: Request): void {
  if (saidDropped || settings.logLevel > LogLevel.Warn) return;
  saidDropped = true;
  const writer = new Writer().open().text("rolegate", "dropped").bytes("request", request.id);
  writer.text("header", "Authorization").text("message", DROPPED);
  line(Level.Warn, writer.close().done());
}

/** A proxy does not send the body along, so a rule that reads it refuses. */
function noBody(): Bytes | null {
  return null;
}

function decide(request: Request, seconds: i64): Decision {
  const trace = isTraced ? new Trace(request.id) : null;
  const decision = gate.decide(request, seconds, trace);
  within(decision);
  const reason = decision.reason;
  const isWritten = isLogged && isAudited(request, decision, audited);
  if (trace) logTrace(trace, decision);
  if (isWritten) writeAudit(request, decision, seconds);
  if (reason == Reason.KeyUnknown) askForKeys(seconds, request.id);
  return decision;
}

function writeAudit(request: Request, decision: Decision, seconds: i64): void {
  // The proxy's own address says nothing about the client.
  if (settings.mode == Mode.Auth) request.peer = null;
  else if (settings.namesClients) readPeer(request);
  line(Level.Info, auditLine(request, decision, settings, seconds));
}

/** Mode auth: tells a proxy whether the client's request may pass. */
function answerProxy(request: Request, seconds: i64): bool {
  if (!isTrusted(request, settings.forwardAuth!)) respond(new Response(NOT_FOUND));
  else {
    const asked = askedAbout(request, settings);
    if (!asked) respond(new Response(BAD_REQUEST));
    else respond(proxyAnswer(asked, decide(asked, seconds), settings));
  }
  return false;
}

/** Mode login: responds, or sends a request to the provider. */
function signIn(request: Request, now: i64): bool {
  readLate(request);
  const said = beginLog(request);
  return take(request, router.handle(request, now, digestOf(request), said));
}

/** Mode keys. Its configuration has a stateDir, or an error. */
function fetchKeys(request: Request, seconds: i64): bool {
  const said = beginLog(request);
  return take(request, keyFetcher!.handle(request, seconds, said));
}

/** Mode store. Its configuration has a store and a stateDir, or an error. */
function visitStore(request: Request, now: i64): bool {
  const said = beginLog(request);
  return take(request, storeCron!.handle(request, now, said));
}

function take(request: Request, result: HandlerResult): bool {
  const outgoing = result.outgoing;
  if (outgoing && send(request, outgoing)) {
    exchange = result.exchange;
    return true;
  }
  const response = result.response || new Response(BAD_REQUEST);
  respond(addSecurityHeaders(response));
  writeLog();
  return false;
}

/** Marks the keys as stale; a guest checks at most once a second if that is needed. */
function askForKeys(seconds: i64, tag: Bytes): void {
  if (!state || seconds == askedForKeys) return;
  askedForKeys = seconds;
  for (let i = 0; i < settings.issuers.length; i++) {
    if (!settings.issuers[i].keysAreFetched) continue;
    markStale(state!, Bytes.of(keysFile(settings, i)), seconds, settings.keysRefresh, tag);
  }
}

function beginLog(request: Request): EventLog {
  const begun = new EventLog(request, settings);
  log = begun;
  return begun;
}

function writeLog(): void {
  const said = log;
  log = null;
  for (let i = 0; said && i < said.lines.length; i++) {
    const isWarning = said.warnings[i] != 0;
    if (settings.logLevel > (isWarning ? LogLevel.Warn : LogLevel.Info)) continue;
    line(isWarning ? Level.Warn : Level.Info, said.lines[i]);
  }
}

/** Finds the mount of `stateDir`; without one the configuration has an error. */
function openState(): State | null {
  const path = settings.stateDir;
  if (!path) return null;
  const found = StateDirectory.at(path);
  if (!found) {
    report.error(
      "stateDir",
      "mount_missing",
      `no mount holds ${path.toString()}; give the plugin one in the static configuration's settings.mounts`,
    );
  }
  return found;
}

function refuse(request: Request, decision: Decision): void {
  readLate(request);
  respond(replyTo(request, decision, settings));
}

function logTrace(trace: Trace, decision: Decision): void {
  const writer = trace.begin("decision");
  writeOutcome(writer, decision);
  trace.end(writer);
  for (let i = 0; i < trace.lines.length; i++) line(Level.Debug, trace.lines[i]);
}
