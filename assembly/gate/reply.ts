/**
 * The response to a refused request: problem details for programs, gRPC's own form for gRPC, a page
 * for people, or a redirect to sign-in. Only a navigation is redirected to another origin's page.
 */
import { Settings } from "../config/settings";
import { escaped } from "../http/escape";
import { canDetour, isNavigation, isShown } from "../http/navigation";
import { Field, Request } from "../http/request";
import { Response } from "../http/response";
import { RETURN_ADDRESS_BYTES } from "../limits";
import { Answer, answerTo } from "../outcome/answer";
import { isGrpc, problemBody, RETRY_AFTER } from "../outcome/problem";
import { Reason } from "../outcome/reason";
import { pageOfAnswer } from "../pages/answer-page";
import { PageKind } from "../pages/kind";
import { Parameters } from "../pages/page";
import { Slot } from "../pages/slot";
import { sufficientRoles } from "../policy/sufficient-roles";
import { Bytes } from "../text/bytes";
import { challengeFor } from "./challenge";
import { Renewal } from "../identity/session";
import { Decision } from "./decision";
import { parametersFor, show } from "../pages/show";

/** Builds the response to a refused request. `request` has its late fields. */
export function replyTo(request: Request, decision: Decision, settings: Settings): Response {
  const answer = answerTo(decision.reason);
  const elsewhere = answer.status == 401 ? detourTo(request, decision, settings) : null;
  if (elsewhere) return elsewhere;
  if (isShown(request)) return pageFor(answer, request, decision, settings);
  const type = request.get(Field.ContentType);
  const isCall = type !== null && isGrpc(type);
  const response = new Response(isCall ? 200 : answer.status);
  allowOrigin(request, settings, response);
  response.text("Cache-Control", "no-store");
  if (answer.status == 503) response.text("Retry-After", RETRY_AFTER);
  if (isCall) refuseCall(answer, response);
  else refuseRequest(answer, request, decision, settings, response);
  return response;
}

/** The redirect to refresh or to sign-in; null when the request must not be redirected. */
function detourTo(request: Request, decision: Decision, settings: Settings): Response | null {
  if (!settings.session || decision.origin < 0) return null;
  const path = decision.path;
  if (!path || path.refused != Reason.None || path.ambiguous != Reason.None) return null;
  const uri = path.uri;
  const navigates = isNavigation(request);
  const fits = uri.length <= RETURN_ADDRESS_BYTES;
  if (decision.renewal != Renewal.None && fits && canDetour(request)) {
    return redirect(loginRoute(settings, "refresh", uri), navigates ? 302 : 307);
  }
  if (!navigates) return null;
  return redirect(loginRoute(settings, "login", fits ? uri : Bytes.of("/")), 302);
}

/** The path of a login endpoint that returns to `to`. */
function loginRoute(settings: Settings, name: string, to: Bytes): string {
  return `${settings.login.path.toString()}/${name}?rd=${escaped(to).toString()}`;
}

function redirect(location: string, status: i32): Response {
  const response = new Response(status);
  response.text("Location", location);
  response.text("Cache-Control", "no-store");
  response.text("Referrer-Policy", "no-referrer");
  return response;
}

/**
 * An HTML page: what happened, and what to do. Programs that pose as browsers get it as well; the
 * log has the reason.
 */
function pageFor(
  answer: Answer,
  request: Request,
  decision: Decision,
  settings: Settings,
): Response {
  const kind = kindOf(answer, request, decision);
  const parameters = parametersFor(request, settings);
  const signsIn = settings.session !== null && decision.origin >= 0;
  const path = decision.path;
  const isPlain = path !== null && path.refused == Reason.None && path.ambiguous == Reason.None;
  if (answer.status == 503 && isPlain) parameters.link = path!.uri;
  else if (kind == PageKind.SignInRequired || kind == PageKind.NotSent) {
    if (signsIn) parameters.link = signInLink(settings, isPlain ? path!.uri : Bytes.of("/"));
  } else if (kind == PageKind.WrongHost) {
    if (settings.origins.length > 0) parameters.link = settings.origins[0].concat(Bytes.of("/"));
  } else parameters.link = Bytes.of("/");
  if (kind == PageKind.NotAllowed && decision.caller) {
    describeRefusal(parameters, decision, settings, signsIn);
  }
  const response = show(kind, parameters, answer.status);
  if (answer.status == 503) response.text("Retry-After", RETRY_AFTER);
  challengeFor(answer, request, decision, settings, response);
  return response;
}

