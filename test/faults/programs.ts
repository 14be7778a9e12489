/** Traefik, started by something else: without root's right to open every file, or on a disk that takes its time. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { installFromDebian } from "../../stack/fetch/debian.ts";
import { outputOf } from "../../stack/machine/command.ts";
import { root } from "../../tools/root.ts";

async function script(name: string, line: (traefik: string) => string): Promise<string> {
  const folder = join(root, "build", "faults");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nexec ${line(await findTraefik())} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** For root, to whom modes of files otherwise mean nothing. */
export const withoutOverride = () =>
  script("traefik-without-override", (traefik) => {
    const drop = "-dac_override,-dac_read_search,-fowner";
    return process.getuid?.() === 0
      ? `setpriv --bounding-set=${drop} --inh-caps=${drop} '${traefik}'`
      : `'${traefik}'`;
  });

/** Each of these calls takes so long: what a network's file system costs on a bad day. */
const calls = "openat,newfstatat,renameat,renameat2,unlinkat,mkdirat,getdents64";

/** `strace` holds the calls up; sockets are none of its business. */
export async function onSlowDisk(milliseconds: number): Promise<string> {
  const has = () => outputOf({ program: "strace", args: ["--version"] });
  if ((await has()) === null) await installFromDebian("strace", [["strace"]]);
  if ((await has()) === null) throw new Error("strace is missing: install it, for a slow disk");
  return script("traefik-on-slow-disk", (traefik) => {
    const delay = `delay_exit=${milliseconds * 1_000}`;
    return `strace -D -f --seccomp-bpf -qq -o /dev/null -e trace=${calls} -e inject=${calls}:${delay} '${traefik}'`;
  });
}
