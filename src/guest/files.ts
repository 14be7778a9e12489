/**
 * The files of WASI preview 1 as in wazero 1.8: mounts from descriptor 3 upward, rights that only
 * say whether a file is opened for writing, and links that are followed wherever they lead, also
 * out of a mount (measured).
 */
import * as fs from "node:fs";
import { posix } from "node:path";
import { ERRNO, errnoOf, Failure } from "./errno.ts";
import { readDirectory } from "./readdir.ts";

export interface Mount {
  host: string;
  guest: string;
  readOnly: boolean;
}

interface Opened {
  /** The system's descriptor; -1 for a mount. */
  fd: number;
  mount: Mount | null;
  path: string;
}

const FIRST = 3;
const FOLLOW = 1;
const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
const APPEND = 1;
const RIGHT = { read: 1n << 1n, write: 1n << 6n } as const;
const TYPE = { unknown: 0, directory: 3, file: 4, link: 7 } as const;
const { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDWR, O_TRUNC, O_WRONLY } =
  fs.constants;

export type WasiFunctions = Record<string, (...args: never[]) => number>;

export function fileFunctions(
  mounts: readonly Mount[],
  memory: () => WebAssembly.Memory,
): WasiFunctions {
  const descriptors = new Map<number, Opened>(
    mounts.map((mount, i) => [FIRST + i, { fd: -1, mount, path: mount.host }]),
  );
  const view = () => new DataView(memory().buffer);
  const bytes = (start: number, length: number) =>
    Buffer.from(memory().buffer, start >>> 0, length >>> 0);
  const opened = (fd: number): Opened => descriptors.get(fd) ?? fail(ERRNO.badf);
  const mounted = (fd: number): Mount => opened(fd).mount ?? fail(ERRNO.badf);
  /** The host's path of a path below a mount. */
  const hostPath = (fd: number, start: number, length: number): string => {
    const path = belowMount(bytes(start, length).toString());
    return path === "." ? mounted(fd).host : `${mounted(fd).host}/${path}`;
  };
  const writable = (fd: number): void => {
    if (mounted(fd).readOnly) fail(ERRNO.rofs);
  };
  /** The parts of memory that a list of vectors names. */
  const vectors = (start: number, count: number): Buffer[] =>
    Array.from({ length: count }, (_, i) => {
      const at = (start >>> 0) + 8 * i;
      return bytes(view().getUint32(at, true), view().getUint32(at + 4, true));
    });
  const tell = (result: number, value: number) => view().setUint32(result >>> 0, value, true);

  const functions = {
    fd_prestat_get(fd: number, result: number) {
      tell(result, 0);
      tell(result + 4, Buffer.byteLength(mounted(fd).guest));
    },
    fd_prestat_dir_name(fd: number, start: number, length: number) {
      const name = Buffer.from(mounted(fd).guest);
      if (length > name.length) fail(ERRNO.nametoolong);
      name.copy(bytes(start, length));
    },
    path_open(
      fd: number,
      lookup: number,
      start: number,
      length: number,
      open: number,
      rights: bigint,
      _inheriting: bigint,
      flags: number,
      result: number,
    ) {
      const path = hostPath(fd, start, length);
      if (length === 0) fail(ERRNO.inval);
      if (open & OPEN.directory && open & OPEN.create) fail(ERRNO.inval);
      const systemFlags = openFlags(lookup, open, rights, flags);
      if (mounted(fd).readOnly && systemFlags & (O_WRONLY | O_RDWR)) fail(ERRNO.nosys);
      const file = fs.openSync(path, systemFlags, 0o600);
      let next = FIRST;
      while (descriptors.has(next)) next++;
      descriptors.set(next, { fd: file, mount: null, path });
      tell(result, next);
    },
    fd_close(fd: number) {
      const { fd: file } = opened(fd);
      descriptors.delete(fd);
      if (file >= 0) fs.closeSync(file);
    },
    fd_read(fd: number, start: number, count: number, result: number) {
      let total = 0;
      for (const vector of vectors(start, count)) {
        const read = fs.readSync(opened(fd).fd, vector, 0, vector.length, null);
        total += read;
        if (read < vector.length) break;
      }
      tell(result, total);
    },
    fd_write(fd: number, start: number, count: number, result: number) {
      let total = 0;
      for (const vector of vectors(start, count)) total += fs.writeSync(opened(fd).fd, vector);
      tell(result, total);
    },
    fd_pwrite(fd: number, start: number, count: number, offset: bigint, result: number) {
      let total = 0;
      for (const vector of vectors(start, count)) {
        const at = Number(offset) + total;
        total += fs.writeSync(opened(fd).fd, vector, 0, vector.length, at);
      }
      tell(result, total);
    },
    fd_readdir(fd: number, start: number, length: number, cookie: bigint, result: number) {
      const { path, fd: file } = opened(fd);
      if (file >= 0 && !fs.fstatSync(file).isDirectory()) fail(ERRNO.notdir);
      tell(result, readDirectory(path, bytes(start, length), cookie));
    },
    fd_filestat_get(fd: number, result: number) {
      const { fd: file, path } = opened(fd);
      const stat =
        file < 0 ? fs.statSync(path, { bigint: true }) : fs.fstatSync(file, { bigint: true });
      writeStat(view(), result >>> 0, stat);
    },
    path_filestat_get(fd: number, lookup: number, start: number, length: number, result: number) {
      const look = lookup & FOLLOW ? fs.statSync : fs.lstatSync;
      writeStat(view(), result >>> 0, look(hostPath(fd, start, length), { bigint: true }));
    },
    path_create_directory(fd: number, start: number, length: number) {
      const path = hostPath(fd, start, length);
      writable(fd);
      try {
        fs.mkdirSync(path, 0o700);
      } catch (error) {
        fail(errnoOf(error) === ERRNO.notdir ? ERRNO.noent : errnoOf(error));
      }
    },
    path_unlink_file(fd: number, start: number, length: number) {
      const path = hostPath(fd, start, length);
      writable(fd);
      fs.unlinkSync(path);
    },
    path_rename(
      fd: number,
      start: number,
      length: number,
      toFd: number,
      toStart: number,
      toLength: number,
    ) {
      const from = hostPath(fd, start, length);
      const to = hostPath(toFd, toStart, toLength);
      if (mounted(fd) !== mounted(toFd)) fail(ERRNO.nosys);
      writable(fd);
      fs.renameSync(from, to);
    },
  };
  return Object.fromEntries(
    Object.entries(functions).map(([name, call]) => [name, answering(call as Call)]),
  ) as WasiFunctions;
}

