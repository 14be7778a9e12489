/**
 * The same for mode login: people sign in, refresh and sign out in one guest, and each of their visits goes to a new guest
 * as well, which has a copy of the state folder as it was before. What is random differs: it is left out, and must not
 * come twice.
 */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../../stack/machine/cleanup.ts";
import type { WireRequest } from "../../../src/guest/entrypoint.ts";
import type { Result } from "../../../src/guest/guest.ts";
import type { ForwardedRequest, UpstreamResponse } from "../../../src/guest/proxy.ts";
import { readFields } from "../../../src/session/fields.ts";
import type { Purpose } from "../../../src/session/keys.ts";
import { open } from "../../../src/session/seal.ts";
import { MADE } from "../../cases/case.ts";
import { block, PLACE, SECRET, STATE } from "../../login/configuration.ts";
import { CookieJar, parseSetCookie } from "../../support/cookie-jar.ts";
import type { Dice } from "../../support/dice.ts";
import { FakeProvider, json } from "../../support/fake-provider.ts";
import { rsa } from "../../support/keys.ts";
import { HOST, NAVIGATION, ORIGIN, SCRIPT } from "../../support/login-host.ts";
import { type Claims, CLIENT, ISSUER, signed } from "../../support/tokens.ts";
import { Pair, type Seen } from "./pair.ts";

/** Seconds after which every guest looks for revoked sessions again. */
const LOOKS = 6;
const BUFFERING = { maxRequestBodyBytes: 65_536, maxResponseBodyBytes: 1_048_576 };
const COOKIE = PLACE.name;
const ATTEMPT = `${COOKIE}-login-`;
const REFRESH = COOKIE.replace("__Host-", "__Secure-") + "-refresh";
const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

interface Browser {
  jar: CookieJar;
  name: string;
  subject: string;
  sid: string;
  /** Of its last sign-in that has begun. */
  state: string;
}

export class SignIns {
  private readonly folder = temporaryFolder("served-login");
  private readonly moment = { now: MADE };
  private readonly provider = new FakeProvider(() => this.moment.now / 1000);
  private readonly browsers: Browser[];
  /** Nonces by `state`. */
  private readonly begun = new Map<string, string>();
  private readonly pair: Pair;

  constructor(private readonly dice: Dice) {
    this.browsers = ["alice", "berta"].map((name, i) => ({
      ...{
        jar: new CookieJar(),
        name,
        subject: `8d6f3a6e-000${i}`,
        sid: `sid-${i}`,
        state: "none",
      },
    }));
    mkdirSync(join(this.folder.path, "served"));
    this.pair = new Pair({
      config: block({
        mode: "login",
        stateDir: STATE,
        logLevel: dice.pick(["debug", "info"]),
        login: { userinfo: dice.chance(3) },
        pages: { name: "Example" },
      }),
      moment: this.moment,
      buffering: BUFFERING,
      mounts: [`${this.folder.path}/served:${STATE}`],
      freshMounts: () => this.copied(),
      view: (seen, wire) => this.withoutChance(seen, wire),
    });
  }

  private copied(): string[] {
    const fresh = join(this.folder.path, "fresh");
    rmSync(fresh, { recursive: true, force: true });
    cpSync(join(this.folder.path, "served"), fresh, { recursive: true, preserveTimestamps: true });
    return [`${fresh}:${STATE}`];
  }

  close(): void {
    this.folder.remove();
  }

  /** One visit of somebody. */
  async visit(): Promise<Result> {
    const { dice, provider } = this;
    this.moment.now += (LOOKS + dice.below(5)) * 1000;
    if (dice.chance(40)) this.moment.now += 700_000;
    const browser = dice.pick(this.browsers);
    const wire = await this.request(browser);
    const { name, subject, sid } = browser;
    const roles = { roles: [name === "alice" ? "app-viewer" : "app-owner"] };
    provider.accessToken = { sub: subject, preferred_username: name, realm_access: roles };
    provider.idToken = { sub: subject, sid, preferred_username: name };
    provider.answer = { expires_in: dice.pick([20, 600]) };
    provider.userInfo = { sub: subject, preferred_username: name };
    if (dice.chance(25)) await this.pair.trap(wire, dice.between(1, 30));
    const result = await this.pair.compare(wire, (it) => this.answer(it));
    const { response } = result;
    browser.jar.take(response.headers.values("Set-Cookie"));
    this.remember(browser, response.headers.get("Location"));
    return result;
  }

  /** Mostly the provider's, sometimes none. */
  private async answer(request: ForwardedRequest): Promise<UpstreamResponse> {
    if (!this.dice.chance(12)) return this.provider.upstream(request);
    return this.dice.pick([
      json({ error: "invalid_grant" }, 400),
      { status: 500, body: "canary" },
      { dies: true, body: "{" },
      { unreachable: true },
    ]);
  }

  private async request(browser: Browser): Promise<WireRequest> {
    const { dice } = this;
    const wire = await this.route(browser);
    const jar = dice.chance(10) ? dice.pick(this.browsers).jar : browser.jar;
    const cookie = dice.chance(10) ? undefined : jar.header(wire.target.split("?")[0]!);
    const headers: Record<string, string> = {
      Host: dice.chance(25) ? "evil.example.net" : HOST,
      ...(dice.chance(4) ? SCRIPT : NAVIGATION),
      ...(wire.headers as Record<string, string> | undefined),
    };
    if (cookie) headers.Cookie = cookie;
    if (dice.chance(3)) headers["Accept-Language"] = dice.pick(["de", "fr", "ja", "xx"]);
    if (dice.chance(4)) headers["X-Request-Id"] = `${browser.name}-${dice.below(5)}`;
    if (dice.chance(40)) headers["Sec-Purpose"] = "prefetch";
    return { ...wire, headers, remote: `192.0.2.${dice.below(3)}:4711` };
  }

