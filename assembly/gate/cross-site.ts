/**
 * Defence against other sites, for credentials that the browser adds by itself. Cookies go along with requests that
 * any page makes; `Origin` and `Sec-Fetch-Site` tell which page it was, and no page can forge them.
 */
import { Settings } from "../config/settings";
import { isSafe } from "../http/method";
import { Field, Request } from "../http/request";
import { Bytes } from "../text/bytes";

/** Whether a request with an ambient credential may have come from another site's page. */
export function isCrossSite(request: Request, settings: Settings): bool {
  const origin = request.get(Field.Origin);
  const ours = origin !== null && isOurs(origin, settings);
  if (!isSafe(request.method) || request.get(Field.Upgrade)) {
    if (origin) return !ours;
    return !request.has(Field.FetchSite, "same-origin");
  }
  if (request.has(Field.FetchMode, "navigate")) return false;
  // Behind a proxy that asks (mode auth) a WebSocket's handshake has no Upgrade any more, and Chromium tells no site.
  if (origin) return !ours && !settings.allowsOrigin(origin);
  return request.has(Field.FetchSite, "cross-site") || request.has(Field.FetchSite, "same-site");
}

/** Whether a page of one of our origins asks. */
export function isOurs(origin: Bytes, settings: Settings): bool {
  for (let i = 0; i < settings.origins.length; i++) {
    if (settings.origins[i].equals(origin)) return true;
  }
  return false;
}
