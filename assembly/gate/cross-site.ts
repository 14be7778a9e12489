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
  if (!isSafe(request.method) || request.get(Field.Upgrade)) return !isOwnPage(request, settings);
  if (request.has(Field.FetchMode, "navigate")) return false;
  // Behind a proxy that asks (mode auth) a WebSocket's handshake has no Upgrade any more, and Chromium tells no site.
  const origin = request.get(Field.Origin);
  if (origin) return !isOwnPage(request, settings) && !settings.allowsOrigin(origin);
  return request.has(Field.FetchSite, "cross-site") || request.has(Field.FetchSite, "same-site");
}

/**
 * Whether a page of ours shows that it asks. Without an origin `Sec-Fetch-Site` tells, and so it does beside `null`: a
 * page's own form has that under the referrer policy `no-referrer` (Fetch §3.2), and a sandboxed frame is cross-site.
 */
export function isOwnPage(request: Request, settings: Settings): bool {
  const origin = request.get(Field.Origin);
  if (origin && !origin.is("null")) return isOurs(origin, settings);
  return request.has(Field.FetchSite, "same-origin");
}

/** Whether it is one of `publicUrl`. */
export function isOurs(origin: Bytes, settings: Settings): bool {
  for (let i = 0; i < settings.origins.length; i++) {
    if (settings.origins[i].equals(origin)) return true;
  }
  return false;
}
