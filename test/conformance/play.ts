/** Plays one module: a fresh Traefik, a scripted browser, then the suite's verdict beside what our own log says. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Tree } from "../../stack/traefik/config.ts";
import { HttpBrowser, type Visit } from "../support/http-browser.ts";
import type { Line, Party } from "./party.ts";
import { type Expectation, expectationOf, type Play } from "./plans.ts";
import type { Info, Suite } from "./suite.ts";

export interface Outcome {
  module: string;
  /** The suite's: a result, or the state in which the module stayed. */
  suite: string;
  /** Why the suite is not content. */
  complaints: string[];
  /** The event that was waited for, or the last ones that came. */
  ours: string;
  good: boolean;
  seconds: number;
}

/** Seconds until a module is ready. */
const READY = 20;
/** Milliseconds until a session of `refreshEvery: 4s` is due, and the provider has begun to sign people out. */
const DUE = 3_400;

/** How long what does not come is waited for. */
export interface Patience {
  /** Seconds until a module ends after the last visit. */
  ends: number;
  /** Milliseconds until our log has what it has to say. */
  log: number;
}

export interface Stage {
  patience: Patience;
  suite: Suite;
  party: Party;
  /** Of the plugin's block. */
  block: Tree;
}

export async function playModule(
  { suite, party, block, patience }: Stage,
  plan: string,
  { testModule: module, variant }: { testModule: string; variant?: Record<string, string> },
  number: number,
): Promise<Outcome> {
  const begin = performance.now();
  const expected = expectationOf(module);
  const complaints: string[] = [];
  const id = await suite.begin(plan, module, variant);
  try {
    const { status } = await suite.until(id, ["WAITING", "CONFIGURED", "INTERRUPTED"], READY);
    if (status === "INTERRUPTED") throw new Error("the suite ended it before anybody came");
    if (status === "CONFIGURED") await suite.start(id);
    await party.start(block, number);
    // What is fetched after a module has ended makes it fail.
    if (expected?.play === "none") await party.stop();
    else await playBrowser(expected?.play ?? "sign-in", suite, party, id);
    await said(party, expected, patience.log);
  } catch (error) {
    complaints.push(`driver: ${(error as Error).message.split("\n")[0]}`);
  }
  const info = await suite.until(id, ["FINISHED", "INTERRUPTED"], patience.ends);
  const ours = whatItSaid(party.lines, expected);
  await party.stop();
  for (const { result = "", src, msg } of await suite.log(id)) {
    if (["FAILURE", "WARNING", "INTERRUPTED"].includes(result)) {
      complaints.push(`${result}: ${src}: ${msg}`);
    }
  }
  const verdict = info.status === "FINISHED" ? (info.result ?? "-") : info.status;
  return {
    ...{ module, suite: verdict, complaints, ours },
    good: isGood(info, expected) && isExpected(ours, expected),
    seconds: Math.round((performance.now() - begin) / 1000),
  };
}

function isGood({ status, result }: Info, expected: Expectation | null): boolean {
  if (status !== "FINISHED") return false;
  return result === "PASSED" || (expected?.orElse !== undefined && result === expected.orElse);
}

/** A module without a row is judged by the suite alone. */
const isExpected = (ours: string, expected: Expectation | null) =>
  expected === null || expected.says.includes(ours);

const named = ({ event, reason }: Line) => (reason ? `${event} ${reason}` : event);

/** The log comes through a pipe, and a provider's own request after the browser's. */
async function said(party: Party, expected: Expectation | null, patience: number): Promise<void> {
  if (!expected) return;
  for (const end = Date.now() + patience; Date.now() < end; await sleep(100)) {
    if (party.lines.some((line) => expected.says.includes(named(line)))) return;
  }
}

function whatItSaid(lines: Line[], expected: Expectation | null): string {
  const events = lines.map(named);
  const found = events.find((event) => expected?.says.includes(event));
  return found ?? (events.slice(-3).join(", ") || "nothing");
}

async function playBrowser(play: Play, suite: Suite, party: Party, id: string): Promise<void> {
  const { origin } = party;
  let browser = new HttpBrowser();
  const open = (path: string) => browser.go(`${origin}${path}`, { from: null });
  try {
    await open("/start");
    switch (play) {
      case "twice":
        browser.close();
        browser = new HttpBrowser();
        await open("/again");
        break;
      case "refresh":
        await sleep(DUE);
        // As far as the application: a new sign-in would ask userinfo once more, and fail the module.
        await browser.go(`${origin}/oidc/refresh?rd=%2Frefreshed`, { from: null, follow: false });
        break;
      case "sign-out":
        await followFrame(browser, await open("/oidc/logout"));
        break;
      case "signed-out-by-provider":
        await sleep(DUE);
        for (const url of await suite.addresses(id)) {
          await followFrame(browser, await browser.go(url, { from: null }));
        }
        break;
      default:
        break;
    }
  } finally {
    browser.close();
  }
}

/** The suite's page of a front-channel logout is a script: a frame of ours, then a call back, then where to go on. */
async function followFrame(browser: HttpBrowser, page: Visit): Promise<void> {
  const frame = written(page.body, /iframe\.src = '([^']*)'/);
  if (!frame) return;
  await browser.go(encoded(frame), { from: page.url, headers: { "Sec-Fetch-Dest": "iframe" } });
  const back = written(page.body, /let url = '([^']*)'/);
  if (back) await browser.go(`${back}?loaded=true`, { from: page.url });
  const on = written(page.body, /window\.location\.href='([^']*)'/);
  if (on) await browser.go(on, { from: page.url, follow: false });
}

/** A text of the page's script, whose slashes and ampersands are escaped. */
const written = (body: string, where: RegExp) =>
  where.exec(body)?.[1]?.replaceAll("\\/", "/").replaceAll("&amp;", "&");

/** The suite writes its `sid`, which has characters of a URL's own, into the address as it is. */
function encoded(address: string): string {
  const plain = address.replaceAll("&gt;", ">").replaceAll("&lt;", "<");
  const parts = /^([^?]*)\?iss=(.*?)&sid=(.*)$/.exec(plain);
  if (!parts) return address;
  const [, base, iss, sid] = parts as unknown as [string, string, string, string];
  const whole = (text: string) => encodeURIComponent(decodeURIComponent(text));
  return `${base}?iss=${whole(iss)}&sid=${whole(sid)}`;
}