/** Fills in who is refused, and the links that may help: not to a page that refuses them too. */
function describeRefusal(
  parameters: Parameters,
  decision: Decision,
  settings: Settings,
  signsIn: bool,
): void {
  const caller = decision.caller!;
  const path = decision.path!;
  const lacksAll = caller.roles.isEmpty && settings.vocabulary.roles.names.length > 0;
  if (lacksAll || path.text.is("/")) parameters.link = Bytes.empty();
  parameters.user = caller.user.length > 0 ? caller.user : caller.subject;
  if (signsIn) {
    const uri = path.ambiguous == Reason.None ? path.uri : Bytes.of("/");
    parameters.account = signInLink(settings, uri).concat(Bytes.of("&account=other"));
    parameters.other = settings.login.path.concat(Bytes.of("/logout"));
  }
  const facts = decision.facts;
  if (!settings.pages.showsRoles || !facts) return;
  const names = sufficientRoles(decision.rule!.expression!, facts);
  let text = Bytes.empty();
  for (let i = 0; i < names.length; i++) {
    text = (i > 0 ? text.concat(Bytes.of(", ")) : text).concat(names[i]);
  }
  parameters.put(Slot.Roles, text);
}

function kindOf(answer: Answer, request: Request, decision: Decision): PageKind {
  if (decision.reason == Reason.LoginRouterMissing) return PageKind.LoginRouterMissing;
  const kind = pageOfAnswer(answer);
  const isLost = kind == PageKind.SignInRequired && !request.method.is("GET");
  return isLost ? PageKind.NotSent : kind;
}

/** A link to sign-in that returns to this page, opened by GET. */
function signInLink(settings: Settings, uri: Bytes): Bytes {
  const to = uri.length <= RETURN_ADDRESS_BYTES ? uri : Bytes.of("/");
  return Bytes.of(loginRoute(settings, "login", to));
}

function refuseRequest(
  answer: Answer,
  request: Request,
  decision: Decision,
  settings: Settings,
  response: Response,
): void {
  response.text("Content-Type", "application/problem+json");
  challengeFor(answer, request, decision, settings, response);
  const signsIn = settings.session !== null && answer.status == 401 && settings.origins.length > 0;
  const base = signsIn ? baseOf(decision, settings) : "";
  const renews = decision.renewal != Renewal.None;
  response.body = problemBody(
    answer,
    request.id,
    signsIn ? base + "/login" : "",
    signsIn && renews ? base + "/refresh" : "",
    decision.detail,
  );
}

/** An absolute URL, because a front end of another allowed origin needs all of it. */
function baseOf(decision: Decision, settings: Settings): string {
  const origin = settings.origins[max(decision.origin, 0)];
  return origin.toString() + settings.login.path.toString();
}

/** Lets a page of an allowed origin read Rolegate's own responses (Fetch §3.3). */
function allowOrigin(request: Request, settings: Settings, response: Response): void {
  const origin = request.get(Field.Origin);
  if (!origin || !settings.allowsOrigin(origin)) return;
  response.header("Access-Control-Allow-Origin", origin);
  response.text("Access-Control-Allow-Credentials", "true");
  response.text("Access-Control-Expose-Headers", "WWW-Authenticate");
  response.text("Vary", "Origin");
}

/** gRPC's own form: the call ends at once, with its status in the headers. */
function refuseCall(answer: Answer, response: Response): void {
  response.text("Content-Type", "application/grpc");
  response.text("Grpc-Status", answer.grpcStatus.toString());
  response.text("Grpc-Message", answer.detail);
}
