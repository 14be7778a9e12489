/**
 * `npm run fuzz -- [--cases 1000000] [--seed TEXT] [--target NAME] [--batch N]`: everything that is read, with what it
 * was never meant to read. `--host go` does so on wazero as it is in Traefik, and compares all answers with the Node
 * host's. `-- --language N` compares N rule sets with the evaluator in test/properties/language; `-- --served N` N
 * requests to guests that have served others with new guests.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../../tools/root.ts";
import { compareLanguage, knownFunctions } from "../properties/language/compare.ts";
import { compareServed, compareSignIns } from "../properties/served/sequence.ts";
import { GoHost } from "../support/go-host.ts";
import { NATIVE, processor } from "../support/go-program.ts";
import { stopHost, useHost } from "./host.ts";
import { fuzz } from "./run.ts";
import { TARGETS } from "./targets.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000000" },
    seed: { type: "string", default: randomBytes(8).toString("hex") },
    target: { type: "string" },
    batch: { type: "string" },
    host: { type: "string", default: "node" },
    language: { type: "string" },
    served: { type: "string" },
    from: { type: "string", default: "0" },
  },
});

function count(name: "cases" | "batch" | "language" | "served" | "from"): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} takes a whole number`);
  process.exit(2);
}

const start = performance.now();
const seconds = () => ((performance.now() - start) / 1000).toFixed(0);
let shown = 0;

/** Every few seconds, on stderr. */
function progress(done: number, of: number): void {
  if (performance.now() - shown < 5_000) return;
  shown = performance.now();
  console.error(`${done} of ${of}, ${seconds()} s`);
}

async function language(): Promise<void> {
  const ruleSets = count("language");
  console.log(`seed ${values.seed}; ${ruleSets} rule sets`);
  const report = await compareLanguage({
    seed: values.seed,
    ruleSets,
    known: await knownFunctions(),
    from: count("from"),
    onProgress: (done) => progress(done, ruleSets),
  });
  console.log(JSON.stringify(report, null, 1));
  console.log(`no disagreement, ${seconds()} s`);
}

/** One in five is a visit of mode login. */
async function served(): Promise<void> {
  const requests = count("served");
  console.log(`seed ${values.seed}; ${requests} requests`);
  const run = { seed: values.seed, from: count("from") };
  const onProgress = (done: number) => progress(done, requests);
  const gates = await compareServed({ ...run, requests: requests * 0.8, onProgress });
  const signIns = await compareSignIns({ ...run, requests: requests * 0.2, onProgress });
  console.log(JSON.stringify({ gates, signIns }, null, 1));
  console.log(`no difference, ${seconds()} s`);
}

async function inputs(): Promise<void> {
  const targets = TARGETS.filter(
    ({ name }) => values.target === undefined || name === values.target,
  );
  if (targets.length === 0) {
    console.error(`--target is one of ${TARGETS.map(({ name }) => name).join(", ")}`);
    process.exit(2);
  }
  const cases = count("cases");
  if (values.host !== "node" && values.host !== "go") {
    console.error("--host is node or go");
    process.exit(2);
  }
  const host = values.host === "go" ? await GoHost.start(NATIVE) : null;
  if (host) console.log(`wazero on ${NATIVE}: ${host.about.text}; ${processor()}`);
  useHost(host);
  console.log(`seed ${values.seed}; ${cases} cases`);
  const { tried, crashes } = await fuzz({
    seed: values.seed,
    cases,
    targets,
    only: values.batch === undefined ? undefined : count("batch"),
    onProgress: (done) => progress(done, cases),
  });
  console.table(tried);
  const folder = join(root, "build/fuzz");
  for (const crash of crashes) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${crash.target}-${crash.seed}-${crash.batch}.json`);
    writeFileSync(file, `${JSON.stringify(crash, null, 1)}\n`);
    const { target, seed, batch, fault, input, minimal } = crash;
    console.log(`✖ ${target}: ${fault}`);
    console.log(`  ${JSON.stringify(minimal ?? input).slice(0, 1_000)}`);
    console.log(`  --seed ${seed} --target ${target} --batch ${batch}; all of it in ${file}`);
  }
  const total = Object.values(tried).reduce((sum, number) => sum + number, 0);
  console.log(`${total} inputs, ${crashes.length} went wrong, ${seconds()} s`);
  await stopHost();
  if (crashes.length > 0) process.exitCode = 1;
}

if (values.served !== undefined) await served();
else await (values.language === undefined ? inputs() : language());
