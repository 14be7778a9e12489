/**
 * `npm run soak -- --minutes N`: a day's traffic in some minutes, mixed, on one real Traefik: people, programs, scanners,
 * keys that rotate, configurations that change. Ends with 1 when anything came of it that was not to.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { machine } from "../../bench/machine.ts";
import { startSignInStack } from "../../stack/sign-in-stack.ts";
import {
  newBrowser,
  person,
  program,
  reader,
  scanner,
  signIn,
  Tally,
  type World,
} from "./people.ts";
import { look, slope, type Look } from "./watch.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    people: { type: "string", default: "6" },
    pause: { type: "string", default: "100" },
    json: { type: "boolean", default: false },
  },
});
const number = (name: "minutes" | "people" | "pause"): number => {
  const value = Number(values[name]);
  if (value > 0) return value;
  console.error(`--${name} ${values[name]}: not a number above 0`);
  process.exit(2);
};
const [minutes, people, pause] = [number("minutes"), number("people"), number("pause")];

const before = machine();
const stack = await startSignInStack({ block: { keys: { refresh: "10s" } } });
const begin = performance.now();
const end = begin + minutes * 60_000;
const tally = new Tally();
const world: World = { stack, tally, pause, isOpen: () => performance.now() < end };

/** New keys are published before they sign, and old ones stay for longer than a program keeps a token. */
async function rotate(): Promise<void> {
  while (world.isOpen()) {
    stack.provider.retire(10);
    await stack.provider.announce();
    await sleep(20_000);
    await stack.provider.rotate();
    await sleep(10_000);
    tally.note("key rotation", true, true);
  }
}

/** Something that changes nobody's session. */
async function reload(): Promise<void> {
  for (let turn = 1; world.isOpen(); turn++) {
    await sleep(10_000);
    await stack.reconfigure({ audit: turn % 2 ? "writes" : "all" });
    tally.note("reload", true, true);
  }
}

const looks: Look[] = [];
async function watch(): Promise<void> {
  for (let turn = 0; world.isOpen(); turn++) {
    const now = look(stack, begin);
    looks.push(now);
    // The provider's memory of all that was asked is not what is tried here.
    stack.provider.network.asked.length = 0;
    if (turn % 12 === 0) {
      console.error(
        `${(now.at / 60).toFixed(1)} min  ${now.memory.toFixed(0)} MiB  ${now.descriptors} descriptors  ` +
          `${now.files} files  ${(now.logBytes / 2 ** 20).toFixed(1)} MiB of log  wrong: ${JSON.stringify(tally.wrong)}`,
      );
    }
    await sleep(5_000);
  }
}

/** What the plugin said of sign-in, by kind. */
const said: Record<string, number> = {};
stack.traefik.log.onGuestLine = ({ rolegate, event, reason, detail }) => {
  if (rolegate !== "login" && rolegate !== "revocations") return;
  const kind = [event, reason, detail].filter(Boolean).join(" ");
  said[kind] = (said[kind] ?? 0) + 1;
};

const constant = newBrowser();
await signIn(world, constant, "carol");
await Promise.all([
  reader(world, constant),
  ...Array.from({ length: people }, (_, index) => person(world, `person-${index}`)),
  program(world),
  program(world),
  scanner(world),
  rotate(),
  reload(),
  watch(),
]);
constant.close();
const last = look(stack, begin);
const { traps } = stack.traefik.log;
await stack.stop();

const most = Math.max(...looks.map(({ memory }) => memory));
const result = {
  minutes,
  acts: tally.done,
  wrong: tally.wrong,
  samples: tally.samples,
  said,
  traps,
  memory: {
    first: looks[0]!.memory,
    most,
    last: last.memory,
    growthPerHour: slope(looks, ({ memory }) => memory),
  },
  descriptors: last.descriptors,
  stateFiles: { most: Math.max(...looks.map(({ files }) => files)), last: last.files },
  log: { lines: last.logLines, bytes: last.logBytes },
  machine: before,
};
console.error(JSON.stringify(result, null, 2));
if (values.json) console.log(JSON.stringify(result));
process.exit(traps === 0 && Object.keys(tally.wrong).length === 0 ? 0 : 1);
