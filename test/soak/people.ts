/**
 * Who comes to an application in a day, each a loop until it is stopped: people with browsers, programs with tokens,
 * and scanners. What came of each thing that they did is counted by its kind.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import type { SignInStack } from "../../stack/sign-in-stack.ts";
import { ageIn, sessionLife } from "../browser/older.ts";
import { HttpBrowser, type Visit } from "../support/http-browser.ts";

/** What was done, and what came of it. */
export class Tally {
  readonly done: Record<string, number> = {};
  /** `read: 503` -> how often; only what was not to come. */
  readonly wrong: Record<string, number> = {};
  /** The first of each kind, in full. */
  readonly samples: Record<string, string> = {};

  note(what: string, expected: unknown, came: unknown, sample = ""): void {
    this.done[what] = (this.done[what] ?? 0) + 1;
    if (came === expected) return;
    const kind = `${what}: ${String(came)} in the place of ${String(expected)}`;
    this.wrong[kind] = (this.wrong[kind] ?? 0) + 1;
    this.samples[kind] ??= sample;
  }
}

export interface World {
  stack: SignInStack;
  tally: Tally;
  isOpen(): boolean;
  /** Milliseconds between two things that one of them does. */
  pause: number;
}

const path = "/api/runs";
export const newBrowser = () => new HttpBrowser({ address: "127.0.0.1" });

const steps = (visit: Visit) =>
  [...visit.before, visit].map(({ status, url }) => `${status} ${url.slice(0, 120)}`).join(" | ");

async function attempt<T>(world: World, what: string, act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    world.tally.note(what, "an answer", code ?? "an error", message);
    return null;
  }
}

async function read(world: World, browser: HttpBrowser, what = "read"): Promise<void> {
  const visit = await attempt(world, what, () => browser.fetch(world.stack.url + path));
  if (visit) world.tally.note(what, 200, visit.status, steps(visit));
}

/** From the address bar to the application, by way of the provider's page. */
export async function signIn(world: World, browser: HttpBrowser, user: string): Promise<boolean> {
  const visit = await attempt(world, "sign-in", async () => {
    const page = await browser.go(world.stack.url + path, { from: null });
    return /\/interaction\//.test(page.url) ? browser.submit({ user }) : page;
  });
  if (!visit) return false;
  world.tally.note("sign-in", 200, visit.status, steps(visit));
  return visit.status === 200;
}

/** Its session is over, and can be refreshed. */
async function expire({ stack }: World, browser: HttpBrowser): Promise<void> {
  const { url, secret, clientId, provider } = stack;
  const source = { url, secret, clientId, issuer: provider.issuer, name: "rolegate" };
  await ageIn(browser, source, sessionLife + 5);
}

async function refresh(world: World, browser: HttpBrowser): Promise<void> {
  await expire(world, browser);
  const visit = await attempt(world, "refresh", () => browser.go(world.stack.url + path));
  if (!visit) return;
  world.tally.note("refresh", 200, visit.status, steps(visit));
  const page = visit.before.find(({ url }) => /\/interaction\//.test(url));
  if (page) world.tally.note("refresh", "nothing", "a page of the provider's", steps(visit));
}

/** How often a page connects again. */
const CONNECTIONS = 3;

/**
 * Says something and hears it, `times` over. A handshake cannot be sent through refresh, so one with a session that is
 * out of date is refused with 401: the page's next request refreshes the session, and the page connects again.
 */
async function talk(world: World, browser: HttpBrowser, times: number): Promise<void> {
  let outcome = await conversation(world, browser, times);
  for (let i = 1; i < CONNECTIONS && outcome.endsWith("401"); i++) {
    await read(world, browser);
    outcome = await conversation(world, browser, times);
  }
  world.tally.note("WebSocket", "heard", outcome);
}

async function conversation(world: World, browser: HttpBrowser, times: number): Promise<string> {
  const Cookie = await browser.jar.getCookieString(`${world.stack.url}/`);
  return new Promise<string>((resolve) => {
    const { url } = world.stack;
    const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, {
      headers: { Cookie, Origin: url },
      lookup: ((_host: string, _options: object, found: (...all: unknown[]) => void) =>
        found(null, [{ address: "127.0.0.1", family: 4 }])) as never,
    });
    let heard = 0;
    socket.on("error", (error) => resolve(error.message));
    socket.on("close", () => resolve("closed"));
    socket.on("message", (data: Buffer) => {
      if (heard++ === times) {
        socket.terminate();
        return resolve("heard");
      }
      // The first is the server's greeting.
      setTimeout(() => socket.send(`still here ${heard}: ${data.length}`), world.pause);
    });
  });
}

