/**
 * A compiler transform that counts the turns of every loop, those of the standard library too: a guest whose loop turns
 * more often than its bound says ends at once, with the loop's number for its last word. Each loop that is compiled has
 * a row in the tables of bounds, and each row a loop: otherwise the build fails, and says what is missing.
 *
 * A loop becomes `{ let turns = __begin(); while (…) { turns = __turn(number, turns); … } }`.
 */
import { readFileSync } from "node:fs";
import { CommonFlags, Node, NodeKind, Token } from "assemblyscript";
import { Bounds, MOST_IN_ONE_CALL } from "./bounds.mjs";

const LOOPS = new Set([NodeKind.While, NodeKind.Do, NodeKind.For, NodeKind.ForOf]);
const NAMED = new Set([NodeKind.FunctionDeclaration, NodeKind.MethodDeclaration]);
/** Leaves of the tree, and what no statement is in. */
const PASSED_OVER = new Set(["range", "source", "decorators", "name", "type", "typeArguments"]);
/** Of the module that counts; there is no such file. */
const PATH = "assembly/runtime/loop-counts.ts";
/** LOOPS_TABLE names a module with another table; LOOPS_PART says that a program has only some of the loops. */
const { LOOPS_TABLE, LOOPS_PART } = process.env;
const { default: table } = LOOPS_TABLE ? await import(LOOPS_TABLE) : {};
/** What such a program has of its own: nobody sends it anything. */
const FOREIGN = { text: "foreign", most: 0xfffffffe };

/** What hosts call: each begins a count of its own. */
const CALLS = new Set(["handle_request", "handle_response", "check"]);
/** The section of the module that names its loops. */
export const SECTION = "loops";

export default class {
  /** By number: `{ file, name, nth, line, bound }`. */
  loops = [];
  bounds = table ? new Bounds([table]) : new Bounds();

