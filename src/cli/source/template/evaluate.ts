/** Runs a template as far as possible here: unknown values get a stand-in, and are reported. */
import type { Piece } from "../derived.ts";
import { COMPUTED, LENIENT, NAMES } from "./functions-table.ts";
import {
  type Branch,
  type Node,
  type Operand,
  parseTemplate,
  type Pipe,
  type Template,
} from "./parse.ts";
import { TemplateError } from "./scan.ts";
import { isTrue, printed, standIn, Unknown, type Value } from "./value.ts";

export interface Evaluated {
  pieces: Piece[];
  /** Parts that a stand-in replaces. */
  unknown: { start: number; end: number; expression: string }[];
  /** Blocks that are left out, because their condition is unknown. */
  skipped: { start: number; end: number; expression: string }[];
}

export interface Surroundings {
  env: Record<string, string | undefined>;
  /** A template of another program with its own functions and data: Helm. */
  isForeign: boolean;
}

export function evaluate(text: string, around: Surroundings): Evaluated {
  const template = parseTemplate(text);
  const run = new Run(text, template, around);
  run.nodes(template.nodes, around.isForeign ? new Unknown(".") : false);
  return run.evaluated;
}

const STEPS = 100_000;
type Signal = "break" | "continue" | null;

class Run {
  readonly evaluated: Evaluated = { pieces: [], unknown: [], skipped: [] };
  private variables: [name: string, value: Value][] = [];
  private root: Value = false;
  private steps = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly template: Template,
    private readonly around: Surroundings,
  ) {}

  nodes(nodes: readonly Node[], dot: Value): Signal {
    if (this.depth === 0) this.root = dot;
    this.depth++;
    const mark = this.variables.length;
    let signal: Signal = null;
    for (const node of nodes) {
      if (++this.steps > STEPS)
        throw new TemplateError("the template goes on and on", node.at.start);
      signal = this.node(node, dot);
      if (signal !== null) break;
    }
    this.variables.length = mark;
    this.depth--;
    return signal;
  }

  private node(node: Node, dot: Value): Signal {
    switch (node.kind) {
      case "text":
        this.emit(this.text.slice(node.start, node.end), node);
        return null;
      case "action": {
        const value = this.pipe(node.pipe, dot);
        if (node.pipe.declares.length === 0) this.print(value, node);
        return null;
      }
      case "if":
      case "with":
      case "range":
        return this.branch(node, dot);
      case "template": {
        const body = this.template.defined.get(node.name);
        if (!body) throw new TemplateError(`there is no template ${node.name}`, node.at.start);
        if (this.depth > 50) throw new TemplateError("templates call each other", node.at.start);
        const outer = this.variables;
        this.variables = [];
        this.nodes(body, node.pipe ? this.pipe(node.pipe, dot) : null);
        this.variables = outer;
        return null;
      }
      case "break":
      case "continue":
        return node.kind;
    }
  }

  private emit(text: string, { start, end }: { start: number; end: number }): void {
    this.evaluated.pieces.push({ text, start, end });
  }

  private print(value: Value, { at }: Node): void {
    const text = printed(value);
    if (!(text instanceof Unknown)) return this.emit(text, at);
    // Helm puts this on lines of its own.
    const [, indent] = /^nindent (\d+) /.exec(text.expression) ?? [];
    const before = indent === undefined ? "" : `\n${" ".repeat(Number(indent))}`;
    this.emit(before + standIn(text), at);
    this.name("unknown", at);
  }

  /** Reports a part once, however often a loop runs. */
  private name(as: "unknown" | "skipped", { start, end }: Node["at"]): void {
    if (this.evaluated[as].some((it) => it.start === start)) return;
    const written = this.text.slice(start, end);
    const expression = as === "unknown" ? written : /^\{\{.*?\}\}/s.exec(written)![0];
    this.evaluated[as].push({ start, end, expression: expression.replace(/\s+/g, " ") });
  }

  private branch(node: Node & Branch, dot: Value): Signal {
    const mark = this.variables.length;
    const value = this.pipe(node.pipe, dot);
    const is = isTrue(value);
    let signal: Signal = null;
    if (is === null) this.name("skipped", node.at);
    else if (!is) signal = this.nodes(node.otherwise, dot);
    else if (node.kind === "range") this.loop(node, value);
    else signal = this.nodes(node.body, node.kind === "with" ? value : dot);
    this.variables.length = mark;
    return signal;
  }

  private loop({ pipe, body }: Branch, value: Value): void {
    const names = pipe.declares;
    for (const [key, item] of itemsOf(value)) {
      const mark = this.variables.length;
      if (names.length > 1) this.variables.push([names[0]!, key]);
      if (names.length > 0) this.variables.push([names.at(-1)!, item]);
      const signal = this.nodes(body, item);
      this.variables.length = mark;
      if (signal === "break") break;
    }
  }

  private pipe({ declares, assigns, commands }: Pipe, dot: Value): Value {
    let value: Value | undefined;
    for (const command of commands) value = this.command(command, dot, value);
    for (const name of declares) {
      const known = this.variables.findLast(([it]) => it === name);
      if (assigns && known) known[1] = value!;
      else this.variables.push([name, value!]);
    }
    return value!;
  }

  private command([head, ...rest]: Operand[], dot: Value, piped: Value | undefined): Value {
    if (head!.kind !== "function") return this.operand(head!, dot);
    const args = rest.map((it) => this.operand(it, dot));
    return this.call(head!, piped === undefined ? args : [...args, piped]);
  }

  private operand(operand: Operand, dot: Value): Value {
    switch (operand.kind) {
      case "literal":
        return operand.value;
      case "dot":
        return this.fields(dot, operand);
      case "variable": {
        if (operand.name === "$") return this.fields(this.root, operand);
        const known = this.variables.findLast(([name]) => name === operand.name);
        if (!known) throw new TemplateError(`${operand.name} is not declared`, operand.start);
        return this.fields(known[1], operand);
      }
      case "pipe":
        return this.fields(this.pipe(operand.pipe, dot), operand);
      case "function":
        return this.call(operand, []);
    }
  }

  private fields(value: Value, { fields, start }: { fields: string[]; start: number }): Value {
    return fields.reduce<Value>((at, name) => {
      if (at instanceof Map) return at.get(name) ?? null;
      if (at instanceof Unknown || this.around.isForeign) return new Unknown(`.${name}`);
      throw new TemplateError(`.${name}: Traefik gives its templates no values`, start);
    }, value);
  }

  private call({ name, start }: { name: string; start: number }, args: Value[]): Value {
    if (!this.around.isForeign && !NAMES.has(name)) {
      throw new TemplateError(`Traefik's templates have no function ${name}`, start);
    }
    const whole = new Unknown([name, ...args.map(shown)].join(" "));
    try {
      if (name === "env") return this.variable(args[0]!, whole);
      if (Object.hasOwn(LENIENT, name)) return LENIENT[name]!(whole, ...args);
      const isKnown = args.every((it) => !(printed(it) instanceof Unknown));
      if (!isKnown || !Object.hasOwn(COMPUTED, name)) return whole;
      return COMPUTED[name]!(...(args as never[]));
    } catch {
      // Its arguments have other types, or are too long.
      return whole;
    }
  }

  private variable(name: Value, whole: Unknown): Value {
    return (typeof name === "string" && this.around.env[name]) || whole;
  }
}

const shown = (value: Value) =>
  value instanceof Unknown ? value.expression : JSON.stringify(value);

function itemsOf(value: Value): [key: Value, item: Value][] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (value instanceof Map) return [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  if (typeof value === "number")
    return Array.from({ length: Math.min(value, STEPS) }, (_, i) => [i, i]);
  return [];
}
