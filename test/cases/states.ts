/** What the state directory does: steps (test/guest/visitor/state.ts), and what comes of each, in one line each. */
import { digest } from "../support/digest.ts";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes in a mount's folder what the cases want to be there. */
export function prepareState(folder: string): void {
  const state = join(folder, "rolegate");
  mkdirSync(join(state, "many"), { recursive: true });
  writeFileSync(join(folder, "outside"), "secret");
  writeFileSync(join(state, "large"), "x".repeat(1001));
  mkdirSync(join(state, "deep", "er"), { recursive: true });
  for (const name of [".hidden", "a:b", "deep/.hidden", "deep/er/file"]) {
    writeFileSync(join(state, name), "secret");
  }
  symlinkSync("../outside", join(state, "link"));
  for (let i = 0; i < 300; i++) writeFileSync(join(state, "many", `${i}`.padStart(60, "n")), "");
}

const rows = (text: string) => text.split("|").join("\n");
const MANY = Array.from({ length: 300 }, (_, i) => `${i}`.padStart(60, "n"));

export const STATES: [name: string, steps: string, expected: string | RegExp][] = [
  [
    "a file is written, read, and replaced by a whole one",
    "write a one t1|read a|size a|write a two! t2|read a|size a|list",
    rows('true|"one"|3|true|"two!"|4|.hidden a a:b deep large link many'),
  ],
  ["a time of its last change", "modified a", /^1\d{9}$/],
  [
    "what is absent",
    "read none|modified none|size none|remove none|rename none b|list none|modified none/a",
    rows("null|-1|-1|false|false|null|-1"),
  ],
  [
    "of two who create one file one is told so",
    "create lock mine|create lock theirs|read lock|remove lock|create lock theirs|remove lock",
    rows('true|false|"mine"|true|true|true'),
  ],
  [
    "one level of directories",
    "write d/a 1 t|directory d|directory d|write d/a 1 t|create d/b 2|list d|rename d/a b|list d|read b",
    rows('false|true|true|true|true|a b|true|b|"1"'),
  ],
  [
    "a rename replaces",
    "write x 1 t|write y 2 t|rename x y|read y|read x",
    rows('true|true|true|"1"|null'),
  ],
  [
    "appends come one after the other",
    "append log a|append log b|append log c|read log",
    rows('true|true|true|"abc"'),
  ],
  [
    "bytes are written over others, and nothing else changes",
    "append over abcdef|overwrite over 2 XY|read over|size over|append over g|read over|overwrite none 0 x|read none",
    rows('true|true|"abXYef"|6|true|"abXYefg"|false|null'),
  ],
  [
    "a stamp is the time of the last change, and finer",
    "write s 1 t|stamp s|stamp none",
    rows("true|0|-1"),
  ],
  ["nothing larger than allowed is read", "size large|read large", rows("1001|null")],
  ["a directory of more than one buffer", "list many", `300 with ${digest(MANY.sort().join(" "))}`],
  [
    "links are not followed",
    "read link|append link no|write link ours t|read link",
    rows('null|false|true|"ours"'),
  ],
  [
    "no name leads out of the directory",
    "read ../outside|write ../outside no t|create ../new no|append ../outside no|rename a ../b|remove ../outside|" +
      "read /state/outside|read d/../../outside|read ./a|read .|list ..|directory ../made|modified ../outside|read a/",
    rows("null|false|false|false|false|false|null|null|null|null|null|false|-1|null"),
  ],
  [
    "what has a name that none of ours has is not there",
    "read .hidden|size .hidden|read a:b|remove a:b|read deep/.hidden|read deep/er/file|list deep/|" +
      "directory new/|write a%2Fb 1 t|create deep/a:b 1|append deep/er/file 1|rename a:b c|read c",
    rows("null|-1|null|false|null|null|null|false|false|false|false|false|null"),
  ],
  [
    "a directory is no file",
    "read many|append many no|create many no|remove many",
    rows("null|false|false|false"),
  ],
];
