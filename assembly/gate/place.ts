/**
 * The checks before the credential: the request's form, its path and its host. Few requests and
 * few configurations have anything to check here.
 */
import { Mode } from "../config/options";
import { Settings } from "../config/settings";
import { readHost } from "../http/host";
import { isMethod } from "../http/method";
import { Path } from "../http/path";
import { Field, Request } from "../http/request";
import { isUpgrade } from "../http/upgrade";
import { Reason } from "../outcome/reason";
import { Facts } from "../policy/evaluate";
import { Bytes } from "../text/bytes";
import { Decision } from "./decision";
import { isPreflight } from "./special";
import { namesOwned } from "./strip-headers";

/** The decision has not ended. */
export const GO_ON: Reason = <Reason>-1;

/** True if the configuration has what `findPlace` looks at for each request. */
export function hasPlace(settings: Settings): bool {
  const readsQuery = settings.tokenQuery.length > 0;
  const hasSession = settings.session !== null;
  return settings.wants(Field.Host) || readsQuery || hasSession || settings.mode == Mode.Auth;
}

/** Makes these checks. Returns GO_ON, or the reason that ends the decision. */
export function checkFirst(
  request: Request,
  path: Path,
  decision: Decision,
  facts: Facts,
  settings: Settings,
): Reason {
  if (request.tooLarge) return Reason.HeadersTooLarge;
  if (!isMethod(request.method)) return Reason.MethodInvalid;
  const connection = request.get(Field.Connection);
  if (connection && namesOwned(connection, settings)) return Reason.ConnectionNamesOwnedHeader;
  decision.path = path;
  if (path.refused != Reason.None) return path.refused;
  return request.get(Field.RequestMethod) || hasPlace(settings)
    ? findPlace(request, path, decision, facts, settings)
    : GO_ON;
}

/** Finds the host, and removes a token from the query. */
function findPlace(
  request: Request,
  path: Path,
  decision: Decision,
  facts: Facts,
  settings: Settings,
): Reason {
  const hostHeader = request.get(Field.Host);
  const host = hostHeader ? readHost(hostHeader) : Bytes.empty();
  // Without a Host header the application uses its own address or the proxy's, which no rule can
  // know.
  if (!host || (!hostHeader && settings.wants(Field.Host))) return Reason.HostInvalid;
  facts.host = host;
  if (settings.session) {
    decision.origin = settings.originOf(host);
    // The path belongs to the relying party, so rules must not decide on it here.
    if (settings.mode == Mode.Protect && settings.login.covers(path.text)) {
      return Reason.LoginRouterMissing;
    }
  }
  // No rule is evaluated, so none can allow an ambiguous path.
  if (request.get(Field.RequestMethod) && isPreflight(request, settings)) {
    return isUpgrade(request) ? Reason.UpgradeNotAllowed : path.ambiguous;
  }
  const name = settings.tokenQuery;
  if (name.length > 0) path.removeParameter(name);
  return GO_ON;
}