type Call = (...args: unknown[]) => void;

function answering(call: Call): (...args: unknown[]) => number {
  return (...args) => {
    try {
      call(...args);
      return ERRNO.success;
    } catch (error) {
      return errnoOf(error);
    }
  };
}

function fail(errno: number): never {
  throw new Failure(errno);
}

/** Go's path.Clean and fs.ValidPath, with the final slash put back. */
function belowMount(path: string): string {
  const clean = posix.normalize(path).replace(/(?<=.)\/$/, "");
  if (clean.startsWith("/") || clean === ".." || clean.startsWith("../")) fail(ERRNO.perm);
  return path.endsWith("/") && clean !== "." ? `${clean}/` : clean;
}

function openFlags(lookup: number, open: number, rights: bigint, flags: number): number {
  let result = lookup & FOLLOW ? 0 : O_NOFOLLOW;
  if (open & OPEN.directory) result |= O_DIRECTORY;
  else if (open & OPEN.exclusive) result |= O_EXCL;
  if (open & OPEN.create) result |= O_CREAT;
  if (open & OPEN.truncate) result |= O_TRUNC;
  if (flags & APPEND) result |= O_APPEND;
  // Without rights the other flags say whether the file is to be written.
  const [reads, writes] = [(rights & RIGHT.read) !== 0n, (rights & RIGHT.write) !== 0n];
  if (writes) return result | (reads ? O_RDWR : O_WRONLY);
  const changes = (open & (OPEN.create | OPEN.truncate)) !== 0 || (flags & APPEND) !== 0;
  return !reads && changes ? result | O_RDWR : result;
}

function writeStat(view: DataView, at: number, stat: fs.BigIntStats): void {
  const type = stat.isFile() ? TYPE.file : stat.isDirectory() ? TYPE.directory : TYPE.unknown;
  view.setBigUint64(at, stat.dev, true);
  view.setBigUint64(at + 8, stat.ino, true);
  view.setBigUint64(at + 16, BigInt(stat.isSymbolicLink() ? TYPE.link : type), true);
  view.setBigUint64(at + 24, stat.nlink, true);
  view.setBigUint64(at + 32, stat.size, true);
  view.setBigUint64(at + 40, stat.atimeNs, true);
  view.setBigUint64(at + 48, stat.mtimeNs, true);
  view.setBigUint64(at + 56, stat.ctimeNs, true);
}
