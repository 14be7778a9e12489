/** Preflights, upgrades, and refusals that are reported or turned into a detour. */
import { Settings } from "../config/settings";
import { Elements } from "../http/elements";
import { isMethod } from "../http/method";
import { Path } from "../http/path";
import { Field, Request } from "../http/request";
import { isUpgrade } from "../http/upgrade";
import { RETURN_ADDRESS_BYTES } from "../limits";
import { codeOf, Reason } from "../outcome/reason";
import { namesUpgrade } from "../policy/evaluate";
import { Rule } from "../policy/rule";

/**
 * With `reportOnly`, requests denied by policy are forwarded anonymously. Ambiguous and cross-site
 * requests are still refused.
 */
export function isReportable(reason: Reason): bool {
  if (reason == Reason.None) return false;
  if (reason == Reason.SessionDue) return false;
  const code = codeOf(reason);
  return code == "authentication_required" || code == "invalid_token" || code == "forbidden";
}

/**
 * True for an upgrade to another protocol. It is refused also with `reportOnly`, because no rule
 * sees what a tunnel carries.
 */
export function isTunnel(request: Request): bool {
  return isUpgrade(request) && !mayUpgrade(request, null);
}

/** True if each offered protocol is WebSocket or one that the rule names. */
export function mayUpgrade(request: Request, rule: Rule | null): bool {
  const byGet = request.isGet;
  const offered = new Elements(request.get(Field.Upgrade)!);
  let it = offered.next();
  if (!it) return false;
  for (; it; it = offered.next()) {
    if (byGet && it.isInAnyCase("websocket")) continue;
    if (!rule) return false;
    if (!namesUpgrade(rule.match, it) && !namesUpgrade(rule.expression, it)) return false;
  }
  return true;
}

/**
 * True for a CORS preflight of an allowed origin (Fetch §4.8): it has no credential and precedes
 * the request itself.
 */
export function isPreflight(request: Request, settings: Settings): bool {
  const origin = request.get(Field.Origin);
  const method = request.get(Field.RequestMethod);
  if (!origin || !method || !request.method.is("OPTIONS")) return false;
  if (request.get(Field.Token) || request.get(Field.Cookie)) return false;
  return isMethod(method) && settings.allowsOrigin(origin);
}

/**
 * True if a sign-in or refresh can return to this address. From any other address a session that
 * holds is not refreshed.
 */
export function canReturnTo(path: Path): bool {
  return path.ambiguous == Reason.None && path.uri.length <= RETURN_ADDRESS_BYTES;
}
