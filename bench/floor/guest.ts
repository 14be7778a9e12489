/**
 * The floor guest: a module that makes the calls of its host that Rolegate makes for a warm request, with the same
 * texts and buffers, and decides nothing. What Rolegate costs beyond it is Rolegate's own code; what it costs itself, a
 * guest cannot save unless it saves calls. It is made from a recording, so it makes fewer when Rolegate does.
 */
import binaryen from "assemblyscript/binaryen";
import type { Call } from "../workload.ts";
import { functionOf, type Argument } from "./abi.ts";
import {
  record,
  type HostCall,
  type Recorded,
  type Recording,
  type Subject,
  type Value,
} from "./record.ts";

/** The module for what `subject` does; it takes one request of each method that there is, for its kind. */
export async function floorGuest(subject: Subject, calls: Call[]): Promise<Uint8Array> {
  const methods = new Set(calls.map(({ method }) => method));
  const first = [...methods].map((method) => calls.find((call) => call.method === method)!);
  return floorOf(await record(subject, first));
}

/** The module that makes these calls. It tells methods by their lengths. */
export function floorOf({ features, recordings }: Recorded): Uint8Array {
  const lengths = new Set(recordings.map(({ method }) => method.length));
  if (lengths.size < recordings.length) throw new Error("two methods have one length");
  const module = binaryen.parseText(textOf(features, recordings));
  if (!module.validate()) throw new Error("the floor guest is no valid module");
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

const PAGE = 65_536;

/** The guest's memory: texts, the target as the host has told it, a buffer, a place for a result. */
class Layout {
  private readonly texts = new Map<string, number>();
  /** Before it is the place for a result: a file's state has 64 bytes. */
  private end = 64;
  size = 0;

  /** The text's place. Equal texts have one. */
  at(text: string): number {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const at = this.end;
    this.texts.set(text, at);
    this.end += text.length;
    return at;
  }

  /** Has room for a buffer of that size. */
  holds(size: number): void {
    this.size = Math.max(this.size, size);
  }

  get target(): number {
    return Math.ceil(this.end / 16) * 16;
  }

  get buffer(): number {
    return this.target + this.size;
  }

  get pages(): number {
    return Math.ceil((this.buffer + this.size) / PAGE);
  }

  get data(): string[] {
    return [...this.texts].map(([text, at]) => `(data (i32.const ${at}) "${escaped(text)}")`);
  }
}

const escaped = (text: string) =>
  [...text].map((c) => `\\${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");

/** The module as WebAssembly's text. */
function textOf(features: number, recordings: Recording[]): string {
  const layout = new Layout();
  const all = recordings.flatMap(({ request, response }) => [...request, ...response]);
  for (const value of all.flatMap(({ values }) => values)) {
    if (typeof value !== "object") continue;
    if ("text" in value) layout.at(value.text);
    else layout.holds(value.size);
  }
  const names = new Set([...all.map(({ name }) => name), "enable_features"]);
  return `(module
${[...names].map(imported).join("\n")}
(memory (export "memory") ${layout.pages})
${layout.data.join("\n")}
(global $method (mut i32) (i32.const 0))
(global $target (mut i32) (i32.const 0))
(func (export "_initialize") ${features ? `(drop (call $enable_features (i32.const ${features})))` : ""})
(func (export "handle_request") (result i64)
${byMethod(recordings, ({ request }) => request, layout)}
(i64.const 1))
(func (export "handle_response") (param i32 i32)
${byMethod(recordings, ({ response }) => response, layout)}))`;
}

const TYPES: Record<Argument, string> = {
  ...{ number: "i32", long: "i64", place: "i32", text: "i32 i32", buffer: "i32 i32" },
};

function imported(name: string): string {
  const { module, arguments: list, result } = functionOf(name);
  const parameters = list.map((argument) => `(param ${TYPES[argument]})`).join(" ");
  const results = result ? `(result ${result})` : "";
  return `(import "${module}" "${name}" (func $${name} ${parameters} ${results}))`;
}

/** The calls that all have in common at the beginning, then those of the request's method. */
function byMethod(
  recordings: Recording[],
  of: (recording: Recording) => HostCall[],
  layout: Layout,
): string {
  const lists = recordings.map((recording) => of(recording).map((call) => code(call, layout)));
  const [first = []] = lists;
  const differs = first.findIndex((call, i) => lists.some((list) => list[i] !== call));
  const common = differs < 0 ? first.length : differs;
  const own = recordings.map(({ method }, i) => {
    const rest = lists[i]!.slice(common).join("\n");
    return `(if (i32.eq (global.get $method) (i32.const ${method.length})) (then\n${rest}))`;
  });
  const shared = first.slice(0, common);
  const same = lists.every((list) => list.length === common);
  return [...shared, ...(same ? [] : own)].join("\n");
}

/** A call; of its result only the lengths of the method and the target are kept. */
function code({ name, values }: HostCall, layout: Layout): string {
  const { result, arguments: list } = functionOf(name);
  const buffer = name === "get_uri" ? layout.target : layout.buffer;
  const parameters = values.flatMap((value, i) => operands(value, list[i]!, buffer, layout));
  const call = `(call $${name} ${parameters.join(" ")})`;
  if (name === "get_method") return `(global.set $method ${call})`;
  if (name === "get_uri") return `(global.set $target ${call})`;
  return result ? `(drop ${call})` : call;
}

function operands(value: Value, argument: Argument, buffer: number, layout: Layout): string[] {
  if (value === "place") return ["(i32.const 0)"];
  if (value === "target") return [`(i32.const ${layout.target})`, "(global.get $target)"];
  if (typeof value !== "object") {
    return [`(${argument === "long" ? "i64" : "i32"}.const ${value})`];
  }
  const [at, length] =
    "text" in value ? [layout.at(value.text), value.text.length] : [buffer, value.size];
  return [`(i32.const ${at})`, `(i32.const ${length})`];
}
