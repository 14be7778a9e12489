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
// This process waits until the child has cleaned up. A terminal sends Ctrl-C to both, `kill` to this one
// alone: it is passed on always, and the child may hear of it twice.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
// npm passes on SIGINT and SIGTERM; when it ends by anything else, the change of parent is all there is to see.
const parent = process.ppid;
const watch = () => process.ppid !== parent && child.kill("SIGTERM");
if (process.env.npm_lifecycle_event) setInterval(watch, 500).unref();
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
