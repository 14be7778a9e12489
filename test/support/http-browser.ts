/**
 * A browser without a window, for the many tests of sign-in that need no Chromium: cookies by the rules (RFC 6265bis,
 * prefixes and SameSite included), redirects, Fetch Metadata, and forms. It runs no script and caches nothing.
 */
import { Agent as PlainAgent, request as http } from "node:http";
import { Agent as TlsAgent, request as https } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { LookupFunction } from "node:net";
import { CookieJar, type Cookie } from "tough-cookie";
import { fetchSite, sameSiteContext, type Initiator } from "./fetch-metadata.ts";

export interface Ask {
  method?: string;
  /** Name -> value; they come after, and replace, those that the browser sends by itself. Null takes one away. */
  headers?: Record<string, string | null>;
  body?: string;
  /** How it came about: `navigate` as by a link or the address bar, `cors` as by `fetch()`. */
  mode?: "navigate" | "cors";
  /** The page that asks, or null for the address bar. The page that was visited last when absent. */
  from?: string | null;
  /** False: the redirect itself is what is given back. */
  follow?: boolean;
  signal?: AbortSignal;
}

export interface Visit {
  url: string;
  status: number;
  headers: IncomingHttpHeaders;
  /** `Set-Cookie` lines of this response. */
  setCookies: string[];
  body: string;
  /** What led here. */
  before: Visit[];
}

export interface BrowserOptions {
  /** Of which addresses cookies are kept; of all when absent. */
  keeps?: (url: string) => boolean;
  /** Of which address all hosts are; that of the machine's own look-up when absent. */
  address?: string;
}

const mostRedirects = 25;
const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

export class HttpBrowser {
  readonly jar = new CookieJar(undefined, {
    prefixSecurity: "strict",
    allowSpecialUseDomain: true,
  });
  /** The page that the window shows. */
  page: Visit | null = null;
  #connections = { keepAlive: true, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] };
  #plain = new PlainAgent(this.#connections);
  #tls = new TlsAgent(this.#connections);

  constructor(private readonly settings: BrowserOptions = {}) {}

  /** Goes to a page, and to where that leads. */
  async go(url: string, ask: Ask = {}): Promise<Visit> {
    this.page = await this.#follow(url, { mode: "navigate", ...ask });
    return this.page;
  }

  /** A script's `fetch()` on the current page; it follows redirects as that does. */
  fetch(url: string, ask: Ask = {}): Promise<Visit> {
    return this.#follow(new URL(url, this.page?.url).href, { mode: "cors", ...ask });
  }

