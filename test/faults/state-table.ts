/** What can be wrong with the state folder while Traefik runs, and how each is made and mended. Root's business, for the most part. */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Ailment {
  name: string;
  /** It takes a mount, which a container may not make. */
  mounts?: true;
  /** What the folder can still do. */
  reads: boolean;
  writes: boolean;
  begin(folder: string): () => void;
}

const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });

/** A guest that is at it keeps the file system busy for a moment. */
function unmount(folder: string): void {
  for (let left = 100; ; left--) {
    try {
      execFileSync("umount", [folder], { stdio: "ignore" });
      return;
    } catch (error) {
      if (left === 0) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

export function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "rolegate-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "rolegate-test", folder], { stdio: "ignore" });
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Somebody who is neither root nor whoever runs this. */
const nobody = 65534;
const owned = (mode: number) => (folder: string) => {
  const { uid, gid, mode: before } = statSync(folder);
  chownSync(folder, nobody, nobody);
  chmodSync(folder, mode);
  return () => {
    chownSync(folder, uid, gid);
    chmodSync(folder, before & 0o777);
  };
};

const KiB = 1024;

/** Its content in a small file system of its own, without room for one more byte. */
function full(folder: string): () => void {
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  run("mount", "-t", "tmpfs", "-o", `size=${256 * KiB}`, "rolegate-test", folder);
  cpSync(copy, folder, { recursive: true, preserveTimestamps: true });
  try {
    for (;;) appendFileSync(join(folder, "ballast"), Buffer.alloc(4 * KiB));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
  return () => {
    unmount(folder);
    rmSync(copy, { recursive: true });
  };
}

function readOnly(folder: string): () => void {
  run("mount", "--bind", folder, folder);
  run("mount", "-o", "remount,bind,ro", folder);
  return () => unmount(folder);
}

/** Back from the backup, as an operator would bring it. */
function deleted(folder: string): () => void {
  const copy = `${folder}-copy`;
  renameSync(folder, copy);
  return () => renameSync(copy, folder);
}

/** As after a power cut on a file system that keeps no order: files end in the middle, and leftovers lie about. */
function halfWritten(folder: string): () => void {
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  const files = () =>
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((path) => statSync(path).isFile());
  for (const path of files()) truncateSync(path, Math.floor(statSync(path).size / 2) | 1);
  mkdirSync(join(folder, "refresh"), { recursive: true });
  writeFileSync(join(folder, "refresh", "00112233445566778899aabbccddeeff.done"), "x");
  writeFileSync(join(folder, "jwks-leftover.json.18ec~"), "{");
  return () => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    cpSync(copy, folder, { recursive: true, preserveTimestamps: true });
    rmSync(copy, { recursive: true });
  };
}

export const ailments: Ailment[] = [
  { name: "read-only", mounts: true, reads: true, writes: false, begin: readOnly },
  { name: "full", mounts: true, reads: true, writes: false, begin: full },
  { name: "another's, who lets nobody in", reads: false, writes: false, begin: owned(0o700) },
  { name: "another's, who lets others read", reads: true, writes: false, begin: owned(0o755) },
  { name: "deleted", reads: false, writes: false, begin: deleted },
  { name: "half-written", reads: false, writes: true, begin: halfWritten },
];
