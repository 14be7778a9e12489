/**
 * What a browser's request says about itself: whether a person waits for a page, and whether it can
 * be redirected.
 */
import { Field, Request } from "./request";

/** Destinations of a page within a page. */
const FRAMES: StaticArray<string> = ["iframe", "frame", "object", "embed"];

/**
 * A top-level page load. A request that a service worker passes on has lost its destination but
 * kept its mode, which no script can set (measured in Chromium). Browsers without Fetch Metadata
 * are recognised by Accept.
 */
export function isNavigation(request: Request): bool {
  return request.method.is("GET") && isPageLoad(request);
}

/** The same for any method, which includes a submitted form. */
export function isPageLoad(request: Request): bool {
  if (request.has(Field.FetchDest, "document")) return true;
  if (request.has(Field.FetchDest, "empty") && request.has(Field.FetchMode, "navigate")) {
    return true;
  }
  const knows = request.get(Field.FetchSite) !== null || request.get(Field.FetchDest) !== null;
  if (knows || request.get(Field.FetchMode) !== null) return false;
  const accept = request.get(Field.Accept);
  return accept !== null && accept.contains("text/html");
}

/** True if a person sees the response: a page, the result of a form, or the content of a frame. */
export function isShown(request: Request): bool {
  if (request.method.is("HEAD")) return false;
  return isPageLoad(request) || isFramed(request);
}

/** True if a page shows it as a part of itself (Fetch, `destination`). */
function isFramed(request: Request): bool {
  const dest = request.get(Field.FetchDest);
  if (!dest || !request.has(Field.FetchMode, "navigate")) return false;
  for (let i = 0; i < FRAMES.length; i++) if (dest.is(FRAMES[i])) return true;
  return false;
}

/** A prefetch: the user did not ask for it, and may never see its result. */
export function isPrefetch(request: Request): bool {
  const purpose = request.get(Field.Purpose);
  return purpose !== null && purpose.contains("prefetch");
}

/**
 * A request for a service worker script, which would control a site's pages; browsers mark it so
 * that servers can refuse.
 */
export function isServiceWorkerScript(request: Request): bool {
  return request.get(Field.ServiceWorker) !== null || request.has(Field.FetchDest, "serviceworker");
}

/**
 * True if the request may be redirected through a login endpoint and back without loss: a GET or
 * HEAD without a body and upgrade, from one of the application's pages or as a navigation.
 */
export function canDetour(request: Request): bool {
  if (!request.method.is("GET") && !request.method.is("HEAD")) return false;
  if (request.get(Field.Upgrade)) return false;
  const names = request.names.all;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (name.isInAnyCase("content-length") || name.isInAnyCase("transfer-encoding")) return false;
  }
  if (request.has(Field.FetchMode, "navigate")) return true;
  return !request.get(Field.FetchSite) || request.has(Field.FetchSite, "same-origin");
}
