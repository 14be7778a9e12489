/** Signs a user in through a peer, as a browser would, and gives the cookies that it set. */
import { request as http, type IncomingMessage } from "node:http";
import { request as https } from "node:https";
import { APPLICATION } from "../workload.ts";
import type { Provider } from "./provider.ts";

const MOST_REDIRECTS = 8;

export interface Entrance {
  /** `host:port` that the application's host is at. */
  address: string;
  path?: string;
  provider: Provider;
}

/** The value of `Cookie`. Throws when the visit does not end with a 200 of the application. */
export async function signIn({
  address,
  path = "/api/flow_runs",
  provider,
}: Entrance): Promise<string> {
  const jar = new Map<string, string>();
  const text = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  let url = new URL(path, `https://${APPLICATION}`);
  for (let hops = 0; hops < MOST_REDIRECTS; hops++) {
    const mine = url.hostname === APPLICATION;
    const response = await visit(url, mine ? { address, cookies: text() } : provider);
    for (const line of mine ? (response.headers["set-cookie"] ?? []) : []) keep(jar, line);
    const { location } = response.headers;
    if (!location) {
      if (response.statusCode === 200 && mine && jar.size > 0) return text();
      throw new Error(`sign-in ended with ${response.statusCode} of ${url.href}`);
    }
    url = new URL(location, url);
    // Without TLS in front of it the application calls itself http; it is the same one.
    if (url.hostname === APPLICATION) url.protocol = "https:";
  }
  throw new Error("sign-in: redirects without end");
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(/;\s*/);
  const at = pair.indexOf("=");
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  const gone = attributes.some((it) => /^max-age=(0|-\d+)$/i.test(it));
  if (gone || value === "") jar.delete(name);
  else jar.set(name, value);
}

/** Names are not looked up: the application is at the peer's address, and all else at the provider's. */
function visit(url: URL, at: { address: string; cookies: string } | Provider) {
  const headers: Record<string, string> = {
    Host: url.host,
    Accept: "text/html",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
  };
  const path = url.pathname + url.search;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent =
      "url" in at
        ? https(at.url + path, { headers, rejectUnauthorized: false }, resolve)
        : http(
            `http://${at.address}${path}`,
            { headers: { ...headers, Cookie: at.cookies } },
            resolve,
          );
    sent.on("response", (response) => response.resume());
    sent.on("error", reject).end();
  });
}
