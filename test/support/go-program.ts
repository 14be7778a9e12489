/** bench/wazero, built for each kind of machine that Traefik runs on, and how it runs on this one. */
import { readFileSync } from "node:fs";
import { buildProgram } from "../../bench/program.ts";
import { findGo } from "../../bench/toolchain.ts";
import { type Command, firstWorking } from "../../stack/machine/command.ts";
import { installFromDebian } from "../../stack/fetch/debian.ts";
import { repMovsOverlay } from "./rep-movs.ts";

/** REP MOVS: as Go does on Intel's newer processors, see rep-movs.ts. */
export type Kind = "amd64" | "amd64 with REP MOVS" | "arm64";

const HERE: Record<string, string> = { x64: "amd64", arm64: "arm64" };
const EMULATORS: Record<string, string> = { amd64: "qemu-x86_64", arm64: "qemu-aarch64" };
/** The first release of Go whose memmove uses DX. */
const OLDEST = 24;

/** The kind that is worst on this machine, and runs on it as it is. */
export const NATIVE: Kind = process.arch === "arm64" ? "arm64" : "amd64 with REP MOVS";

export const archOf = (kind: Kind): string => kind.split(" ")[0]!;

/** Builds the program; the command's arguments are what stands before the program's own. */
export async function goProgram(kind: Kind): Promise<Command> {
  const go = await findGo(OLDEST);
  const arch = archOf(kind);
  const overlay = kind === "amd64 with REP MOVS" ? repMovsOverlay(go) : undefined;
  const program = await buildProgram("wazero", {
    ...{ arch, overlay, go },
    as: `wazero-${kind.replaceAll(" ", "-")}`,
  });
  if (arch === HERE[process.arch]) return { program, args: [] };
  return { program: await emulator(arch), args: [program] };
}

async function emulator(arch: string): Promise<string> {
  const program = EMULATORS[arch]!;
  const find = () => firstWorking([{ program, args: [] }]);
  if (!(await find())) await installFromDebian("qemu", [["qemu-user"]]);
  if (!(await find()))
    throw new Error(`no ${program}: install Debian's qemu-user, or your system's`);
  return program;
}

/** This machine's processor, as far as memmove looks at it. */
export function processor(): string {
  const info = readFileSync("/proc/cpuinfo", "utf8");
  const value = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, "m").exec(info)?.[1];
  const flags = (value("flags") ?? "").split(" ").filter((it) => it === "erms" || it === "fsrm");
  const vendor = value("vendor_id") ?? `implementer ${value("CPU implementer")}`;
  return [vendor, value("model name"), flags.join(" ") || "neither erms nor fsrm"]
    .filter((it) => it !== undefined)
    .join(", ");
}
