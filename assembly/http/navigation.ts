/** What a browser's request says of itself: whether a person waits for a page, and whether it can be sent elsewhere. */
import { Field, Request } from "./request";

/** What holds a page within a page. */
const FRAMES: StaticArray<string> = ["iframe", "frame", "object", "embed"];

/**
 * A top-level page load. One that a service worker passes on has lost what it is for and kept its mode, which no script
 * can set (measured in Chromium). Browsers without Fetch Metadata are known by what they accept.
 */
export function isNavigation(request: Request): bool {
  return request.method.is("GET") && isPageLoad(request);
}

/** The same of any method: a form that was sent is one, too. */
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

/** Whether a person sees the answer: a page, what was sent by a form, or what a page shows in a frame. */
export function isShown(request: Request): bool {
  if (request.method.is("HEAD")) return false;
  return isPageLoad(request) || isFramed(request);
}

/** Whether a page shows it as a part of itself (Fetch, `destination`). */
function isFramed(request: Request): bool {
  const dest = request.get(Field.FetchDest);
  if (!dest || !request.has(Field.FetchMode, "navigate")) return false;
  for (let i = 0; i < FRAMES.length; i++) if (dest.is(FRAMES[i])) return true;
  return false;
}

/** Sent on purpose and not by the user: what it fetches may never be seen. */
export function isPrefetch(request: Request): bool {
  const purpose = request.get(Field.Purpose);
  return purpose !== null && purpose.contains("prefetch");
}

/** Asks for a script that is to stand between a site's pages and the network; browsers mark it so that servers can refuse. */
export function isServiceWorkerScript(request: Request): bool {
  return request.get(Field.ServiceWorker) !== null || request.has(Field.FetchDest, "serviceworker");
}

/**
 * Whether it may be sent through another address of ours and come back as it was: a GET or HEAD without a body, no
 * upgrade, of a page of our own or a navigation.
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