  afterParse(parser) {
    // What other transforms import is still to be parsed.
    for (let path = parser.nextFile(); path !== null; path = parser.nextFile()) {
      parser.parseFile(readFileSync(`${path}.ts`, "utf8"), `${path}.ts`, false);
    }
    for (const source of parser.sources) {
      this.file = source.normalizedPath.replace(/^assembly\//, "");
      this.nth = new Map();
      source.statements.forEach((_, i) => this.visit(source.statements, i, "(file)"));
    }
    parser.parseFile(this.module(), PATH, true);
  }

  /** Looks through whatever the tree is made of; what holds a loop gets a block in its place. */
  visit(parent, key, owner) {
    const node = parent[key];
    if (node === null || typeof node !== "object" || PASSED_OVER.has(key)) return;
    let name = owner;
    if (node.kind === NodeKind.ClassDeclaration) name = node.name.text;
    else if (NAMED.has(node.kind)) name = nameOf(node, owner);
    // In the order of the source: a loop comes before those in it.
    const number = LOOPS.has(node.kind) ? this.add(owner, node.range) : -1;
    for (const inner of Object.keys(node)) this.visit(node, inner, name);
    if (number >= 0) parent[key] = counted(node, number);
    if (this.file === "index.ts" && CALLS.has(name) && NAMED.has(node.kind)) beginCall(node);
  }

  add(name, range) {
    const nth = (this.nth.get(name) ?? 0) + 1;
    this.nth.set(name, nth);
    const line = range.source.lineAt(range.start);
    const loop = { file: this.file, name, nth, line };
    const isForeign = LOOPS_PART && /^(test\/|~lib\/)/.test(this.file);
    const bound = this.bounds.of(loop) ?? (isForeign ? FOREIGN : null);
    return this.loops.push({ ...loop, bound }) - 1;
  }

  /**
   * What hosts read begins at `loops()`: the last word and all turns of a call; then of each loop the most in a row;
   * then of each loop all in this call.
   */
  module() {
    const bounds = this.loops.map(({ bound }) => bound?.most ?? 0xffffffff);
    const size = 4 * this.loops.length;
    return `
      const COUNTS = memory.data(${16 + 2 * size}, 8);
      const BOUNDS = memory.data<u32>([${bounds}]);
      export function loops(): usize { return COUNTS; }
      // @ts-ignore: decorator
      @global function __call(): void {
        memory.fill(COUNTS + ${16 + size}, 0, ${size});
        store<u64>(COUNTS, 0, 8);
      }
      // @ts-ignore: decorator
      @global function __begin(): u32 { return 0; }
      // @ts-ignore: decorator
      @global function __turn(number: u32, turns: u32): u32 {
        const at = COUNTS + 16 + (<usize>number << 2);
        const all = load<u64>(COUNTS, 8) + 1;
        store<u64>(COUNTS, all, 8);
        turns++;
        if (turns > load<u32>(at)) store<u32>(at, turns);
        store<u32>(at + ${size}, load<u32>(at + ${size}) + 1);
        const most = load<u32>(BOUNDS + (<usize>number << 2));
        // 0: the loop is the one that puts the bounds, like all constants, into memory.
        if ((most != 0 && turns > most) || all > ${MOST_IN_ONE_CALL}) {
          store<u32>(COUNTS, number + 1);
          unreachable();
        }
        return turns;
      }`;
  }

  afterCompile(module) {
    const text = module.emitText();
    const compiled = new Set();
    const uncounted = [];
    for (const body of text.split(/^ \(func /m).slice(1)) {
      const numbers = [...body.matchAll(/\(call \$\S*__turn\s+\(i32\.const (\d+)\)/g)];
      numbers.forEach(([, number]) => compiled.add(Number(number)));
      const loops = [...body.matchAll(/\(loop\b/g)].length;
      if (loops !== numbers.length) uncounted.push(body.split(/[\s)]/)[0]);
    }
    const found = this.loops.filter((_, number) => compiled.has(number));
    const mistakes = [
      ...uncounted.map((name) => `not counted: a loop of ${name}`),
      ...found.filter(({ bound }) => !bound).map((loop) => `no bound: ${told(loop)}`),
      ...(LOOPS_PART ? [] : this.superfluous(found).map((key) => `no loop: ${key}`)),
    ];
    if (mistakes.length > 0) throw new Error(`Bounds of loops:\n${mistakes.join("\n")}`);
    const kept = this.loops.map((loop, number) => (compiled.has(number) ? loop : null));
    module.addCustomSection(SECTION, new TextEncoder().encode(JSON.stringify(kept)));
  }

  superfluous(found) {
    const used = new Set(found.map(({ bound }) => bound?.key));
    return this.bounds.keys.filter((key) => !used.has(key));
  }
}

/** The loop in a block of its own, with a count. */
function counted(loop, number) {
  const { range } = loop;
  const turns = `turns${number}`;
  const identifier = (name) => Node.createIdentifierExpression(name, range);
  const call = (name, ...args) => Node.createCallExpression(identifier(name), null, args, range);
  const declaration = Node.createVariableDeclaration(
    ...[identifier(turns), null, CommonFlags.Let, null, call("__begin"), range],
  );
  const index = Node.createIntegerLiteralExpression(i64_new(number), range);
  const turn = Node.createBinaryExpression(
    ...[Token.Equals, identifier(turns), call("__turn", index, identifier(turns)), range],
  );
  const statement = Node.createExpressionStatement(turn);
  loop.body = Node.createBlockStatement([statement, loop.body], range);
  return Node.createBlockStatement(
    [Node.createVariableStatement(null, [declaration], range), loop],
    range,
  );
}

/** The function's body, with a new count before it. */
function beginCall({ body, range }) {
  const name = Node.createIdentifierExpression("__call", range);
  const call = Node.createCallExpression(name, null, [], range);
  body.statements.unshift(Node.createExpressionStatement(call));
}

function nameOf(node, owner) {
  const name = node.name.text || "function";
  return owner === "(file)" ? name : `${owner}.${name}`;
}

const told = ({ file, name, nth, line }) => `${file} ${name} ${nth} (line ${line})`;
