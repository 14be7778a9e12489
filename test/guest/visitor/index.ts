/**
 * A guest of the plugin's own host modules, without its decisions: X-Visit says which request goes to the provider,
 * X-State what is done in the state directory. Both hosts run it, and both must say the same.
 */
import * as host from "../../../assembly/host/imports";
import { receive, respond, send } from "../../../assembly/host/provider-exchange";
import { HeaderNames } from "../../../assembly/http/header-names";
import { Request } from "../../../assembly/http/request";
import { Response } from "../../../assembly/http/response";
import { ProviderRequest } from "../../../assembly/login/provider-message";
import { guest, request as requestRegion } from "../../../assembly/runtime/arena";
import { Bytes } from "../../../assembly/text/bytes";
import { stateSteps } from "./state";
import { digest, value, words } from "./text";

/** Bytes of a provider's answer that are taken. */
const CAP = 100_000;

export function handle_request(): i64 {
  requestRegion.enter();
  requestRegion.clear();
  const visit = value("x-visit");
  if (visit) return exchange(visit) ? 1 : 0;
  const state = value("x-state");
  const response = new Response(203);
  response.header("X-Ours", Bytes.of("1"));
  response.cookie(Bytes.of("a=1"));
  response.cookie(Bytes.of("b=2"));
  response.body = state ? stateSteps(state) : Bytes.of("no visit");
  respond(response);
  return 0;
}

/** `METHOD URI`, with the body of X-Visit-Body and an Authorization of our own. */
function exchange(visit: Bytes): bool {
  const parts = words(visit);
  const request = new Request(Bytes.empty(), Bytes.empty());
  const names = new Bytes(heap.alloc(8192), 8192);
  const length = <i32>host.getHeaderNames(host.REQUEST, names.start, names.length);
  request.names = new HeaderNames(names.slice(0, length));
  const outgoing = new ProviderRequest(parts[0], parts[1]);
  outgoing.header("Authorization", Bytes.of("Basic ours"));
  const body = value("x-visit-body");
  if (body) {
    outgoing.header("Content-Type", Bytes.of("application/x-www-form-urlencoded"));
    outgoing.body = body;
  }
  return send(request, outgoing);
}

export function handle_response(_context: i32, isError: i32): void {
  requestRegion.enter();
  const incoming = receive(isError, CAP);
  const response = new Response(201);
  const body = incoming.body;
  const type = incoming.type;
  response.header("X-Failed", Bytes.of(incoming.failed ? "yes" : "no"));
  response.header("X-Status", Bytes.of(incoming.status.toString()));
  response.header("X-Type", type ? type : Bytes.of("none"));
  response.header("X-Body", body ? digest(body) : Bytes.of("too large"));
  response.cookie(Bytes.of("a=1"));
  response.cookie(Bytes.of("b=2"));
  response.body = Bytes.of("ours");
  respond(response);
}

guest.enter();
