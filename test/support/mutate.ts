/** Random changes of text, for fuzzing; a printed seed repeats them. */
import { Random } from "../vectors/random.ts";

/** What parsers stumble over. */
const SPICE = [
  ...["", "\u0000", "\n", " ", "\t", "%", "%00", "%2F", "..", "/", "//", ";", "\\", "`", '"', "'"],
  ...[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    "&&",
    "||",
    "!",
    "*",
    "**",
    "{a}",
    "=",
    "==",
    ".",
    "-",
  ],
  ...[
    "true",
    "null",
    "0",
    "-1",
    "1e400",
    "9".repeat(30),
    "\u00ff",
    "\u00ed\u00a0\u0080",
    "\\u0000",
  ],
  ...["\\ud800", "a".repeat(300), "[".repeat(50), "(".repeat(50), '{"a":'.repeat(40)],
];

/** A text with one to four changes: characters and ranges removed, doubled, swapped, replaced, spice put in. */
export function mutate(random: Random, text: string): string {
  let result = text;
  for (let count = random.below(4); count >= 0; count--) result = change(random, result);
  return result;
}

function change(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + (random.chance(3) ? random.below(40) : 1));
  const [before, inside, after] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  switch (random.below(6)) {
    case 0:
      return before + after;
    case 1:
      return before + inside + inside + after;
    case 2:
      return before + random.pick(SPICE) + after;
    case 3:
      return before + random.pick(SPICE) + inside + after;
    case 4:
      return before + random.bytes(inside.length).toString("latin1") + after;
    default:
      return before + [...inside].reverse().join("") + after;
  }
}

/** The seed of a run: the environment's, or the day's work is the same every time. */
export function seeded(name: string): Random {
  return new Random(process.env.ROLEGATE_SEED ?? `rolegate ${name}`);
}
