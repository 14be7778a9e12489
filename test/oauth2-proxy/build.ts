/** oauth2-proxy, built once from its pinned sources by Go, which checks every module against go.sum. */
import { createHash } from "node:crypto";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputOf, runShown } from "../../stack/machine/command.ts";
import { cached } from "../../stack/fetch/download.ts";
import { root } from "../../tools/root.ts";

const version = "7.15.4";
const module = "github.com/oauth2-proxy/oauth2-proxy/v7";
const folder = join(root, "test/oauth2-proxy");

/** The binary's path. Throws when there is no Go. */
export async function oauth2Proxy(): Promise<string> {
  if ((await outputOf({ program: "go", args: ["version"] })) === null) {
    throw new Error("oauth2-proxy is built with Go 1.26 or newer, and there is none on PATH");
  }
  const sums = join(folder, "go.sum");
  return cached({
    name: `oauth2-proxy-${version}-${process.platform}-${process.arch}`,
    sha256: createHash("sha256").update(readFileSync(sums)).digest("hex"),
    async fetch(work) {
      for (const name of ["go.mod", "go.sum"]) cpSync(join(folder, name), join(work, name));
      return join(work, "go.sum");
    },
    async unpack(file, work) {
      console.error(`Building oauth2-proxy ${version} (some minutes) …`);
      const run = `cd '${work}' && GOBIN='${work}' GOWORK=off go install -mod=readonly ${module}`;
      await runShown({ program: "sh", args: ["-c", run] });
      return join(file, "..", "oauth2-proxy");
    },
  });
}
