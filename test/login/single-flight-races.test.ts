/**
 * One refresh, whoever comes between whichever two steps: guests of several Traefiks share the state directory, and each
 * looks at files that another one changes a moment later. Every step at which others can come is tried.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { after, before, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider, json } from "../support/fake-provider.ts";
import { Clock, locationOf, LoginHost } from "../support/login-host.ts";
import { block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const CALLS = [
  "openSync",
  "lstatSync",
  "statSync",
  "renameSync",
  "unlinkSync",
  "mkdirSync",
] as const;
type Call = (...args: unknown[]) => unknown;

/** Acts before the so-and-so-manieth look at a file of the refresh directory. */
class Interruption {
  steps = 0;
  /** What others do are not our steps. */
  #others = false;
  #acts: [number, () => void][] = [];
  #originals = CALLS.map((name) => fs[name] as unknown as Call);

  constructor() {
    CALLS.forEach((name, index) => {
      Object.assign(fs, {
        [name]: (...args: unknown[]) => {
          if (String(args[0]).includes("/refresh/")) this.#step();
          return this.#originals[index]!(...args);
        },
      });
    });
    syncBuiltinESMExports();
  }

  arm(...acts: [number, () => void][]): void {
    this.steps = 0;
    this.#acts = acts;
  }

  #step(): void {
    if (this.#others) return;
    const at = this.steps++;
    this.#others = true;
    for (const [when, act] of this.#acts) if (when === at) act();
    this.#others = false;
  }

  end(): void {
    CALLS.forEach((name, index) => Object.assign(fs, { [name]: this.#originals[index] }));
    syncBuiltinESMExports();
  }
}

const folder = new StateFolder();
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
const interruption = new Interruption();
let hosts: LoginHost[];
let jar: CookieJar;

before(async () => {
  hosts = await Promise.all(
    [0, 1, 2].map(() =>
      LoginHost.start(block({ stateDir: STATE }), { mounts: folder.mounts, clock, provider }),
    ),
  );
});
after(() => {
  interruption.end();
  folder.remove();
});

/** A session that is over and can be refreshed; files have the time of the machine. */
async function expired(): Promise<void> {
  folder.clear();
  provider.reset();
  const now = Math.floor(Date.now() / 1000) * 1000;
  clock.ms = now - 340_000;
  jar = new CookieJar();
  await hosts[0]!.signIn("/", { jar });
  clock.ms = now;
  provider.received.length = 0;
}

const refresh = (host: number, mine: CookieJar) =>
  hosts[host]!.visit("/oidc/refresh?rd=%2Fa", { jar: mine });
const tokenRequests = () => provider.asked.filter((it) => it === "POST /token").length;

/** The lock of a refresh, whose holder is gone. */
async function leftBehind(seconds: number): Promise<string> {
  let name = "";
  provider.instead.token = async () => {
    name = folder.list("refresh")[0]!;
    return json({ error: "server_error" }, 500);
  };
  await refresh(0, jar.copy());
  provider.reset();
  folder.write(`refresh/${name}`, "somebody-else");
  folder.touch(`refresh/${name}`, clock.seconds - seconds);
  return name;
}

test("an old lock: of three one takes it, whenever the second and the third come", async () => {
  let tried = 0;
  /** How many steps there were with others at these. */
  const attempt = async (second: number, third: number) => {
    await expired();
    await leftBehind(31);
    const others: Promise<unknown>[] = [];
    const come = (host: number) => () => void others.push(refresh(host, jar.copy()));
    interruption.arm([second, come(1)], [third, come(2)]);
    const first = refresh(0, jar.copy());
    const { steps } = interruption;
    interruption.arm();
    await Promise.all([first, ...others]);
    if (others.length < 2) return steps;
    tried++;
    assert.equal(tokenRequests(), 1, `the others came at ${second} and ${third} of ${steps}`);
    return steps;
  };
  for (let second = 0; second < (await attempt(second, second)); second++) {
    for (let third = second + 1; third < (await attempt(second, third)); third++);
  }
  assert.ok(tried > 10, `${tried} were tried`);
});

test("another one finishes, whenever: its cookies are what everybody gets", async () => {
  await expired();
  const old = jar.copy();
  await refresh(0, jar);
  const [name] = folder.list("refresh");
  const kept = folder.read(`refresh/${name!}`);
  const lock = name!.replace(".done", "");
  for (let step = 0; ; step++) {
    folder.clear();
    folder.write(`refresh/${lock}`, "somebody-else");
    provider.received.length = 0;
    interruption.arm([
      step,
      () => {
        folder.write(`refresh/${name!}`, kept);
        fs.rmSync(folder.path(`refresh/${lock}`), { force: true });
      },
    ]);
    const mine = old.copy();
    const result = await refresh(1, mine);
    const { steps } = interruption;
    interruption.arm();
    assert.equal(tokenRequests(), 0, `it had finished by step ${step} of ${steps}`);
    if (steps <= step) {
      assert.ok(step > 3, `${step} steps`);
      break;
    }
    assert.equal(locationOf(result), "/a");
    assert.equal(mine.get(COOKIE), jar.get(COOKIE));
  }
});
