/**
 * The provider's page makes the browser end the session: OpenID Connect Front-Channel Logout §2.
 */
import { Url } from "../http/url";
import { PageKind } from "../pages/kind";
import { equal } from "../crypto/constant-time";
import { Bytes } from "../text/bytes";
import { pageWith } from "./answers";
import { Context } from "./context";
import { sessionOf } from "./refresh-cookie";
import { clearAll, timeOfEnd } from "./logout";
import { endSession, endUnproven } from "./revoke";
import { HandlerResult } from "./exchange";

/**
 * Ends the session named by `sid`, and clears the browser's cookies if it is theirs. Responds with
 * an empty page that only the provider may frame; 503 when the revocation cannot be written.
 */
export function frontchannelLogout(context: Context): HandlerResult {
  const iss = context.parameter("iss");
  const sid = context.parameter("sid");
  const response = pageWith(context, PageKind.NothingToShow, Bytes.of("/"));
  // The only page that may be framed, and only by the provider.
  const provider = Url.parse(context.issuer.url)!.origin.toString();
  response.headers.replace(
    "Content-Security-Policy",
    Bytes.of(`default-src 'none'; frame-ancestors ${provider}`),
  );
  if (!iss || !sid || !context.issuerNamed(iss)) return HandlerResult.answer(response);
  // Most browsers send no cookies in a frame of another site.
  const session = sessionOf(context);
  const isOwn =
    session !== null && iss.equals(context.issuerNameOf(session)) && equal(session.sid, sid);
  if (isOwn) clearAll(context, response);
  if (context.stateDirectory) {
    const isEnded = isOwn
      ? endSession(context, iss, sid, session!.subject, timeOfEnd(context, session!), true)
      : endUnproven(context, iss, sid);
    if (!isEnded) {
      response.status = 503;
      return HandlerResult.answer(response);
    }
  }
  context.log.note("signed_out_by_frame");
  return HandlerResult.answer(response);
}
