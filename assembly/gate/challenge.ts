/** WWW-Authenticate of a refusal: which credentials are accepted (RFC 9110 §11.6.1). */
import { Settings } from "../config/settings";
import { isPageLoad } from "../http/navigation";
import { Field, Request } from "../http/request";
import { Response } from "../http/response";
import { Answer } from "../outcome/answer";
import { challenge } from "../outcome/problem";
import { Bytes } from "../text/bytes";
import { Decision } from "./decision";

/** Every browser's User-Agent begins with this. */
const BROWSER = "Mozilla/";

/**
 * Adds WWW-Authenticate to a refusal that has a challenge: RFC 6750 §3 for tokens, and Basic for
 * API keys.
 */
export function challengeFor(
  answer: Answer,
  request: Request,
  decision: Decision,
  settings: Settings,
  response: Response,
): void {
  if (!answer.challenge) return;
  const rule = decision.rule;
  const scopes = rule ? rule.scopes : Bytes.empty();
  response.header("WWW-Authenticate", challenge(answer, scopes));
  if (answer.status == 401 && settings.readsBasic && !mayBeBrowser(request)) {
    response.text("WWW-Authenticate", 'Basic realm="API key", charset="UTF-8"');
  }
}

/**
 * git, wget and WebDAV clients send Basic only when it is offered. A browser would ask its user for
 * a password, and then add it to other sites' requests. Over plain http it sends no Fetch Metadata,
 * and its requests for pictures and scripts differ from a program's only in the User-Agent.
 */
function mayBeBrowser(request: Request): bool {
  const agent = request.get(Field.UserAgent);
  if (agent && agent.hasAt(0, BROWSER)) return true;
  const says =
    request.get(Field.FetchSite) !== null ||
    request.get(Field.FetchMode) !== null ||
    request.get(Field.Origin) !== null;
  return says || isPageLoad(request);
}
