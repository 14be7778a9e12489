/**
 * Traefik as Kubernetes runs it: in a root file system that is read-only, as user and group 65532, with volumes. Made
 * of a mount namespace, so it takes Linux and root.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findTraefik } from "../../stack/traefik/binary.ts";
import type { Site } from "./site.ts";

export const USER = 65_532;

export interface Volume {
  /** Folder of this machine. */
  from: string;
  /** In the container, absolute. */
  to: string;
  readOnly?: boolean;
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Files of `folder` as a ConfigMap's volume has them: links through `..data`, all of it root's. */
export function configMap(folder: string, files: Record<string, Buffer | string>): void {
  mkdirSync(join(folder, "..2026_11_29"), { recursive: true });
  symlinkSync("..2026_11_29", join(folder, "..data"));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, "..2026_11_29", name), content, { mode: 0o644 });
    symlinkSync(`..data/${name}`, join(folder, name));
  }
}

export async function runInContainer(
  site: Site,
  volumes: Volume[],
  args: string[],
  env: Record<string, string> = {},
): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("this test makes a mount namespace, as root");
  const rootfs = join(site.folder, "rootfs");
  mkdirSync(join(rootfs, "tmp"), { recursive: true });
  writeFileSync(join(rootfs, "traefik"), "");
  for (const { to } of volumes) mkdirSync(join(rootfs, to), { recursive: true });
  execFileSync("chmod", ["755", site.folder, rootfs]);
  const script = [
    "set -e",
    `mount --bind ${quote(rootfs)} ${quote(rootfs)}`,
    `mount -t tmpfs -o mode=1777 tmpfs ${quote(join(rootfs, "tmp"))}`,
    `mount --bind ${quote(await findTraefik())} ${quote(join(rootfs, "traefik"))}`,
    ...volumes.map(({ from, to, readOnly }) => {
      const options = readOnly ? "-o ro,bind" : "--bind";
      return `mount ${options} ${quote(from)} ${quote(join(rootfs, to))}`;
    }),
    `mount -o remount,ro,bind ${quote(rootfs)}`,
    `exec chroot --userspec=${USER}:${USER} ${quote(rootfs)} /traefik ${args.map(quote).join(" ")}`,
  ].join("\n");
  site.write("container.sh", script);
  await site.run(
    `exec unshare --mount --propagation private sh ${quote(join(site.folder, "container.sh"))}`,
    env,
  );
}

/** The folder of a volume, with owner and mode. */
export function volume(site: Site, name: string, owner: string, mode: string): string {
  const folder = join(site.folder, name);
  mkdirSync(folder, { recursive: true });
  execFileSync("chown", [owner, folder]);
  execFileSync("chmod", [mode, folder]);
  return folder;
}
