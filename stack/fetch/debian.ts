/**
 * Installs Debian's packages as root: programs that the machine lacks and that no package registry
 * has.
 */
import { outputOf, runShown } from "../machine/command.ts";

export interface Debian {
  isRoot?: boolean;
  isDebian?: () => Promise<boolean>;
  apt?: (...args: string[]) => Promise<void>;
}

const hasApt = async () => (await outputOf({ program: "apt-get", args: ["--version"] })) !== null;

const aptGet = (...args: string[]) =>
  runShown({ program: "env", args: ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...args] });

/**
 * Installs the first of the sets that this release of Debian has. Does nothing where packages
 * cannot be installed; the caller looks again for what it needs.
 */
export async function installFromDebian(
  what: string,
  sets: string[][],
  machine: Debian = {},
): Promise<void> {
  const { isRoot = process.getuid?.() === 0, isDebian = hasApt, apt = aptGet } = machine;
  if (!isRoot || !(await isDebian())) return;
  console.error(`Installing ${what} from Debian's packages …`);
  await apt("update");
  for (const names of sets) {
    try {
      return await apt("install", "-y", "--no-install-recommends", ...names);
    } catch {
      console.error(`no ${names.join(" ")}`);
    }
  }
}