  private async route(browser: Browser): Promise<WireRequest> {
    const { dice } = this;
    const rd = encodeURIComponent(dice.pick(["/", "/a?b=c", "//evil", `/${"l".repeat(900)}`, ""]));
    if (dice.chance(4)) return this.seldom(browser);
    if (browser.jar.get(COOKIE) === undefined || dice.chance(6)) {
      if (browser.state !== "none" && !dice.chance(3)) return this.callback(browser);
      return { target: `/oidc/login?rd=${rd}${dice.chance(5) ? "&account=other" : ""}` };
    }
    if (dice.chance(3)) return { target: dice.pick(["/oidc/session", "/oidc/userinfo"]) };
    return { target: `/oidc/refresh${dice.chance(3) ? "" : `?rd=${rd}`}` };
  }

  /** Sign-outs, and what is nowhere. */
  private async seldom({ subject, sid }: Browser): Promise<WireRequest> {
    const { dice } = this;
    const headers = { ...FORM, Origin: dice.pick([ORIGIN, "https://evil.example.net"]) };
    switch (dice.below(5)) {
      case 0:
        return { target: "/oidc/logout" };
      case 1:
        return { target: "/oidc/logout", method: "POST", headers, body: "" };
      case 2:
        return {
          ...{ target: "/oidc/backchannel-logout", method: "POST", headers: FORM },
          body: `logout_token=${await this.logoutToken(subject, sid)}`,
        };
      case 3: {
        const issuer = encodeURIComponent(ISSUER);
        return { target: `/oidc/frontchannel-logout?iss=${issuer}&sid=${sid}` };
      }
      default:
        return { target: `/oidc/${dice.pick(["signed-out", "nothing", "verify", "login/x", ""])}` };
    }
  }

  private callback(browser: Browser): WireRequest {
    const { dice, provider } = this;
    const other = dice.pick([...this.begun.keys(), "nonsense"]);
    const state = dice.chance(6) ? other : browser.state;
    provider.nonce = dice.chance(15) ? "another" : (this.begun.get(state) ?? "");
    provider.signedIn = this.moment.now / 1000;
    // One that the provider has ended stays so.
    browser.sid = `sid-${this.moment.now}`;
    if (!dice.chance(10)) browser.state = "none";
    if (dice.chance(10)) return { target: `/oidc/callback?error=access_denied&state=${state}` };
    return { target: `/oidc/callback?code=code-${dice.below(99)}&state=${state}` };
  }

  private logoutToken(subject: string, sid: string): Promise<string> {
    const now = Math.floor(this.moment.now / 1000);
    const claims: Claims = {
      ...{ iss: ISSUER, aud: CLIENT, iat: now, exp: now + 120, jti: `jti-${now}` },
      ...(this.dice.chance(2) ? { sid } : { sub: subject }),
      ...(this.dice.chance(8) ? {} : { events: { [LOGOUT_EVENT]: {} } }),
    };
    return signed(claims, rsa, { typ: "logout+jwt" });
  }

  private remember(browser: Browser, location: string | undefined): void {
    const { searchParams } = new URL(location ?? "/", ORIGIN);
    const [state, nonce] = [searchParams.get("state"), searchParams.get("nonce")];
    if (!state || !nonce || this.begun.has(state)) return;
    assert.ok(![...this.begun.values()].includes(nonce), "a nonce came twice");
    this.begun.set(state, nonce);
    browser.state = state;
  }

  /** What is sealed is opened, and what is random in it left out, unless it came with the request. */
  private withoutChance(seen: Seen, { target, headers }: WireRequest): unknown {
    const given = target + JSON.stringify(headers);
    return {
      ...seen,
      headers: seen.headers.map(([name, value]) => {
        if (name === "Set-Cookie") return [name, cookieOf(value, given)];
        return [name, name === "Location" ? addressOf(value, given) : value];
      }),
    };
  }
}

function cookieOf(line: string, given: string): unknown {
  const { name, value, attributes } = parseSetCookie(line);
  const id = name.startsWith(ATTEMPT) ? name.slice(ATTEMPT.length) : "";
  const isNew = id !== "" && !given.includes(id);
  const known = isNew ? `${ATTEMPT}(id)` : name;
  if (name === COOKIE) return [known, opened("session", name, value, [1], given), attributes];
  if (name === REFRESH) return [known, opened("refresh", name, value, [1], given), attributes];
  if (id !== "") return [known, opened("attempt", name, value, [0], given), attributes];
  return [known, value, attributes];
}

function addressOf(location: string, given: string): unknown {
  const url = new URL(location, ORIGIN);
  return [
    url.origin + url.pathname,
    ...[...url.searchParams].map(([name, value]) => {
      if (given.includes(value)) return [name, value];
      if (name === "nonce" || name === "code_challenge") return [name, value.length];
      if (name !== "state") return [name, value];
      const [id = "", sealed = ""] = value.split(".");
      return [name, id.length, opened("state", id, sealed, [], given)];
    }),
  ];
}

/** `random`: the fields that are. */
function opened(purpose: Purpose, name: string, sealed: string, random: number[], given: string) {
  if (sealed === "" || given.includes(sealed)) return sealed;
  const text = open([SECRET], { purpose, name, scope: PLACE.scope }, sealed);
  const fields = text && readFields(text);
  if (!fields) return `(not sealed) ${sealed}`;
  return fields.map((it, i) =>
    random.includes(i) ? it.length : Buffer.from(it).toString("latin1"),
  );
}
