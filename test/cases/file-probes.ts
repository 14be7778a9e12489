/** The probes for files on mounts: what wazero makes of WASI's calls, to the errno. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProbeCase } from "./probe.ts";

/** Makes in a mount's folder what the probes want to be there, and a file beside it that a link leads to. */
export function prepareFiles(folder: string): void {
  mkdirSync(join(folder, "dir", "sub"), { recursive: true });
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, "there.txt"), "there");
  writeFileSync(join(folder, "dir", "a"), "a");
  writeFileSync(`${folder}-outside`, "outside");
  symlinkSync("there.txt", join(folder, "link"));
  symlinkSync("dir", join(folder, "dirlink"));
  symlinkSync("nowhere", join(folder, "dangling"));
  symlinkSync(`${folder}-outside`, join(folder, "out"));
}

/** Name -> the steps, each with what comes of it. */
type Rows = Record<string, [step: string, result: string][]>;

const ROWS: Rows = {
  "files are read": [
    ["read there.txt", "5 there"],
    ["read dir/a", "1 a"],
    ["read dir//a", "1 a"],
    ["read ./dir/./a", "1 a"],
    ["read dir/../there.txt", "5 there"],
    ["read none", "errno 44"],
    ["read none/x", "errno 44"],
    ["read there.txt/x", "errno 54"],
    ["read there.txt/", "errno 54"],
    ["read dir", "errno 31 reading"],
    ["read .", "errno 31 reading"],
    ["read ", "errno 28"],
  ],
  "no path leads out of the mount": [
    ["read ..", "errno 63"],
    ["read ../x", "errno 63"],
    ["read dir/../../x", "errno 63"],
    ["read /there.txt", "errno 63"],
    ["write ../x y", "errno 63"],
    ["mkdir ../x", "63"],
    ["unlink ../x", "63"],
    ["rename there.txt ../x", "63"],
    ["rename ../x y", "63"],
    ["stat ..", "errno 63"],
    ["list .. 4096", "errno 63"],
  ],
  "links are followed where that is asked for, out of the mount too": [
    ["read link", "errno 32"],
    ["follow link", "5 there"],
    ["read out", "errno 32"],
    ["follow out", "7 outside"],
    ["read dirlink/a", "1 a"],
    ["read dangling", "errno 32"],
    ["follow dangling", "errno 44"],
    ["write link x", "errno 32"],
    ["write dangling x", "errno 32"],
    ["append link x", "errno 32"],
    ["overwrite link x", "errno 32"],
    ["create link x", "errno 20"],
    ["create dangling x", "errno 20"],
    ["mkdir link", "20"],
    ["list dirlink 4096", "errno 54"],
    ["stat link", "7 9"],
    ["stat-follow link", "4 5"],
    ["stat-follow out", "4 7"],
    ["stat-follow dangling", "errno 44"],
    ["stat-follow dirlink", "directory"],
  ],
  "files are written, renamed and read": [
    ["write new.txt some text", "9"],
    ["rename new.txt old.txt", "0"],
    ["read old.txt", "9 some text"],
    ["read new.txt", "errno 44"],
    ["write old.txt less", "4"],
    ["read old.txt", "4 less"],
    ["overwrite old.txt LE", "2"],
    ["read old.txt", "4 LEss"],
    ["overwrite none x", "errno 44"],
    ["write dir x", "errno 31"],
    ["write none/x y", "errno 44"],
    ["unlink old.txt", "0"],
  ],
  "a file is created once": [
    ["create lock mine", "4"],
    ["create lock theirs", "errno 20"],
    ["read lock", "4 mine"],
    ["create dir x", "errno 20"],
    ["unlink lock", "0"],
    ["create lock theirs", "6"],
    ["unlink lock", "0"],
  ],
  appends: [
    ["append log a", "1"],
    ["append log bc", "2"],
    ["read log", "3 abc"],
    ["append dir x", "errno 31"],
    ["unlink log", "0"],
    ["unlink log", "44"],
  ],
  renames: [
    ["write one 1", "1"],
    ["write two 2", "1"],
    ["rename one two", "0"],
    ["read two", "1 1"],
    ["rename none x", "44"],
    ["rename two none/x", "44"],
    ["rename two dir", "31"],
    ["rename dir two", "54"],
    ["rename two two", "0"],
    ["rename two x/", "54"],
    ["rename empty dir", "55"],
    ["unlink two", "0"],
  ],
  directories: [
    ["mkdir made", "0"],
    ["mkdir made", "20"],
    ["mkdir there.txt", "20"],
    ["mkdir none/x", "44"],
    ["mkdir there.txt/x", "44"],
    ["mkdir ", "20"],
    ["write made/a 1", "1"],
    ["rename made/a made/b", "0"],
    ["read made/b", "1 1"],
    ["unlink made", "31"],
    ["unlink dir/", "31"],
    ["unlink there.txt/", "54"],
    ["unlink made/b", "0"],
  ],
  "lists, in as many pieces as it takes": [
    ["list dir 4096", "..:3 .:3 a:4 sub:3"],
    ["list dir 60", "..:3 .:3 a:4 sub:3"],
    ["list dir 27", "..:3 .:3 a:4 sub:3"],
    ["list dir/ 4096", "..:3 .:3 a:4 sub:3"],
    ["list dir 10", "errno 28 reading"],
    ["list there.txt 4096", "errno 54"],
    ["list none 4096", "errno 44"],
  ],
  "what a file is": [
    ["stat there.txt", "4 5"],
    ["stat dir", "directory"],
    ["stat .", "directory"],
    ["stat ", "directory"],
    ["stat none", "errno 44"],
    ["stat there.txt/x", "errno 54"],
    ["modified none", "errno 44"],
  ],
  "a read-only mount": [
    ["mount-fd 4", ""],
    ["read there.txt", "5 there"],
    ["follow link", "5 there"],
    ["list dir 4096", "..:3 .:3 a:4 sub:3"],
    ["write there.txt x", "errno 52"],
    ["write new x", "errno 52"],
    ["write dir x", "errno 52"],
    ["overwrite there.txt x", "errno 52"],
    ["create new x", "errno 52"],
    ["append there.txt x", "errno 52"],
    ["rename there.txt x", "69"],
    ["rename none x", "69"],
    ["unlink there.txt", "69"],
    ["mkdir made", "69"],
    ["mkdir dir", "69"],
  ],
  "a descriptor that is none": [
    ["mount-fd 9", ""],
    ["read there.txt", "errno 8"],
    ["unlink there.txt", "8"],
  ],
};

export const FILE_PROBES: ProbeCase[] = [
  ...Object.entries(ROWS).map(([name, rows]) => ({
    name: `files: ${name}`,
    steps: [...rows.map(([step]) => step), "respond"].join("|"),
    expect: {
      body: rows
        .filter(([step]) => !step.startsWith("mount-fd"))
        .map(([step, result]) => `${step.split(" ")[0]}=${result}\n`)
        .join(""),
    },
  })),
  {
    name: "files: the time of the last change is the file system's",
    steps: "write now x|modified now|unlink now|respond",
    expect: { body: /^write=1\nmodified=1[7-9]\d{8}\nunlink=0\n$/ },
  },
];
