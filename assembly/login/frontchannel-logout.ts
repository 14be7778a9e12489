/** The provider's page has the browser end the session: OpenID Connect Front-Channel Logout §2. */
import { Url } from "../http/url";
import { PageKind } from "../pages/kind";
import { equal } from "../crypto/constant-time";
import { Bytes } from "../text/bytes";
import { pageWith } from "./answers";
import { Context } from "./context";
import { sessionOf } from "./refresh-cookie";
import { clearAll } from "./logout";
import { endSession, endUnproven } from "./revoke";
import { HandlerResult } from "./exchange";

export function frontchannelLogout(context: Context): HandlerResult {
  const iss = context.parameter("iss");
  const sid = context.parameter("sid");
  const response = pageWith(context, PageKind.NothingToShow, Bytes.of("/"));
  // The one page that is framed, and by the provider only.
  const provider = Url.parse(context.issuer.name)!.origin.toString();
  response.headers.replace(
    "Content-Security-Policy",
    Bytes.of(`default-src 'none'; frame-ancestors ${provider}`),
  );
  if (!iss || !sid || !iss.equals(context.issuer.name)) return HandlerResult.answer(response);
  // In a frame of another site most browsers send none.
  const session = sessionOf(context);
  const isOwn = session !== null && equal(session.sid, sid);
  if (isOwn) clearAll(context, response);
  if (context.stateDirectory) {
    const isEnded = isOwn
      ? endSession(context, sid, session!.subject, context.now, true)
      : endUnproven(context, sid);
    if (!isEnded) {
      response.status = 503;
      return HandlerResult.answer(response);
    }
  }
  context.log.note("signed_out_by_frame", session ? session.subject : Bytes.empty());
  return HandlerResult.answer(response);
}
