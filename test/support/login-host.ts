/**
 * Mode login on the Node host: a guest, Traefik's buffering behind it, a provider in this process, a browser's cookies, and
 * a clock that stands still until the test moves it.
 */
import type { Result } from "../../src/guest/guest.ts";
import type { GuestOptions } from "../../src/guest/load.ts";
import { CookieJar } from "./cookie-jar.ts";
import { FakeProvider } from "./fake-provider.ts";
import { fileForm } from "./forms.ts";
import { type AnyGuest, loadGate } from "./gate.ts";

export const HOST = "app.example.com";
export const ORIGIN = `https://${HOST}`;
const BUFFERING = { maxRequestBodyBytes: 65_536, maxResponseBodyBytes: 1_048_576 };

/** What a browser sends when a person opens an address, or a script of our own page fetches one. */
export const NAVIGATION = {
  "Sec-Fetch-Dest": "document",
  "Sec-Fetch-Mode": "navigate",
  "Sec-Fetch-Site": "none",
};
export const SCRIPT = {
  "Sec-Fetch-Dest": "empty",
  "Sec-Fetch-Mode": "cors",
  "Sec-Fetch-Site": "same-origin",
};

export interface Ask {
  method?: string;
  host?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Whose cookies; the host's own when absent, none when null. */
  jar?: CookieJar | null;
  /** Address and port of the connection. */
  remote?: string;
  /** Whether what is set is kept; default: yes. */
  keeps?: boolean;
}

export class Clock {
  ms = Math.floor(Date.now() / 1000) * 1000;

  get seconds(): number {
    return this.ms / 1000;
  }

  pass(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

export class LoginHost {
  jar = new CookieJar();

  private constructor(
    readonly guest: AnyGuest,
    readonly provider: FakeProvider,
    readonly clock: Clock,
  ) {}

  static async start(
    config: Record<string, unknown>,
    more: Partial<GuestOptions> & { clock?: Clock; provider?: FakeProvider } = {},
    load: (config: unknown, more: Partial<GuestOptions>) => Promise<AnyGuest> = loadGate,
  ): Promise<LoginHost> {
    const { clock = new Clock(), provider = new FakeProvider(() => clock.seconds), ...rest } = more;
    const guest = await load(fileForm({ mode: "login", ...config }), {
      buffering: BUFFERING,
      now: () => clock.ms,
      ...rest,
    });
    const mistakes = guest.startLogs.filter(({ data }) => data?.code && data?.level !== "warning");
    const { errors } = await guest.check();
    if (errors > 0) throw new Error(`the configuration is wrong: ${JSON.stringify(mistakes)}`);
    return new LoginHost(guest, provider, clock);
  }

  /** One visit. Redirects are given back. */
  async visit(target: string, ask: Ask = {}): Promise<Result> {
    const { method = "GET", host = HOST, headers = NAVIGATION, body } = ask;
    const jar = ask.jar === undefined ? this.jar : ask.jar;
    const cookie = jar?.header(target.split("?")[0]!);
    const result = await this.guest.handle(
      {
        method,
        target,
        headers: { Host: host, ...headers, ...(cookie ? { Cookie: cookie } : {}) },
        ...(body === undefined ? {} : { body }),
        ...(ask.remote === undefined ? {} : { remote: ask.remote }),
      },
      this.provider.upstream,
    );
    if (result.trap) throw result.trap;
    if (ask.keeps ?? true) jar?.take(result.response.headers.values("Set-Cookie"));
    return result;
  }

  /** Begins a sign-in; returns the authorization request's parameters. */
  async begin(rd = "/", ask: Ask = {}): Promise<URLSearchParams> {
    const result = await this.visit(`/oidc/login?rd=${encodeURIComponent(rd)}`, ask);
    const location = locationOf(result);
    if (result.response.status !== 302 || !location?.startsWith(`${this.provider.origin}/`)) {
      throw new Error(`no sign-in began: ${result.response.status} ${said(result)}`);
    }
    const parameters = new URL(location).searchParams;
    this.provider.nonce = parameters.get("nonce")!;
    this.provider.signedIn = this.clock.seconds;
    return parameters;
  }

  /** The provider sends the browser back. */
  end(parameters: URLSearchParams, more: Record<string, string> = {}, ask: Ask = {}) {
    const query = new URLSearchParams({
      code: "code-1",
      state: parameters.get("state")!,
      ...more,
    });
    return this.visit(`/oidc/callback?${query}`, ask);
  }

  async signIn(rd = "/", ask: Ask = {}): Promise<Result> {
    return this.end(await this.begin(rd, ask), {}, ask);
  }
}

export const locationOf = ({ response }: Result) => response.headers.get("Location");

/** Events of sign-in in the log. */
export const events = ({ logs }: Result) =>
  logs.flatMap(({ data }) => (data?.rolegate === "login" ? [data.event as string] : []));

/** What the log says of them. */
export const said = ({ logs }: Result) =>
  logs
    .map(({ data }) => JSON.stringify(data))
    .filter((it) => it?.includes("login"))
    .join("\n");
