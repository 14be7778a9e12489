/**
 * A compiler transform that keeps tables of numbers in the code, which all guests share, until a guest needs them: few
 * meet letters beyond ASCII, or keys other than RSA's. In functions the name of such a table becomes a call that writes
 * it to memory at its first use, where it lasts as long as the guest.
 */
import { LiteralKind, Node, NodeKind, Token } from "assemblyscript";
import { functionOf, roomOf } from "../assembly/runtime/pack.mjs";

/** Files of such tables, each a constant `memory.data<type>([…])`. */
const FILES = /(^|\/)(text\/fold-table|crypto\/(curve|kernels\/sha512))$/;
const NAME = "__data";
/** Path of the module that holds the tables; there is no such file. */
const PATH = "assembly/runtime/packed-data.ts";
const WRITERS = {
  i32: (buffer, value, at) => buffer.writeInt32LE(Number(BigInt.asIntN(32, value)), at),
  u32: (buffer, value, at) => buffer.writeUInt32LE(Number(BigInt.asUintN(32, value)), at),
  u64: (buffer, value, at) => buffer.writeBigUInt64LE(BigInt.asUintN(64, value), at),
};
const SIZES = { i32: 4, u32: 4, u64: 8 };
/** Leaves of the tree, and what no expression is in. */
const PASSED_OVER = new Set([
  ...["range", "source", "decorators", "name", "type", "typeArguments", "property"],
]);

export default class {
  tables = [];

  afterParse(parser) {
    const sources = parser.sources.filter((source) => !source.isLibrary);
    const found = new Map();
    for (const { internalPath, statements } of sources) {
      if (FILES.test(internalPath)) found.set(internalPath, this.tablesOf(statements));
    }
    for (const { internalPath, statements } of sources) {
      const names = new Map(found.get(internalPath));
      for (const { kind, declarations, internalPath: from } of statements) {
        if (kind !== NodeKind.Import) continue;
        for (const { name, foreignName } of declarations ?? []) {
          const number = found.get(from)?.get(foreignName.text);
          if (number !== undefined) names.set(name.text, number);
        }
      }
      if (names.size > 0) for (const statement of statements) inFunctions(statement, names);
    }
    if (this.tables.length > 0) parser.parseFile(this.module(), PATH, false);
  }

  /** The file's tables: name -> number. They are left in it only if something else asks for them. */
  tablesOf(statements) {
    const names = new Map();
    for (const statement of statements) {
      if (statement.kind !== NodeKind.Variable) continue;
      for (const variable of statement.declarations) {
        const bytes = bytesOf(variable.initializer);
        if (!bytes) continue;
        names.set(variable.name.text, this.tables.push(bytes) - 1);
        const lazy = Node.createIdentifierExpression("lazy", variable.range);
        variable.decorators = [Node.createDecorator(lazy, null, variable.range)];
      }
    }
    return names;
  }

  module() {
    const functions = this.tables.map(
      (table, i) => `
      let data${i}: usize = 0;
      @global function ${NAME}${i}(): usize {
        return data${i} || (data${i} = CodeData.lasting(putTable, ${i}, ${roomOf([table])}));
      }`,
    );
    return `
      import { CodeData } from "./code-data";
      ${functionOf("putTable", this.tables)}
      ${functions.join("")}`;
  }
}

/** The bytes of `memory.data<type>([…])`; null: it is something else. */
function bytesOf(node) {
  if (node?.kind !== NodeKind.Call || node.expression.property?.text !== "data") return null;
  const [list] = node.args;
  if (list?.kind !== NodeKind.Literal || list.literalKind !== LiteralKind.Array) return null;
  const type = node.typeArguments[0].name.identifier.text;
  const buffer = Buffer.alloc(list.elementExpressions.length * SIZES[type]);
  list.elementExpressions.forEach((element, i) =>
    WRITERS[type](buffer, valueOf(element), i * SIZES[type]),
  );
  return buffer;
}

function valueOf(node) {
  if (node.kind === NodeKind.UnaryPrefix && node.operator === Token.Minus) {
    return -valueOf(node.operand);
  }
  return (BigInt(i64_high(node.value)) << 32n) | BigInt(i64_low(node.value) >>> 0);
}

/** Puts calls in place of the names in all functions of a declaration. */
function inFunctions(node, names) {
  if (node.kind === NodeKind.NamespaceDeclaration || node.kind === NodeKind.ClassDeclaration) {
    node.members.forEach((member) => inFunctions(member, names));
  } else if (node.body) inBody(node.body, names);
}

function inBody(node, names) {
  for (const key of Object.keys(node)) {
    const child = node[key];
    if (child === null || typeof child !== "object" || PASSED_OVER.has(key)) continue;
    const number = child.kind === NodeKind.Identifier ? names.get(child.text) : undefined;
    if (number === undefined) inBody(child, names);
    else {
      const called = Node.createIdentifierExpression(`${NAME}${number}`, child.range);
      node[key] = Node.createCallExpression(called, null, [], child.range);
    }
  }
}
