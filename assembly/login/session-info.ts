/** The signed-in user, for pages of the application's own origin. */
import { roleNames } from "../claims/header";
import { openSession } from "../identity/session";
import { Field } from "../http/request";
import { Response } from "../http/response";
import { Writer } from "../json/writer";
import { readSealed } from "../session/cookies";
import { Bytes } from "../text/bytes";
import { unauthenticated } from "./answers";
import { Context } from "./context";
import { HandlerResult } from "./exchange";

/** Responds with the session as JSON; 401 without one, 403 to pages of another origin. */
export function sessionInfo(context: Context): HandlerResult {
  const request = context.request;
  const site = request.get(Field.FetchSite);
  const origin = request.get(Field.Origin);
  const isOurs = !site || site.is("same-origin") || site.is("none");
  if (!isOurs || (origin && !origin.equals(context.publicOrigin))) {
    return HandlerResult.answer(new Response(403));
  }
  const sealed = readSealed(context.cookies, context.sessionSettings.sessionCookie);
  const opened = sealed ? openSession(context.ring, sealed, context.settings, context.now) : null;
  const session = opened ? opened.session : null;
  const identity = opened ? opened.identity : null;
  if (!session || !identity || context.isRevoked(session)) {
    return HandlerResult.answer(unauthenticated(context, Bytes.of("/")));
  }
  const writer = new Writer().open();
  writer.bytes("subject", session.subject).bytes("user", session.user).openArray("roles");
  const names = roleNames(identity.roles, context.settings.vocabulary.roles.names, []);
  for (let i = 0; i < names.length; i++) writer.element(names[i]);
  writer.closeArray().integer("signedIn", session.signedIn).integer("expires", session.end);
  if (session.refreshAt != i64.MAX_VALUE) writer.integer("refreshAt", session.refreshAt);
  const response = new Response(200);
  response.text("Content-Type", "application/json");
  response.body = writer.close().done();
  return HandlerResult.answer(response);
}