async function signOut(world: World, browser: HttpBrowser): Promise<void> {
  const copy = await browser.jar.getCookieString(`${world.stack.url}/`);
  const visit = await attempt(world, "sign-out", () =>
    browser.go(`${world.stack.url}/oidc/logout`, { follow: false }),
  );
  if (visit) world.tally.note("sign-out", 302, visit.status, steps(visit));
  // Other guests look again within `session.revocationTtl`.
  await sleep(6_000);
  const answer = await attempt(world, "signed out", () =>
    answerOf(world.stack.url + path, { headers: { Cookie: copy } }),
  );
  // One that was over is sent to be refreshed, where it is refused.
  const isRefused = answer === 401 || answer === 307;
  if (answer !== null) world.tally.note("signed out", "refused", isRefused ? "refused" : answer);
}

/**
 * Somebody signs in, works, and goes home; and then somebody else does. Not the same one again: who signs out more than
 * 16 times in half a day ends all of their sessions each time.
 */
export async function person(world: World, name: string): Promise<void> {
  const { people } = world.stack.provider;
  for (let turn = 1; world.isOpen(); turn++) {
    const user = `${name}-${turn}`;
    people.add({ name: user, fullName: user, roles: ["app-runner"] });
    const browser = newBrowser();
    if (await signIn(world, browser, user)) {
      for (let i = 0; i < 30 && world.isOpen(); i++) {
        await read(world, browser);
        if (i % 10 === 5) await refresh(world, browser);
        if (i === 12) await talk(world, browser, 5);
        await sleep(world.pause);
      }
      await signOut(world, browser);
    }
    browser.close();
    await sleep(world.pause);
  }
}

/** Stays signed in, whatever happens: each look is a read. */
export async function reader(world: World, browser: HttpBrowser): Promise<void> {
  while (world.isOpen()) {
    await read(world, browser, "read of who stays");
    await sleep(world.pause);
  }
}

/**
 * A kept connection that its server closes just as the request goes out is tried again, three times, as HTTP has it
 * (RFC 9112 §9.3.1); `fetch` leaves that to its caller.
 */
async function answerOf(url: string, init: RequestInit, again = 3): Promise<number> {
  try {
    const response = await fetch(url, { redirect: "manual", ...init });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    if (again === 0) throw (error as Error).cause ?? error;
    await sleep(20);
    return answerOf(url, init, again - 1);
  }
}

/** A service account with a token that it renews now and then. */
export async function program(world: World): Promise<void> {
  for (let turn = 0, token = ""; world.isOpen(); turn++) {
    if (turn % 50 === 0) token = await world.stack.provider.token("bob");
    const headers = { Authorization: `Bearer ${token}` };
    for (const [what, where, expected] of [
      ["program", path, 200],
      ["program without the role", "/admin", 403],
    ] as const) {
      const status = await attempt(world, what, () =>
        answerOf(world.stack.url + where, { headers }),
      );
      if (status !== null) world.tally.note(what, expected, status);
    }
    await sleep(world.pause);
  }
}

const probes: [string, RequestInit][] = [
  ["/.env", {}],
  ["/wp-login.php", { method: "POST", body: "log=admin" }],
  ["/api/runs/..%2f..%2fadmin", {}],
  ["/admin", { headers: { Authorization: "Bearer eyJhbGciOiJub25lIn0.e30." } }],
  ["/admin", { headers: { Cookie: `rolegate=${"A".repeat(3_000)}` } }],
  ["/admin", { headers: { "X-Forwarded-User": "carol", "X-Forwarded-Groups": "owner" } }],
  ["/oidc/callback?code=x&state=y", {}],
  ["/oidc/backchannel-logout", { method: "POST", body: "logout_token=x" }],
  ["/oidc/frontchannel-logout?sid=1&iss=x", {}],
];

/** Tries doors. None opens. */
export async function scanner(world: World): Promise<void> {
  for (let turn = 0; world.isOpen(); turn++) {
    const [where, init] = probes[turn % probes.length]!;
    const status = await attempt(world, "scanner", () => answerOf(world.stack.url + where, init));
    if (status !== null) {
      const isOpen = status < 300 && !where.startsWith("/oidc/");
      world.tally.note("scanner", "refused", isOpen || status >= 500 ? status : "refused", where);
    }
    await sleep(world.pause / 2);
  }
}
