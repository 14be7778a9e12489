/** The modules that tests load, and in their place the ones with all mutants: built when a source is newer. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { visitorWasm } from "../support/probe.ts";
import { compile } from "../vectors/compile.ts";
import type { Mutant } from "./definition.mjs";

const TRANSFORM = ["--transform", "./test/mutate/transform.mjs"];
const GUEST = ["./tools/no-collector.mjs", "./tools/packed-texts.mjs"];

export interface Module {
  original: string;
  mutants: string;
  /** Of those that tests compile themselves, by test/vectors/compile.ts. */
  entry?: string;
  /** Of the guest of visits and of the state directory, by test/support/probe.ts; else it is the plugin. */
  config?: string;
}

/** As preload.mjs swaps them. */
export const MODULES: readonly Module[] = [
  { original: "plugin.wasm", mutants: "build/mutants.wasm" },
  {
    original: "build/vectors.wasm",
    mutants: "build/mutants-vectors.wasm",
    entry: "test/vectors/entry.ts",
  },
  {
    original: "build/vectors-session.wasm",
    mutants: "build/mutants-vectors-session.wasm",
    entry: "test/vectors/session/entry.ts",
  },
  {
    original: "build/test/visitor.wasm",
    mutants: "build/mutants-visitor.wasm",
    config: "test/guest/visitor/asconfig.json",
  },
];

/** Names a mutant. */
export function idOf({ check, operand }: Mutant): string {
  return `${check} | ${operand}`;
}

/** Returns the mutants of the guest as they were compiled. */
export function buildMutants(): Mutant[] {
  mkdirSync("build", { recursive: true });
  for (const { original, mutants, entry, config } of MODULES) {
    if (entry) {
      compile(entry, original, "--exportRuntime");
      if (isOld(mutants, entry)) asc(mutants, [entry, ...vectorOptions(), ...TRANSFORM]);
    } else if (config) {
      visitorWasm();
      if (isOld(mutants, config, "test/guest/visitor/index.ts")) {
        asc(mutants, [`--config=${config}`, ...TRANSFORM]);
      }
    } else if (isOld(mutants)) {
      const transforms = GUEST.flatMap((file) => ["--transform", file]);
      asc(mutants, ["--target", "release", ...TRANSFORM, ...transforms]);
    }
  }
  return JSON.parse(readFileSync(listOf(MODULES[0]!.mutants), "utf8")) as Mutant[];
}

function listOf(wasm: string): string {
  return wasm.replace(/wasm$/, "json");
}

function isOld(wasm: string, ...more: string[]): boolean {
  if (!existsSync(wasm) || !existsSync(listOf(wasm))) return true;
  const sources = (readdirSync("assembly", { recursive: true }) as string[]).map(
    (file) => `assembly/${file}`,
  );
  sources.push(...["definition", "scope", "transform"].map((file) => `test/mutate/${file}.mjs`));
  const newest = Math.max(
    ...[...sources, ...more, ...GUEST, "asconfig.json"].map((file) => statSync(file).mtimeMs),
  );
  return statSync(wasm).mtimeMs < newest;
}

function asc(out: string, options: string[]): void {
  console.error(`Compiling all mutants to ${out} …`);
  const { status, stderr } = spawnSync(
    process.execPath,
    ["node_modules/assemblyscript/bin/asc.js", ...options, "--outFile", out],
    { encoding: "utf8", env: { ...process.env, ROLEGATE_MUTANTS: listOf(out) } },
  );
  if (status !== 0) throw new Error(`asc failed:\n${stderr}`);
}

/** As test/vectors/compile.ts has them. */
function vectorOptions(): string[] {
  const { options, targets } = JSON.parse(readFileSync("asconfig.json", "utf8"));
  const { optimizeLevel, shrinkLevel } = targets.release;
  return [
    ...["--config", "none", "--runtime", options.runtime, "--exportRuntime"],
    ...["--optimizeLevel", `${optimizeLevel}`, "--shrinkLevel", `${shrinkLevel}`],
    ...["--use", "abort=", "--use", "seed=", "--enable", "simd", "--disable", "bulk-memory"],
  ];
}
