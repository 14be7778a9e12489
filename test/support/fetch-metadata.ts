/** What a browser says of a request's origin (W3C Fetch Metadata §2), and which cookies it sends for that (RFC 6265bis §5.2). */

export interface Initiator {
  /** The page that asks; null for the address bar. */
  from: string | null;
  /** The address asked for, and those that redirects led to. */
  chain: string[];
}

/** Scheme and registrable domain. Tests have hosts of one or two labels, and those under `localhost`. */
function siteOf(url: string): string {
  const { protocol, hostname } = new URL(url);
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  const labels = hostname.split(".");
  const kept = labels.at(-1) === "localhost" ? 1 : 2;
  return `${protocol}//${isAddress ? hostname : labels.slice(-kept).join(".")}`;
}

export type Site = "none" | "same-origin" | "same-site" | "cross-site";

export function fetchSite({ from, chain }: Initiator): Site {
  if (from === null) return "none";
  const { origin } = new URL(from);
  if (chain.every((url) => new URL(url).origin === origin)) return "same-origin";
  return chain.every((url) => siteOf(url) === siteOf(from)) ? "same-site" : "cross-site";
}

/** `lax` and `strict` by name; `none`: only cookies that are for other sites too. */
export function sameSiteContext(site: Site, isSafeNavigation: boolean): "strict" | "lax" | "none" {
  if (site !== "cross-site") return "strict";
  return isSafeNavigation ? "lax" : "none";
}
