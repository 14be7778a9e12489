/** Grammar-based garbage: JSON, paths, queries, headers and cookies that are nearly right. */
import type { Dice } from "../support/dice.ts";

const NUMBERS = ["0", "-0", "1", "1.0", "1e0", "1E+2", "-1e-99", "9007199254740993", "0.5"].concat(
  "9".repeat(40),
  `0.${"0".repeat(400)}1`,
  "1e400",
);
const NO_NUMBERS = ["01", "1.", ".5", "-", "+1", "0x1", "NaN", "Infinity", "1e", "1e+", "--1", ""];
const PIECES = ["\\u0000", "\\ud83d\\ude00", "\\u00e9", "\\n", "\\/", "\\\\", '\\"'].concat([
  "\u00c3\u00a9",
  "\u007f",
  "\u00e2\u0080\u00a8",
  ",",
]);
const NO_PIECES = ["\\ud800", "\\udc00", "\\x", "\\u12", "\\"].concat([
  "\u00ff",
  "\u00c0\u00af",
  "\u00ed\u00a0\u0080",
  "\u0001",
  "\n",
]);
const LENGTHS = [0, 1, 2, 3, 8, 40, 300, 5_000];

/** JSON; its names and texts often of `words`, its nesting and its size now and then at the limits. */
export function json(dice: Dice, words: readonly string[]): string {
  if (dice.chance(200)) return "[".repeat(dice.pick([31, 32, 33, 5_000]));
  if (dice.chance(200)) {
    const depth = dice.pick([30, 31, 32, 33, 34, 200]);
    return `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  }
  if (dice.chance(300)) {
    const members = dice.times(dice.pick([255, 256, 257, 600]), (index) => `"${index}":1`);
    return `{${members.join(",")}}`;
  }
  return new Garbage(dice, words, dice.chance(3) ? 8 : Infinity).value(4);
}

class Garbage {
  constructor(
    private readonly dice: Dice,
    private readonly words: readonly string[],
    /** One in so many pieces is no JSON. */
    private readonly one: number,
  ) {}

  value(depth: number): string {
    const { dice } = this;
    const inner = () => this.value(depth - 1);
    switch (dice.below(depth > 0 ? 9 : 6)) {
      case 0:
        return this.wrong() ? dice.pick(["True", "nul", ""]) : dice.pick(["true", "false", "null"]);
      case 1:
      case 2:
        return dice.pick(this.wrong() ? NO_NUMBERS : NUMBERS);
      case 3:
      case 4:
      case 5:
        return this.text();
      case 6:
        return `[${this.gap()}${dice.times(dice.below(5), inner).join(this.comma())}${this.gap()}]`;
      default:
        return this.map(inner);
    }
  }

  private map(inner: () => string): string {
    const { dice } = this;
    const names = this.wrong() ? this.words : dice.shuffled(this.words);
    const members = dice.times(dice.below(6), (index) => {
      // A text of its own may be a name that is there already.
      const name = dice.chance(12) ? this.text() : `"${names[index]}"`;
      return `${name}${this.gap()}:${this.gap()}${inner()}`;
    });
    return `{${this.gap()}${members.join(this.comma())}${this.gap()}}`;
  }

  private text(): string {
    const { dice, words } = this;
    const parts = dice.times(dice.below(4), () =>
      dice.pick([
        dice.pick(words),
        dice.pick(words),
        dice.pick(this.wrong() ? NO_PIECES : PIECES),
        "a".repeat(dice.pick(LENGTHS)),
      ]),
    );
    return `"${parts.join("")}"`;
  }

  private comma = () => (this.wrong() ? this.dice.pick([",,", ";", ""]) : ",");

  private gap(): string {
    if (this.wrong()) return this.dice.pick(["\u00a0", "/**/", "\u0000", "\f"]);
    return this.dice.chance(6) ? this.dice.pick([" ", "\n", "\t", "\r"]) : "";
  }

  private wrong(): boolean {
    return this.one !== Infinity && this.dice.chance(this.one);
  }
}

const PATH_PIECES = [
  ...[
    "/",
    "//",
    "/.",
    "/..",
    ";",
    "%2F",
    "%2f",
    "%5C",
    "\\",
    "%2e",
    "%252e",
    "%25",
    "%00",
    "%0a",
    "%C3",
  ],
  ...[
    "%A9",
    "%C0%AF",
    "%ED%A0%80",
    "%F4%90%80%80",
    "%EF%BF%BF",
    "%",
    "%4",
    "%zz",
    "api",
    "a",
    "public",
  ],
  ...[
    "~",
    "+",
    "*",
    "{x}",
    "'",
    "[",
    "]",
    "^",
    "|",
    "`",
    '"',
    "<",
    "\u00e9",
    "\u00c3\u00a9",
    "#",
    "%3F",
  ],
];

export function path(dice: Dice): string {
  const pieces = dice.times(dice.below(12), () =>
    dice.pick([dice.pick(PATH_PIECES), "/", dice.pick(PATH_PIECES)]),
  );
  const long = dice.chance(200) ? "/a".repeat(dice.pick([500, 20_000, 40_000])) : "";
  return `${dice.chance(50) ? "" : "/"}${pieces.join("")}${long}`;
}

const QUERY_PIECES = [
  ...[
    "&",
    "&",
    "=",
    "=",
    ";",
    "+",
    "%20",
    "%",
    "%z",
    "%00",
    "%26",
    "%3D",
    "access_token",
    "token",
    "x",
  ],
  ...[
    "include_secrets",
    "%69nclude_secrets",
    "false",
    "true",
    "?",
    "#",
    "\u00ff",
    "[]",
    "a".repeat(500),
  ],
];

export function query(dice: Dice): string {
  if (dice.chance(2)) return "";
  return `?${dice.times(dice.below(10), () => dice.pick(QUERY_PIECES)).join("")}`;
}

const COOKIE_PIECES = [
  ...["session", "session=", "Session=", "=", ";", "; ", " ;", ",", '"', "\t", "$Version=1", "a=b"],
  ...["__Host-session=", "session2=", "\u00e9", "eyJ", ".", "a".repeat(4_000), "%73ession="],
];

/** `own` stands among the pieces. */
export function cookies(dice: Dice, own: readonly string[]): string {
  const pieces = [...COOKIE_PIECES, ...own];
  return dice.times(dice.below(9), () => dice.pick(pieces)).join("");
}