  /** Sends the first form of the current page, with its hidden fields. */
  submit(fields: Record<string, string> = {}): Promise<Visit> {
    const { url, body } = this.page!;
    const form = body.match(/<form\b[^>]*>[\s\S]*?<\/form>/i)?.[0];
    if (!form) throw new Error(`no form on ${url}:\n${body}`);
    const attribute = (tag: string, name: string) =>
      tag.match(new RegExp(`\\b${name}="([^"]*)"`, "i"))?.[1]?.replaceAll("&amp;", "&");
    const hidden = [...form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/gi)].map(([tag]) => [
      attribute(tag, "name") ?? "",
      attribute(tag, "value") ?? "",
    ]);
    const tag = form.match(/^<form\b[^>]*>/i)![0];
    const target = new URL(attribute(tag, "action") ?? url, url);
    const sent = new URLSearchParams([...hidden, ...Object.entries(fields)] as [string, string][]);
    if (attribute(tag, "method")?.toLowerCase() !== "post") {
      target.search = sent.toString();
      return this.go(target.href);
    }
    return this.go(target.href, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: sent.toString(),
    });
  }

  /** The cookies that it would send there. */
  cookies(url: string): Cookie[] {
    return this.jar.getCookiesSync(url);
  }

  close(): void {
    this.#plain.destroy();
    this.#tls.destroy();
  }

  async #follow(url: string, ask: Ask): Promise<Visit> {
    const from = ask.from === undefined ? (this.page?.url ?? null) : ask.from;
    const initiator: Initiator = { from, chain: [url] };
    const before: Visit[] = [];
    let { method = "GET", body } = ask;
    for (let at = url; ;) {
      const visit = await this.#once(at, { ...ask, method, body }, initiator);
      visit.before = [...before];
      const { location } = visit.headers;
      if (ask.follow === false || !isRedirect(visit.status) || location === undefined) return visit;
      before.push(visit);
      if (before.length > mostRedirects) {
        throw new Error(`redirects without end: ${before.map((it) => it.url).join("\n")}`);
      }
      // 307 and 308 repeat the request; the others make a GET of it, RFC 9110 §15.4.
      if (visit.status < 307 && method !== "HEAD") [method, body] = ["GET", undefined];
      at = new URL(location, at).href;
      initiator.chain.push(at);
    }
  }

  async #once(url: string, ask: Ask, initiator: Initiator): Promise<Visit> {
    const { method = "GET", mode = "navigate", body } = ask;
    const navigates = mode === "navigate";
    const site = fetchSite(initiator);
    const sameSite = sameSiteContext(site, navigates && ["GET", "HEAD"].includes(method));
    const cookie = await this.jar.getCookieString(url, { sameSiteContext: sameSite });
    const origin = initiator.from ? new URL(initiator.from).origin : null;
    const headers: Record<string, string | null> = {
      Accept: navigates ? "text/html,application/xhtml+xml,*/*;q=0.8" : "*/*",
      "User-Agent": "rolegate-test",
      "Sec-Fetch-Dest": navigates ? "document" : "empty",
      "Sec-Fetch-Mode": mode,
      "Sec-Fetch-Site": site,
      Cookie: cookie || null,
      // Of a GET it is sent only to another origin, by a script.
      Origin:
        origin && (method !== "GET" || (!navigates && site !== "same-origin")) ? origin : null,
      ...ask.headers,
      ...(body === undefined ? { "Content-Type": null } : {}),
    };
    const visit = await this.#send(url, method, headers, body, ask.signal);
    const { keeps = () => true } = this.settings;
    for (const line of keeps(url) ? visit.setCookies : []) {
      await this.jar.setCookie(line, url, { ignoreError: true, sameSiteContext: sameSite });
    }
    return visit;
  }

  #send(
    url: string,
    method: string,
    headers: Record<string, string | null>,
    body: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Visit> {
    const tls = url.startsWith("https:");
    const sent = Object.fromEntries(
      Object.entries(headers).filter((it): it is [string, string] => it[1] !== null),
    );
    const { address } = this.settings;
    const options = {
      method,
      headers: body === undefined ? sent : { ...sent, "Content-Length": Buffer.byteLength(body) },
      agent: tls ? this.#tls : this.#plain,
      signal,
      lookup: address
        ? (((_host, _options, found) => found(null, [{ address, family: 4 }])) as LookupFunction)
        : undefined,
    };
    return new Promise((resolve, reject) => {
      const request = (tls ? https : http)(url, options as object, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            url,
            status: response.statusCode!,
            headers: response.headers,
            setCookies: response.headers["set-cookie"] ?? [],
            body: Buffer.concat(parts).toString(),
            before: [],
          }),
        );
      });
      // A WebSocket that was let in is closed at once.
      request.on("upgrade", ({ statusCode, headers: got }, socket) => {
        socket.destroy();
        const [status, setCookies] = [statusCode!, got["set-cookie"] ?? []];
        resolve({ url, status, headers: got, setCookies, body: "", before: [] });
      });
      request.on("error", (error) => {
        // A kept connection that was closed as the request went out: browsers make another.
        if (request.reusedSocket && !signal?.aborted) {
          this.#send(url, method, headers, body, signal).then(resolve, reject);
        } else reject(error);
      });
      request.end(body);
    });
  }
}
