/** Every place that a text can stand in, for ../texts.test.ts: compiled with and without the transforms of tools/. */
import { request } from "../../../assembly/runtime/arena";
import { ELSEWHERE as renamed } from "./constants";
import { seldom } from "./login/seldom";

const TOP = "At the top level of a file it is a constant.";
const TABLE: StaticArray<string> = [
  "In a table of constants it is one, too.",
  "Below U+0100: äöü ÿ §, and not packed here.",
];

const JOINED = "At the top level, joined of" + " two parts: one constant.";
const LIST: StaticArray<string> = [
  "A list that functions use by number alone, and that is long,",
  "",
  "short",
  "its first element, and the others: each is unpacked by itself.",
];
/** Of this one a function asks for the length. */
const WHOLE: StaticArray<string> = [
  "A list that functions use in other ways as well, so that it is",
  "kept as it is, however long its elements are.",
];

class Mistake {
  path: string = "What a field begins with is no function's.";

  constructor(readonly message: string) {}

  get whole(): string {
    return `${this.path} But in an accessor: ${this.message}, and so on to the end.`;
  }

  static of(index: i32): Mistake {
    return new Mistake(
      index > 0 ? "one of several, as it happened" : "the first, which is another",
    );
  }
}

namespace Inner {
  export function text(): string {
    return "Inside a namespace: is it found?";
  }
}

function withDefault(text: string = "What stands for a missing argument"): string {
  return text;
}

function chosen(index: i32): string {
  switch (index) {
    case 0:
      return "What a case returns, of one length";
    case 1:
      return "What a case returns, of another length";
    default:
      return "What is returned where no case fits";
  }
}

function listed(index: i32): string {
  const constant = ["A list of constants within a function", "and its second element, as long"];
  const other = [
    withDefault("A list of what functions return"),
    `${index} of so many that we know`,
  ];
  return constant[index & 1] + other[index & 1];
}

class Log {
  last: string = "";

  warning(path: string, message: string): string {
    return (this.last = `${path}: ${message}`);
  }
}

const COUNT = 54;

function made(index: i32): string {
  switch (index) {
    case 0:
      return "12 letters on";
    case 1:
      return "12 letters: ";
    case 2:
      return "Twice the same text, at one address";
    case 3:
      return "Twice the same text, at one address";
    case 4:
      return "äöü ß ÿ § · below U+0100, é è ê";
    case 5:
      return "beyond it: → … “quoted” and 𝄞, which are two units";
    case 6:
      return "NUL \0 in the middle of a longer text";
    case 7:
      return "quotes ' \" and ` and \\ and \n\r\t and \x01\x7f\x80\xff and ${no}";
    case 8:
      return "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    case 9:
      return `a template with nothing in it, but long`;
    case 10:
      return `${1}, and then a text that is long enough`;
    case 11:
      return `A text that is long enough, and then ${2}`;
    case 12:
      return `A text that is long enough, ${"another one within, so nested"}${3} and one at its end`;
    case 13:
      return `short ${`an inner template of some length ${4}`} short`;
    case 14:
      return `${5}${6}`;
    case 15:
      return `→ part beyond Latin-1 of some length ${7} and one that is within it`;
    case 16:
      return "left side of a sum of texts: " + "right side of a sum of texts";
    case 17:
      return (
        ("in brackets, twice, and compared" == "in brackets, twice, and compared") as bool
      ).toString();
    case 18:
      return (
        "the characters of a long text".charCodeAt(4).toString() +
        "the length of a long text".length.toString()
      );
    case 19: {
      const inner = (): string => "a function within a function";
      return inner();
    }
    case 39:
      return renamed;
    case 20:
      return TOP;
    case 21:
      return TABLE[0];
    case 22:
      return TABLE[1];
    case 23:
      return Mistake.of(0).whole;
    case 24:
      return Mistake.of(1).whole;
    case 25:
      return Inner.text();
    case 26:
      return withDefault();
    case 27:
      return withDefault("An argument that is passed along");
    case 28:
      return chosen(0);
    case 29:
      return chosen(1);
    case 30:
      return chosen(2);
    case 31:
      return listed(0);
    case 32:
      return listed(1);
    case 33:
      return JOINED;
    case 34:
      return `${JOINED}, in a template`;
    case 35:
    case 36:
      return LIST[index - 33];
    case 37:
      return LIST[index - 37] + LIST[min(index, 1)] + ".";
    case 38:
      return WHOLE[0] + WHOLE.length.toString();
    case 40:
      return "NamesOfOptionsAreUsedByEveryGuest";
    case 41:
      return "Latin1ÄÖÜßÿ\0\xff";
    case 42:
      return "e";
    case 43:
      return new Log().warning("tooMany", "usedElsewhere");
    case 44:
      return "usedElsewhere";
    case 45:
      return `${index} or more, of ${index}, which is long enough`;
    case 46:
      return `${index} usable: ${index}`;
    default:
      return seldom(index - 47);
  }
}

export function count(): i32 {
  return COUNT;
}

/** In the request's region, as all that a request does. */
export function text(index: i32): string {
  request.enter();
  return made(index);
}

/** Forgets the request, and makes another one that fills as much memory. */
export function nextRequest(bytes: i32): void {
  request.enter();
  request.clear();
  memory.fill(heap.alloc(bytes), 0xaa, bytes);
}

/** A request's memory is given back from the end on: what stands at the end then must not be a text. */
export function allocated(index: i32): bool {
  request.enter();
  const before = heap.alloc(8);
  made(index);
  return heap.alloc(8) != before + 8;
}
