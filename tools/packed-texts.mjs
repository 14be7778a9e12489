/**
 * A compiler transform that packs texts. The compiler keeps each as UTF-16 in the memory of every guest, and most are
 * messages about mistakes of a configuration, or names of reasons, which a guest seldom needs: in functions a text with
 * a space and of more than LENGTH characters, a constant of this or another file that is one, and an element of a list
 * that the file keeps to itself and uses by number, become calls that unpack it at its first use
 * (assembly/runtime/texts.ts). Other texts in lists and at the top level of a file stay, for there they are constant
 * tables; so do those beyond Latin-1, and those without a space, for names of options are used by every start.
 * Texts of the files in SELDOM that occur in no others are packed whatever they are: a guest that checks tokens and
 * sessions needs none of them, and one that needs the first unpacks all.
 */
import { LiteralKind, Node, NodeKind, Token } from "assemblyscript";
import { compress, functionOf, roomOf } from "../assembly/runtime/pack.mjs";

const LENGTH = 12;
const NAME = "__text";
/** A guest of mode login has them all, and others none. */
const SELDOM = /(^|\/)login\//;
const SELDOM_NAME = "__seldom";
/** Path of the module that holds the packed texts; there is no such file. */
const PATH = "assembly/runtime/packed-texts.ts";
const PACKABLE = /^[\x01-\xff]+$/;
/** A text's first use unpacks all of its block: more of them pack worse, fewer take longer. */
const BLOCKS = 4;
/** A list of fewer characters takes no more room than the calls. */
const LIST_LENGTH = 100;
/** Leaves of the tree, and what no expression is in. */
const PASSED_OVER = new Set([
  ...["range", "source", "decorators", "name", "type", "typeArguments", "property"],
]);

export default class {
  /** In order; what is numbered once is found by `numbers`. */
  texts = [];
  numbers = new Map();
  /** The current file's constants: by name a text, or a list's first number. */
  constants = new Map();
  lists = new Map();
  /** Texts of the files in SELDOM, and all that stay in memory. */
  seldom = new Map();
  kept = new Set();
  isSeldom = false;

  afterParse(parser) {
    const sources = parser.sources.filter((source) => !source.isLibrary);
    const shared = new Map(sources.map((it) => [it.internalPath, constantsOf(it.statements)]));
    for (const { internalPath, statements } of sources) {
      keep(statements, this.kept, SELDOM.test(internalPath));
    }
    for (const { internalPath, statements } of sources) {
      this.isSeldom = SELDOM.test(internalPath);
      this.file(statements, importsOf(statements, shared));
    }
    if (this.texts.length > 0) parser.parseFile(this.module(), PATH, false);
  }

  file(statements, imported) {
    this.constants = imported;
    this.lists.clear();
    for (const variable of statements.flatMap(variablesOf)) {
      const name = variable.name.text;
      const text = textOf(variable.initializer);
      const list = listOf(variable.initializer);
      if (text !== null && isLong(text)) this.constants.set(name, text);
      else if (list && isByNumber(name, statements)) {
        this.lists.set(name, this.texts.push(...list) - list.length);
      } else continue;
      // Then it is there only if something is left that asks for it.
      const lazy = Node.createIdentifierExpression("lazy", variable.range);
      variable.decorators = [Node.createDecorator(lazy, null, variable.range)];
    }
    statements.forEach((statement) => this.declaration(statement));
  }

  declaration(node) {
    if (node.kind === NodeKind.NamespaceDeclaration || node.kind === NodeKind.ClassDeclaration) {
      node.members.forEach((member) => this.declaration(member));
    } else if (node.body) this.visit(node.body);
  }

  /** Looks through whatever the tree is made of. */
  visit(node) {
    for (const key of Object.keys(node)) {
      const child = node[key];
      if (child === null || typeof child !== "object" || PASSED_OVER.has(key)) continue;
      const text = textOf(child) ?? this.constants.get(nameOf(child)) ?? "";
      const first =
        child.kind === NodeKind.ElementAccess && this.lists.get(nameOf(child.expression));
      if (isLong(text)) node[key] = this.call(text, child.range);
      else if (this.isSeldom && text.length > 1 && PACKABLE.test(text) && !this.kept.has(text)) {
        node[key] = this.seldomCall(text, child.range);
      } else if (Number.isInteger(first)) node[key] = this.element(first, child);
      else if (isLiteral(child, LiteralKind.Template) && !child.tag) this.template(child);
      else if (isLiteral(child, LiteralKind.Array)) this.list(child.elementExpressions);
      else this.visit(child);
    }
  }

  list(elements) {
    for (const element of elements) {
      if (!isLiteral(element, LiteralKind.String)) this.visit({ element });
    }
  }

  /** Its long parts become expressions between empty ones. */
  template(node) {
    const { expressions, parts } = node;
    this.visit(expressions);
    node.expressions = [];
    node.parts = [];
    parts.forEach((part, i) => {
      if (isLong(part)) {
        node.parts.push("");
        node.expressions.push(this.call(part, node.range));
      }
      node.parts.push(isLong(part) ? "" : part);
      if (i < expressions.length) node.expressions.push(expressions[i]);
    });
    node.rawParts = node.parts;
  }

