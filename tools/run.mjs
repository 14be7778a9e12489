/** `node tools/run.mjs ENTRY.ts [arguments]`: installs and builds what is missing, then runs a TypeScript program. */
import { spawn } from "node:child_process";
import { install } from "./install.mjs";
import { buildGuest, bundle } from "./build.mjs";

const [entry, ...args] = process.argv.slice(2);
install();
buildGuest();
const [program] = await bundle([entry]);
const child = spawn(process.execPath, ["--enable-source-maps", program, ...args], {
  stdio: "inherit",
});
// A terminal sends Ctrl-C to both: this process waits until the child has cleaned up.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
