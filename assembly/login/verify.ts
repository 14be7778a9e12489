/**
 * The visit that goes on with a sign-in whose ID token names a key that is not known (OpenID
 * Connect Core §10.1.1): it fetches the key set, while the tokens wait in the browser's cookie. One
 * fetch for each sign-in at most, for only the provider can send such a token; the throttle of
 * bearer tokens does not apply.
 */
import { Response } from "../http/response";
import { PageKind } from "../pages/kind";
import { Bytes } from "../text/bytes";
import { pageWith, redirectTo, signInAgain } from "./answers";
import { SignIn } from "./complete-sign-in";
import { Context } from "./context";
import { Exchange, HandlerResult } from "./exchange";
import { KeyFetcher } from "./fetch-keys";
import { ProviderResponse } from "./provider-message";
import { returnAddress } from "./return-address";
import { findTransaction, idOf, openState } from "./transaction";
import { transactionData } from "./transaction-data";

/** Where the browser is sent with the tokens in its cookie; `state` as it came. */
export function verifyAddress(context: Context, state: Bytes): Bytes {
  return context.pathOf("verify?state=").concat(state);
}

export function verify(context: Context): HandlerResult {
  const given = context.parameter("state");
  const id = given ? idOf(given) : null;
  const state = given ? openState(given, context.ring) : null;
  if (!id || !state) return startAgain(context);
  const settings = context.sessionSettings;
  const transaction = findTransaction(context.cookies, id, context.ring, settings, context.now);
  const data = transactionData(context, id);
  const answer = data ? data.answer : null;
  if (!transaction || transaction.origin != context.originIndex || !data || !answer) {
    return startAgain(context);
  }
  if (!answer.idToken) return startAgain(context);
  const fetcher = context.keyFetcher;
  // Another visit may have fetched them.
  if (fetcher) fetcher.takeUp();
  const kept = data.returnTo.length > 0 ? data.returnTo : state.returnTo;
  const to = returnAddress(kept, context.settings, context.originIndex);
  const signIn = new SignIn(context, transaction, state, to, answer, data.received, Bytes.empty());
  if (!fetcher || !signIn.waitsForKeys) return HandlerResult.answer(signIn.complete());
  const result = fetcher.fetch(context.now, context.request.id, context.log);
  const outgoing = result.outgoing;
  // This router does not lead there: the log says so.
  if (!outgoing) return HandlerResult.answer(signIn.complete());
  const address = verifyAddress(context, given!).concat(Bytes.of("&again=1"));
  return HandlerResult.exchange(
    outgoing,
    new KeysForSignIn(
      fetcher,
      signIn,
      result.exchange!,
      context.has("again") ? Bytes.empty() : address,
    ),
  );
}

function startAgain(context: Context): HandlerResult {
  context.log.warn("attempt_missing", "the tokens that wait for their keys are not there");
  const link = signInAgain(context, Bytes.of("/"));
  return HandlerResult.answer(pageWith(context, PageKind.SignInExpired, link));
}

@final
class KeysForSignIn extends Exchange {
  constructor(
    private fetcher: KeyFetcher,
    private signIn: SignIn,
    private fetching: Exchange,
    /** This visit once more; empty: it is that. */
    private again: Bytes,
  ) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const fetched = this.fetching.onResponse(incoming);
    // The metadata was fetched, which says where the keys are.
    if (fetched.status == 302 && this.again.length > 0) return redirectTo(this.again);
    this.fetcher.takeUp();
    this.signIn.verify();
    return this.signIn.complete();
  }
}
