/** What can be compared of any host's result; bytes as text, which a failing test can show. */
import type { Result } from "../../src/guest/guest.ts";
import type { ForwardedRequest } from "../../src/guest/proxy.ts";

/** All but the log, the memory and the trap, of which each test compares another part. */
export function plainResult({ response, forwarded, reached }: Result) {
  return {
    status: response.status,
    headers: response.headers.entries(),
    body: response.body.toString("latin1"),
    trailers: response.trailers.entries(),
    complete: response.complete,
    forwarded: forwarded && plainRequest(forwarded),
    reached,
  };
}

function plainRequest({ method, target, headers, body }: ForwardedRequest) {
  return { method, target, headers: headers.entries(), body: body.toString("latin1") };
}
