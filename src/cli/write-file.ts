/** Writes files as a whole or not at all, and overwrites only when told to. */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { CliError, EXIT, reasonOf } from "./failure.ts";

export interface WriteOptions {
  /** Permissions of a new file; a replaced file keeps its own. */
  mode?: number;
  /** Overwrites an existing file. */
  force?: boolean;
}

export function writeWhole(
  path: string,
  content: string | Buffer,
  { mode = 0o644, force = false }: WriteOptions = {},
): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const kept = force && existsSync(path) ? statSync(path).mode & 0o777 : mode;
    writeFileSync(temporary, content, { mode: kept, flag: "wx" });
    // The umask does not apply: a secret is for its owner only, a page for everyone.
    chmodSync(temporary, kept);
    if (force) renameSync(temporary, path);
    else place(temporary, path);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // For a folder it reports that a file is in the way.
    if (code === "EEXIST" && syscall === "mkdir") {
      throw new CliError("not_written", `${path}: ${dirname(path)} is no folder`, "", EXIT.outside);
    }
    if (code === "EEXIST") {
      throw new CliError("file_exists", `${path} is there already`, "--force writes over it");
    }
    throw new CliError("not_written", `${path}: ${reasonOf(error)}`, "", EXIT.outside);
  } finally {
    discard(temporary);
  }
}

/**
 * The cause that prevented writing it prevents removing it too: `force` ignores only a missing
 * file.
 */
function discard(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    // The earlier error says why.
  }
}

/**
 * A link fails where there is a file, so no file is lost, even one made at the same time. Not all
 * file systems have links.
 */
function place(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
    writeFileSync(path, "", { flag: "wx" });
    renameSync(temporary, path);
  }
}