  call(text, range) {
    if (!this.numbers.has(text)) this.numbers.set(text, this.texts.push(text) - 1);
    return call(integer(this.numbers.get(text), range), range);
  }

  seldomCall(text, range) {
    if (!this.seldom.has(text)) this.seldom.set(text, this.seldom.size);
    return call(integer(this.seldom.get(text), range), range, SELDOM_NAME);
  }

  /** One of a list's, whose numbers follow each other. */
  element(first, { elementExpression, range }) {
    const inside = { elementExpression };
    this.visit(inside);
    const number = Node.createParenthesizedExpression(inside.elementExpression, range);
    return call(
      Node.createBinaryExpression(Token.Plus, integer(first, range), number, range),
      range,
    );
  }

  module() {
    const perBlock = Math.ceil(this.texts.length / BLOCKS);
    const blocks = [];
    for (let i = 0; i < this.texts.length; i += perBlock) {
      blocks.push(packed(this.texts.slice(i, i + perBlock)));
    }
    const seldom = blocks.push(packed([...this.seldom.keys()])) - 1;
    return `
      import { CodeData } from "./code-data";
      import { allTexts, textAt } from "./texts";
      ${functionOf("putBlock", blocks)}
      @global function ${NAME}(index: i32): string {
        return textAt(putBlock, ${roomOf(blocks)}, ${perBlock}, index);
      }
      let seldom: usize = 0;
      @global function ${SELDOM_NAME}(index: i32): string {
        if (!seldom) seldom = allTexts(putBlock, ${roomOf(blocks)}, ${seldom}, ${this.seldom.size});
        return changetype<string>(load<usize>(seldom + (<usize>index << 2)));
      }`;
  }
}

function isLiteral(node, kind) {
  return node?.kind === NodeKind.Literal && node.literalKind === kind;
}

const integer = (value, range) => Node.createIntegerLiteralExpression(i64_new(value), range);

function call(number, range, name = NAME) {
  const called = Node.createIdentifierExpression(name, range);
  return Node.createCallExpression(called, null, [number], range);
}

const packed = (texts) =>
  compress(Buffer.from(texts.map((text) => `${text}\0`).join(""), "latin1"));

/** Adds the texts of a tree, or only those that are in no function's body. */
function keep(node, texts, isOutside) {
  if (isLiteral(node, LiteralKind.String)) texts.add(node.value);
  for (const key of Object.keys(node)) {
    const child = node[key];
    if (child === null || typeof child !== "object" || PASSED_OVER.has(key)) continue;
    if (isOutside && key === "body") continue;
    keep(child, texts, isOutside);
  }
}

const nameOf = (node) => (node?.kind === NodeKind.Identifier ? node.text : undefined);

/** A text, or several that are joined by `+`; null: it is no text. */
function textOf(node) {
  if (isLiteral(node, LiteralKind.String)) return node.value;
  if (node?.kind !== NodeKind.Binary || node.operator !== Token.Plus) return null;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === null || right === null ? null : left + right;
}

/** The texts of a list that has no other elements and is long enough; null: it is no such list. */
function listOf(node) {
  if (!isLiteral(node, LiteralKind.Array)) return null;
  const texts = node.elementExpressions.map(textOf);
  const isWhole = texts.every((text) => text === "" || (text !== null && PACKABLE.test(text)));
  return isWhole && texts.join("").length >= LIST_LENGTH ? texts : null;
}

/** A file's long texts, by name. */
const constantsOf = (statements) =>
  new Map(
    statements
      .flatMap(variablesOf)
      .map(({ name, initializer }) => [name.text, textOf(initializer)])
      .filter(([, text]) => text !== null && isLong(text)),
  );

/** Those of other files that it names, by the names that they have here. */
function importsOf(statements, shared) {
  const imported = new Map();
  for (const { kind, declarations, internalPath } of statements) {
    if (kind !== NodeKind.Import) continue;
    for (const { name, foreignName } of declarations ?? []) {
      const text = shared.get(internalPath)?.get(foreignName.text);
      if (text !== undefined) imported.set(name.text, text);
    }
  }
  return imported;
}

const variablesOf = (statement) =>
  statement.kind === NodeKind.Variable ? statement.declarations : [];

/** True if functions use the list only as `LIST[number]`. */
function isByNumber(list, statements) {
  const isUsed = (node) => {
    if (Array.isArray(node)) return node.some(isUsed);
    if (nameOf(node) === list) return true;
    if (node.kind === NodeKind.ElementAccess && nameOf(node.expression) === list) {
      return isUsed(node.elementExpression);
    }
    return Object.keys(node).some((key) => {
      const child = node[key];
      return child !== null && typeof child === "object" && !PASSED_OVER.has(key) && isUsed(child);
    });
  };
  return !statements.filter((it) => it.kind !== NodeKind.Variable).some(isUsed);
}

/** True for what people read. */
function isLong(text) {
  return text.length > LENGTH && text.includes(" ") && PACKABLE.test(text);
}
