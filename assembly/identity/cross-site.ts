/**
 * Cross-site request forgery. The browser adds ambient credentials to requests of any page;
 * `Origin` and `Sec-Fetch-Site` name the page, and no page can forge them.
 */
import { Settings } from "../config/settings";
import { Field, Request } from "../http/request";
import { Bytes } from "../text/bytes";

/** True if another site's page may have made this request with an ambient credential. */
export function isCrossSite(request: Request, settings: Settings): bool {
  if (!request.isSafe || request.get(Field.Upgrade)) return !isOwnPage(request, settings);
  if (request.has(Field.FetchMode, "navigate")) return false;
  // Behind a proxy that asks (mode auth) a WebSocket handshake has no Upgrade header, and Chromium
  // sends no Sec-Fetch-Site.
  const origin = request.get(Field.Origin);
  if (origin) return !isOwnPage(request, settings) && !settings.allowsOrigin(origin);
  return request.has(Field.FetchSite, "cross-site") || request.has(Field.FetchSite, "same-site");
}

/**
 * True if the request shows that one of this application's pages made it. `Sec-Fetch-Site` decides
 * where there is no `Origin`, or where it is `null`: a page's own form sends `null` under the
 * referrer policy `no-referrer` (Fetch §3.2), and a sandboxed frame is cross-site.
 */
export function isOwnPage(request: Request, settings: Settings): bool {
  const origin = request.get(Field.Origin);
  if (origin && !origin.is("null")) return isOurs(origin, settings);
  return request.has(Field.FetchSite, "same-origin");
}

/** True if the origin is one of `publicUrl`. */
export function isOurs(origin: Bytes, settings: Settings): bool {
  for (let i = 0; i < settings.origins.length; i++) {
    if (settings.origins[i].equals(origin)) return true;
  }
  return false;
}
