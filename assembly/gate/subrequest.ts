/**
 * Mode auth: a proxy asks whether a request may pass (nginx's auth_request, Traefik's ForwardAuth)
 * and describes it in headers. Only trusted proxies may ask, and each of these headers must be
 * there exactly once.
 */
import { ForwardAuthSettings } from "../config/sign-in";
import { Settings } from "../config/settings";
import { addressOfPeer, isInRange } from "../http/address";
import { Field, FIELDS, Request } from "../http/request";
import { HeaderFields, Response } from "../http/response";
import { answerTo } from "../outcome/answer";
import { problemBody, RETRY_AFTER } from "../outcome/problem";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { fold } from "../http/header";
import { challengeFor } from "./challenge";
import { Decision } from "./decision";

/** True if the connection comes from a proxy that may ask. */
export function isTrusted(request: Request, forwardAuth: ForwardAuthSettings): bool {
  const peer = request.peer;
  const address = peer ? addressOfPeer(peer) : null;
  if (!address) return false;
  for (let i = 0; i < forwardAuth.trusted.length; i++) {
    if (isInRange(address, forwardAuth.trusted[i])) return true;
  }
  return false;
}

/** The request that the proxy asks about; null when a header is missing or repeated. */
export function askedAbout(request: Request, settings: Settings): Request | null {
  const forwardAuth = settings.forwardAuth!;
  const uri = only(request, forwardAuth.uriHeader, settings);
  const method = only(request, forwardAuth.methodHeader, settings);
  const host = only(request, forwardAuth.hostHeader, settings);
  if (!uri || !method || !host || uri.at(0) != Char.Slash) return null;
  const asked = new Request(method, uri);
  asked.names = request.names;
  for (let field = 0; field < FIELDS; field++) asked.set(field, request.get(field));
  asked.set(Field.Host, host);
  asked.headers = request.headers;
  asked.peer = request.peer;
  asked.id = request.id;
  asked.madeId = request.madeId;
  asked.tooLarge = request.tooLarge;
  return asked;
}

/** The single value of a header among those that rules know (see config/forward-auth.ts). */
function only(request: Request, name: Bytes, settings: Settings): Bytes | null {
  const names = settings.vocabulary.headers;
  for (let i = 0; i < names.length; i++) {
    if (!names.at(i).equalsInAnyCase(name)) continue;
    const value = i < request.headers.length ? request.headers[i] : null;
    return value && value.length > 0 && value.indexOf(0) < 0 ? value : null;
  }
  return null;
}

/**
 * The answer to the proxy. Envoy takes only 200 for yes, others take any 2xx. A yes has every
 * header that only the plugin may set, empty where there is no value: proxies overwrite the
 * client's headers with these, and keep the rest.
 */
export function proxyAnswer(request: Request, decision: Decision, settings: Settings): Response {
  if (decision.allowed) return pass(decision, settings);
  const answer = answerTo(decision.reason);
  // nginx treats every other status as an error of its own.
  const status = answer.status == 401 || answer.status >= 500 ? answer.status : 403;
  const response = new Response(status);
  response.text("Cache-Control", "no-store");
  response.text("Content-Type", "application/problem+json");
  challengeFor(answer, request, decision, settings, response);
  if (status == 503) response.text("Retry-After", RETRY_AFTER);
  response.body = problemBody(answer, request.id, "", "", decision.detail);
  return response;
}

function pass(decision: Decision, settings: Settings): Response {
  const response = new Response(200);
  const fields = response.headers;
  for (let i = 0; i < settings.issuers.length; i++) {
    const headers = settings.issuers[i].headers;
    for (let j = 0; j < headers.length; j++) put(fields, headers[j].name, decision);
  }
  for (let i = 0; i < settings.owned.length; i++) {
    if (!hasFolded(fields, settings.owned[i])) put(fields, settings.owned[i], decision);
  }
  response.text("Cache-Control", "no-store");
  return response;
}

function put(fields: HeaderFields, name: Bytes, decision: Decision): void {
  if (hasFolded(fields, fold(name))) return;
  const kept = decision.kept;
  let value = kept && name.isInAnyCase("authorization") ? kept : Bytes.empty();
  for (let it = decision.changes.all; it; it = it!.next) {
    if (!it.isRemoval && it.name.equalsInAnyCase(name)) value = it.value;
  }
  fields.add(name.toString(), value);
}

function hasFolded(fields: HeaderFields, folded: Bytes): bool {
  for (let i = 0; i < fields.length; i++) if (fold(fields.names[i]).equals(folded)) return true;
  return false;
}
