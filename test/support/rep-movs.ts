/**
 * Go's memmove takes REP MOVS from 2,048 bytes on where that is fast: on Intel's processors with ERMS and FSRM
 * (runtime/cpuflags_amd64.go). There it uses DX since Go 1.24, which wazero before 1.9 believes to be free. With the
 * overlay that is made here a program does so on every amd64 processor: REP MOVS itself they all have.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";

const FILE = "src/runtime/cpuflags_amd64.go";
const DECIDES = "useREPMOV := isERMSNiceCPU && cpu.X86.HasERMS && cpu.X86.HasFSRM";
const ALWAYS = "useREPMOV := isERMSNiceCPU || true";

/** The runtime's file with the decision taken. Throws when Go decides in another way. */
export function alwaysRepMovs(source: string): string {
  const parts = source.split(DECIDES);
  if (parts.length === 2) return parts.join(ALWAYS);
  throw new Error(
    `Go's ${FILE} has ${parts.length - 1} times "${DECIDES}": see how this Go decides on REP MOVS, and change ` +
      "test/support/rep-movs.ts",
  );
}

/** A file for `go build -overlay`, made of the installed Go's own source. */
export function repMovsOverlay(go: string): string {
  const folder = join(root, "build", "rep-movs");
  mkdirSync(folder, { recursive: true });
  const goRoot = execFileSync(go, ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const original = join(goRoot, FILE);
  const changed = join(folder, "cpuflags_amd64.go");
  const overlay = join(folder, "overlay.json");
  writeFileSync(changed, alwaysRepMovs(readFileSync(original, "utf8")));
  writeFileSync(overlay, JSON.stringify({ Replace: { [original]: changed } }));
  return overlay;
}
