/**
 * `npm run hunt -- [--starts 500] [--on traefik|go] [--plugin FOLDER] [--intel]`: starts a gateway with modes protect,
 * login and keys again and again, and looks whether one ever stands still. What its threads do then is kept in
 * build/hunt/. --plugin: another .traefik.yml and plugin.wasm. --intel: Traefik copies as on Intel CPUs (see memmove.ts).
 */
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import { root } from "../../tools/root.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { type Gateway, Gone, live, StoodStill } from "./life.ts";
import { copyLikeIntel } from "./memmove.ts";
import { buildGate, startOnGo } from "./on-go.ts";
import { eagerCollector, startOnTraefik } from "./on-traefik.ts";
import { keepThreads } from "./threads.ts";

const { values } = parseArgs({
  options: {
    starts: { type: "string", default: "500" },
    on: { type: "string", default: "traefik" },
    plugin: { type: "string" },
    intel: { type: "boolean", default: false },
  },
});
const starts = Number(values.starts);
if (!Number.isSafeInteger(starts) || starts < 1) {
  console.error("--starts takes a whole number");
  process.exit(2);
}

const folder = temporaryFolder("hunt");
const found = join(root, "build", "hunt", new Date().toISOString().replaceAll(":", "-"));
// A guest that loops: --on go ends its call by wazero's WithCloseOnContextDone, and tells where it was.
const start = values.on === "go" ? await onGo() : await onTraefik();
const provider = await startProvider();

const counts = { fine: 0, stoodStill: 0, gone: 0, wrong: 0 };
const times: number[] = [];
for (let number = 1; number <= starts; number++) {
  const begin = performance.now();
  let gateway: Gateway | null = null;
  // Tokens of 1 to 5 kB, answers of 2 to 10.
  const others = Array.from({ length: 16 * (number % 8) }, (_, i) => `another-role-${i}`);
  provider.people.setRoles("bob", ["app-runner", ...others]);
  try {
    gateway = await start();
    await live(gateway, provider);
    counts.fine++;
  } catch (error) {
    const kept = join(found, String(number));
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, "error.txt"), String((error as Error).stack));
    if (error instanceof StoodStill) counts.stoodStill++;
    else if (error instanceof Gone) counts.gone++;
    else counts.wrong++;
    if (gateway && error instanceof StoodStill) await keepThreads(kept, gateway);
    else if (gateway) writeFileSync(join(kept, "output.txt"), gateway.output());
    console.log(`✖ start ${number}: ${(error as Error).message}; kept in ${kept}`);
  } finally {
    await gateway?.stop();
    // Key sets of 2 to 30 keys, 1 to 10 kB: copies of all sizes.
    if (number % 14 === 0) provider.retire();
  }
  times.push((performance.now() - begin) / 1000);
  if (number % 10 === 0) console.error(`${number} of ${starts}: ${JSON.stringify(counts)}`);
}
await provider.stop();
folder.remove();
times.sort((a, b) => a - b);
console.log(
  `${starts} starts: ${counts.fine} fine, ${counts.stoodStill} stood still, ` +
    `${counts.gone} ended by themselves, ${counts.wrong} went wrong; ` +
    `median ${times[starts >> 1]!.toFixed(1)} s`,
);
process.exitCode = counts.fine === starts ? 0 : 1;

async function onTraefik(): Promise<() => Promise<Gateway>> {
  const real = await findTraefik();
  const binary = values.intel ? copyLikeIntel(real, folder.path) : real;
  process.env.TRAEFIK_BIN = eagerCollector(folder, binary);
  return () => startOnTraefik(provider, values.plugin);
}

async function onGo(): Promise<() => Promise<Gateway>> {
  const program = await buildGate();
  return () => startOnGo(program, provider, values.plugin);
}
