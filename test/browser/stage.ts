/** What a test file of sign-in needs: the stack, Chromium's windows, scripted browsers, and their end. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import type { Page } from "playwright-core";
import type { Provider } from "../../stack/provider/provider.ts";
import {
  startSignInStack,
  type SignInOptions,
  type SignInStack,
} from "../../stack/sign-in-stack.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import type { Received } from "../../stack/upstream/upstream.ts";
import { HttpBrowser, type BrowserOptions, type Visit } from "../support/http-browser.ts";
import { ageAttempts, ageIn, ageInWindow, sessionLife } from "./older.ts";
import { Windows } from "./window.ts";

export class Stage {
  stack!: SignInStack;
  readonly windows = new Windows();
  #browsers: HttpBrowser[] = [];
  #made: Provider | null = null;

  /**
   * Starts it before the tests of this file, or of the `describe` around, and ends it after them. What has to be made
   * first is made by a function.
   */
  constructor(options: SignInOptions | (() => Promise<SignInOptions>) = {}) {
    before(async () => {
      const made = typeof options === "function" ? await options() : options;
      // One that was made for it ends with it.
      if (typeof options === "function") this.#made = made.provider ?? null;
      this.stack = await startSignInStack(made);
    });
    beforeEach(() => this.#reset());
    afterEach(async () => {
      for (const browser of this.#browsers.splice(0)) browser.close();
      await this.windows.closeAll();
    });
    after(async () => {
      await this.windows.stop();
      await this.stack?.stop();
      await this.#made?.stop();
    });
  }

  get provider() {
    return this.stack.provider;
  }

  #reset(): void {
    const { provider, upstream } = this.stack;
    provider.network.reset();
    provider.faults.end();
    Object.assign(provider.lifetimes, { access: 3600, id: 3600 });
    upstream.received.length = 0;
  }

  /** Of the application. */
  url(path = "/"): string {
    return this.stack.url + path;
  }

  /** Path of a file in the stack's state folder. */
  stateFile(kind: Parameters<typeof stateFile>[0]): string {
    return join(this.stack.stateFolder, stateFile(kind, this.provider.issuer));
  }

  /** A scripted browser without cookies. Every host is this machine. */
  browser(options: BrowserOptions = {}): HttpBrowser {
    const browser = new HttpBrowser({ address: "127.0.0.1", ...options });
    this.#browsers.push(browser);
    return browser;
  }

  /** Goes to the application from the address bar, and signs in at the provider's page on the way. */
  async signIn(user = "bob", path = "/api/runs", browser = this.browser()): Promise<HttpBrowser> {
    const page = await browser.go(this.url(path), { from: null });
    assertProvidersPage(page, this.provider.issuer);
    const visit = await browser.submit({ user });
    assert.equal(visit.status, 200, trail(visit));
    return browser;
  }

  /** Names of the cookies: without prefixes on plain http. */
  get cookieNames() {
    const tls = this.stack.url.startsWith("https:");
    return {
      session: tls ? "__Host-rolegate" : "rolegate",
      refresh: tls ? "__Secure-rolegate-refresh" : "rolegate-refresh",
      attempt: tls ? "__Host-rolegate-login-" : "rolegate-login-",
    };
  }

  cookie(browser: HttpBrowser, kind: "session" | "refresh"): string | undefined {
    const name = this.cookieNames[kind];
    return browser.cookies(this.url("/oidc/x")).find(({ key }) => key === name)?.value;
  }

  /** As if so many seconds had passed for the session of a browser. */
  async age(who: HttpBrowser | Page, seconds: number): Promise<void> {
    const source = this.#source("session");
    if (who instanceof HttpBrowser) await ageIn(who, source, seconds);
    else await ageInWindow(who.context(), source, seconds);
  }

  #source(kind: "session" | "attempt") {
    const { url, secret, clientId, provider } = this.stack;
    return { url, secret, issuer: provider.issuer, clientId, name: this.cookieNames[kind] };
  }

  /** As if so many seconds had passed for the sign-ins of a window; gives back how many there are. */
  ageAttempts(page: Page, seconds: number): Promise<number> {
    return ageAttempts(page.context(), this.#source("attempt"), seconds);
  }

  /** As if it were over, and could still be refreshed. */
  async expire(who: HttpBrowser | Page): Promise<void> {
    await this.age(who, sessionLife + 5);
  }

  /** Refreshes that the provider was asked for. */
  refreshes(): number {
    return this.provider.network
      .of("token")
      .filter(({ body }) => new URLSearchParams(body).get("grant_type") === "refresh_token").length;
  }
}

export function assertProvidersPage(visit: Visit, issuer: string): void {
  assert.equal(visit.status, 200, trail(visit));
  assert.ok(visit.url.startsWith(`${issuer}/interaction/`), trail(visit));
}

/** Each step of a visit, for messages. */
export function trail(visit: Visit): string {
  const steps = [...visit.before, visit].map(({ status, url }) => `${status} ${url}`);
  return `${steps.join("\n")}\n${visit.body.slice(0, 2_000)}`;
}

/** What the application received. */
export function echo(visit: Visit): Received {
  assert.equal(visit.status, 200, trail(visit));
  return JSON.parse(visit.body) as Received;
}
