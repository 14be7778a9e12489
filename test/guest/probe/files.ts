/** The probe's WASI calls for files on a mount, the first if no other is chosen: each tells what came of it, or the errno. */
import * as host from "./imports";
import { argument, BUFFER, bytes, line, text } from "./text";

const FIRST_MOUNT = 3;
const FOLLOW = 1;
const CREATE = 1;
const DIRECTORY = 2;
const EXCLUSIVE = 4;
const TRUNCATE = 8;
const APPEND = 1;
/** fd_read with fd_filestat_get, fd_write, fd_readdir. */
const READ: i64 = (1 << 1) | (1 << 21);
const WRITE: i64 = 1 << 6;
const READ_DIRECTORY: i64 = 1 << 14;
const ENTRY = 24;
const RESULT = memory.data(64, 8);
const VECTOR = memory.data(8, 4);
let mount: i32 = FIRST_MOUNT;

export function chooseMount(fd: i32 = FIRST_MOUNT): void {
  mount = fd;
}

/** `OPERATION NAME [TEXT]`. False: it is none of these. */
export function files(operation: string, step: string): bool {
  const name = argument(step, 1);
  const value = argument(step, 2);
  if (operation == "mount-fd") chooseMount(<i32>parseInt(name));
  else if (operation == "read") line("read", read(name, 0));
  else if (operation == "follow") line("follow", read(name, FOLLOW));
  else if (operation == "write") line("write", write(name, value, CREATE | TRUNCATE, 0));
  else if (operation == "overwrite") line("overwrite", write(name, value, 0, 0));
  else if (operation == "create") line("create", write(name, value, CREATE | EXCLUSIVE, 0));
  else if (operation == "append") line("append", write(name, value, CREATE, APPEND));
  else if (operation == "rename") line("rename", rename(name, value));
  else if (operation == "unlink")
    line("unlink", host.unlink(mount, bytes(name), name.length).toString());
  else if (operation == "mkdir")
    line("mkdir", host.makeDirectory(mount, bytes(name), name.length).toString());
  else if (operation == "stat") line("stat", stat(name, 0));
  else if (operation == "stat-follow") line("stat-follow", stat(name, FOLLOW));
  else if (operation == "modified") line("modified", modified(name));
  else if (operation == "list") line("list", list(name, <i32>parseInt(value)));
  else return false;
  return true;
}

/** The descriptor, or a negative errno. */
function open(name: string, look: i32, flags: i32, rights: i64, fdFlags: i32): i32 {
  const errno = host.open(mount, look, bytes(name), name.length, flags, rights, 0, fdFlags, RESULT);
  return errno == 0 ? load<i32>(RESULT) : -errno;
}

function read(name: string, look: i32): string {
  const fd = open(name, look, 0, READ, 0);
  if (fd < 0) return `errno ${-fd}`;
  const looked = host.fdStat(fd, RESULT);
  const size = load<i64>(RESULT, 32);
  store<u32>(VECTOR, <u32>BUFFER);
  store<u32>(VECTOR, 4096, 4);
  const errno = host.read(fd, VECTOR, 1, RESULT);
  const count = load<i32>(RESULT);
  host.close(fd);
  if (errno != 0) return `errno ${errno} reading`;
  return looked != 0 ? `errno ${looked} looking` : `${size} ${text(count)}`;
}

function write(name: string, value: string, flags: i32, fdFlags: i32): string {
  const fd = open(name, 0, flags, WRITE, fdFlags);
  if (fd < 0) return `errno ${-fd}`;
  store<u32>(VECTOR, <u32>bytes(value));
  store<u32>(VECTOR, value.length, 4);
  const errno = host.write(fd, VECTOR, 1, RESULT);
  const count = load<i32>(RESULT);
  host.close(fd);
  return errno == 0 ? count.toString() : `errno ${errno} writing`;
}

function rename(from: string, to: string): string {
  return host.rename(mount, bytes(from), from.length, mount, bytes(to), to.length).toString();
}

/** Type and size; of a directory's size each file system has its own idea. */
function stat(name: string, look: i32): string {
  const errno = host.stat(mount, look, bytes(name), name.length, RESULT);
  if (errno != 0) return `errno ${errno}`;
  const type = load<u8>(RESULT, 16);
  return type == 3 ? "directory" : `${type} ${load<i64>(RESULT, 32)}`;
}

function modified(name: string): string {
  const errno = host.stat(mount, 0, bytes(name), name.length, RESULT);
  return errno == 0 ? (load<i64>(RESULT, 48) / 1_000_000_000).toString() : `errno ${errno}`;
}

/** Names with their types, sorted, read in pieces of `size` bytes. */
function list(name: string, size: i32): string {
  const fd = open(name, 0, DIRECTORY, READ_DIRECTORY, 0);
  if (fd < 0) return `errno ${-fd}`;
  const names: string[] = [];
  let cookie: i64 = 0;
  let length = size;
  while (length == size) {
    const errno = host.readDirectory(fd, BUFFER, size, cookie, RESULT);
    if (errno != 0) return `errno ${errno} reading`;
    length = load<i32>(RESULT);
    const before = names.length;
    let at = 0;
    while (at + ENTRY <= length) {
      const end = at + ENTRY + load<i32>(BUFFER + at, 16);
      if (end > length) break;
      names.push(`${text(end - at - ENTRY, BUFFER + at + ENTRY)}:${load<u8>(BUFFER + at, 20)}`);
      cookie = load<i64>(BUFFER + at);
      at = end;
    }
    if (names.length == before) break;
  }
  host.close(fd);
  return names.sort().join(" ");
}
