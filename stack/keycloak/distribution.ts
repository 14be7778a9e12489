/**
 * Keycloak, pinned, and built once: its augmentation takes half a minute and does not depend on
 * where it lies or on the run (measured: it starts after it has been moved, and with its folders
 * linked from elsewhere).
 */
import { join } from "node:path";
import { runQuietly } from "../machine/command.ts";
import { cached } from "../fetch/download.ts";
import { fetchFromMaven } from "../fetch/maven.ts";
import { findPip } from "../fetch/python.ts";

const version = "26.7.0";

/** Options that are fixed when Keycloak is built: no disk, and neither of its user interfaces. */
const buildOptions = ["--db=dev-mem", "--features-disabled=admin,account"];

/** The folder that holds `bin/` and `lib/`. To be read only. */
export function keycloakDistribution(java: string): Promise<string> {
  return cached({
    name: `keycloak-${version}-dev-mem`,
    sha256: "e63bd0167199c0092b8a4d22cc137e6b7a70e0089070f6f7799b1be504b69a8a",
    async fetch(folder) {
      console.error(`Fetching Keycloak ${version} (176 MB) …`);
      const type = "zip";
      const artifact = "keycloak-quarkus-dist";
      return fetchFromMaven({ group: "org.keycloak", artifact, version, type }, folder);
    },
    async unpack(zip, folder) {
      const { program: python } = await findPip("Keycloak is unpacked");
      await runQuietly({ program: python, args: ["-m", "zipfile", "-e", zip, folder] });
      const home = join(folder, `keycloak-${version}`);
      console.error("Building Keycloak, once (up to a minute) …");
      const script = join(home, "bin", "kc.sh");
      await runQuietly({
        program: "env",
        args: [`JAVA=${java}`, "sh", script, "build", ...buildOptions],
      });
      return home;
    },
  });
}
