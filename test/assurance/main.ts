/**
 * `npm run assurance [-- --only NAME,NAME]`: runs what shows the claims of docs/assurance.md, and writes the figures into
 * that page, each with its date. A claim that does not hold ends it with 1, and its row says so.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { machine } from "../../bench/machine.ts";
import { root } from "../../tools/root.ts";
import { CLAIMS, type Claim } from "./claims-table.ts";

const { values } = parseArgs({
  options: { only: { type: "string" }, "build-twice": { type: "boolean", default: false } },
});
const PAGE = join(root, "docs", "assurance.md");
const [BEGIN, END] = ["<!-- figures -->", "<!-- end of figures -->"];

function buildTwice(): never {
  const folder = mkdtempSync(join(root, "build", "twice-"));
  const hashes = ["a", "b"].map((name) => {
    const file = join(folder, `${name}.wasm`);
    const args = ["tools/build.mjs", "--outFile", file];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  });
  rmSync(folder, { recursive: true });
  const own = createHash("sha256")
    .update(readFileSync(join(root, "plugin.wasm")))
    .digest("hex");
  const isSame = hashes.every((hash) => hash === own);
  console.log(
    isSame
      ? `sha256 ${own}\n1 passed, 0 failed`
      : `${hashes.join(", ")}; ${own}\n0 passed, 1 failed`,
  );
  process.exit(isSame ? 0 : 1);
}

/** A dependency brings an npm of long ago into node_modules/.bin, which `npm run` puts first. */
const path = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !folder.endsWith(join("node_modules", ".bin")))
  .join(delimiter);

/** The row's cells after the command: what came of it, how long it took, and when. */
function show({ command, figure }: Claim): { cells: string; holds: boolean } {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", ...command], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const seconds = ((performance.now() - begin) / 1_000).toFixed(0);
  const output = `${stdout}\n${stderr}`;
  const counts = /^(\d+ passed, 0 failed)$/m.exec(stdout)?.[1] ?? null;
  const result = figure ? figure(output) : counts;
  const holds = status === 0 && result !== null;
  const date = new Date().toISOString().slice(0, 10);
  return { cells: `${holds ? result : "**does not hold**"} | ${seconds} s | ${date}`, holds };
}

if (values["build-twice"]) buildTwice();

/** Replaces rows of the page's table; others stay. What else is on the page may have changed meanwhile. */
function write(made: Map<string, string>): void {
  const page = readFileSync(PAGE, "utf8");
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (start < 0 || end < 0) throw new Error(`${PAGE} has no place for figures`);
  const lines = page.slice(start, end).split("\n");
  const row = ({ claim }: Claim) =>
    made.get(claim) ?? lines.find((line) => line.startsWith(`| ${claim} |`));
  const { cpu, cores, memory } = machine();
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const figures = [
    BEGIN,
    "",
    `Version ${version}, on ${cores} processors of an ${cpu}, ${memory} GiB:`,
    "",
    "| Claim | Command | Result | Took | Date |",
    "|---|---|---|---|---|",
    ...CLAIMS.flatMap((claim) => row(claim) ?? []),
    "",
    "",
  ];
  writeFileSync(PAGE, page.slice(0, start) + figures.join("\n") + page.slice(end));
}

const rows = new Map<string, string>();
const wanted = values.only?.split(",");
let failed = 0;
for (const claim of CLAIMS) {
  if (wanted && !wanted.includes(claim.name)) continue;
  console.error(`${claim.name}: npm run ${claim.command.join(" ")} …`);
  const { cells, holds } = show(claim);
  if (!holds) failed++;
  console.error(`  ${cells}`);
  rows.set(claim.claim, `| ${claim.claim} | \`npm run ${claim.command.join(" ")}\` | ${cells} |`);
}
write(rows);
process.exit(failed > 0 ? 1 : 0);
