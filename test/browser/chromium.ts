/** Debian's Chromium: what is there, or the package when we are root. Driven by playwright-core, which brings none. */
import { chromium, type Browser } from "playwright-core";
import { firstWorking, outputOf, runShown } from "../../stack/machine/command.ts";

const hasApt = async () => (await outputOf({ program: "apt-get", args: ["--version"] })) !== null;

export interface Search {
  env?: NodeJS.ProcessEnv;
  isRoot?: boolean;
  isDebian?: () => Promise<boolean>;
  /** Of Debian's package. */
  install?: () => Promise<void>;
}

async function installFromDebian(): Promise<void> {
  console.error("Installing Chromium from Debian's packages …");
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    await runShown({
      program: "env",
      args: ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...args],
    });
  }
}

const names = ["chromium", "chromium-browser", "google-chrome"];
const onPath = async () =>
  (await firstWorking(names.map((program) => ({ program, args: [] }))))?.program ?? null;

/** The program to run. CHROMIUM_BIN is taken at its word. Throws when there is none and none can be installed. */
export async function findChromium(search: Search = {}): Promise<string> {
  const { env = process.env, isRoot = process.getuid?.() === 0 } = search;
  const { isDebian = hasApt, install = installFromDebian } = search;
  if (env.CHROMIUM_BIN) {
    const version = await outputOf({ program: env.CHROMIUM_BIN, args: ["--version"] });
    if (version === null) throw new Error(`CHROMIUM_BIN: ${env.CHROMIUM_BIN} does not run`);
    return env.CHROMIUM_BIN;
  }
  const found = await onPath();
  if (found) return found;
  if (isRoot && (await isDebian())) await install();
  const installed = await onPath();
  if (installed) return installed;
  throw new Error(
    "These tests need Chromium, on PATH or in CHROMIUM_BIN (Debian: apt-get install chromium)",
  );
}

/** playwright-core wants a path, not a name. */
async function pathOf(program: string): Promise<string> {
  if (program.includes("/")) return program;
  const found = await outputOf({ program: "sh", args: ["-c", `command -v ${program}`] });
  return found?.trim() ?? program;
}

export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await pathOf(await findChromium()),
    // Chromium's sandbox does not work for root, as in containers.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      // Nothing but what the tests ask for.
      ...["--disable-background-networking", "--disable-component-update", "--no-first-run"],
      // Containers have a small /dev/shm.
      "--disable-dev-shm-usage",
    ],
  });
}
