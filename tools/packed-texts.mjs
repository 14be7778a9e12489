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
/** Groups of files: a guest needs all texts of a group, or none. */
const SELDOM = [
  /(^|\/)(login\/.*|host\/provider-exchange)$/,
  /(^|\/)(outcome\/(answer|problem|remedy|reason)|gate\/(reply|challenge|subrequest)|http\/navigation|pages\/.*)$/,
  /(^|\/)(gate\/(audit|steps)|host\/revocation-files|outcome\/trace|identity\/log-members)$/,
  /(^|\/)(jose\/(pem|pkcs8|spki|private-key|thumbprint)|config\/client-proof)$/,
];
const SELDOM_NAME = "__seldom";
/** Functions that are told of a mistake: what they are given is packed, too, if nothing else has it. */
const MISTAKES = new Set(["error", "warning", "fail", "wrongType"]);
/** Path of the module that holds the packed texts; there is no such file. */
const PATH = "assembly/runtime/packed-texts.ts";
const PACKABLE = /^[\x01-\xff]+$/;
/** A text's first use unpacks all of its block: more of them pack worse, fewer take longer. */
const BLOCKS = 12;
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
  /** Texts of each group in SELDOM, and all that stay in memory. */
  seldom = SELDOM.map(() => new Map());
  kept = new Set();
  /** The current file's group, or -1. */
  group = -1;

  afterParse(parser) {
    const sources = parser.sources.filter((source) => !source.isLibrary);
    const shared = new Map(sources.map((it) => [it.internalPath, constantsOf(it)]));
    for (const { internalPath, statements } of sources) {
      keep(statements, this.kept, groupOf(internalPath) >= 0);
    }
    for (const { internalPath, statements } of sources) {
      this.group = groupOf(internalPath);
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
      if (text !== null && this.isPacked(text)) this.constants.set(name, text);
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

  /** Looks through whatever the tree is made of. `isMistake`: it is in the arguments of a call of MISTAKES. */
  visit(node, isMistake = false) {
    for (const key of Object.keys(node)) {
      const child = node[key];
      if (child === null || typeof child !== "object" || PASSED_OVER.has(key)) continue;
      const text = textOf(child) ?? this.constants.get(nameOf(child)) ?? "";
      const first =
        child.kind === NodeKind.ElementAccess && this.lists.get(nameOf(child.expression));
      const packed = this.packed(text, child.range, isMistake);
      if (packed) node[key] = packed;
      else if (Number.isInteger(first)) node[key] = this.element(first, child);
      else if (isTemplate(child)) node[key] = this.template(child, isMistake);
      else if (isLiteral(child, LiteralKind.Array)) this.list(child.elementExpressions);
      else this.visit(child, isMistake || isOfMistake(node, key));
    }
  }

  list(elements) {
    for (const element of elements) {
      if (!isLiteral(element, LiteralKind.String)) this.visit({ element });
    }
  }

  /** True for a text of this file that is packed wherever it is in a function. */
  isPacked(text) {
    return isLong(text) || (this.group >= 0 && this.isShort(text));
  }

  isShort(text) {
    return text.length > 1 && PACKABLE.test(text) && !this.kept.has(text);
  }

  /** The call in place of a text; null: the text stays. */
  packed(text, range, isMistake) {
    if (isLong(text)) return this.call(text, range);
    if (!this.isShort(text)) return null;
    if (this.group >= 0) return this.seldomCall(text, range);
    return isMistake ? this.call(text, range) : null;
  }

  /** Its parts and expressions, joined by `+`: the compiler would keep a list of them in memory. */
  template(node, isMistake) {
    const { expressions, parts, range } = node;
    this.visit(expressions, isMistake);
    const isMessage = isMistake || parts.some(isLong);
    const all = [];
    parts.forEach((part, i) => {
      const text = () => Node.createStringLiteralExpression(part, range);
      if (part.length > 0) all.push(this.packed(part, range, isMessage) ?? text());
      if (i < expressions.length) {
        all.push(asText(expressions[i], range));
      }
    });
    return all.reduce((left, right) => Node.createBinaryExpression(Token.Plus, left, right, range));
  }

  call(text, range) {
    if (!this.numbers.has(text)) this.numbers.set(text, this.texts.push(text) - 1);
    return call(integer(this.numbers.get(text), range), range);
  }

  seldomCall(text, range) {
    const group = this.seldom[this.group];
    if (!group.has(text)) group.set(text, group.size);
    return call(integer(group.get(text), range), range, SELDOM_NAME + this.group);
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
    const texts = blocks.length;
    for (const group of this.seldom) blocks.push(packed([...group.keys()]));
    const seldom = this.seldom.map(
      (group, i) => `
      let seldom${i}: usize = 0;
      @global function ${SELDOM_NAME}${i}(index: i32): string {
        if (!seldom${i}) seldom${i} = allTexts(putBlock, ${roomOf([blocks[texts + i]])}, ${texts + i}, ${group.size});
        return changetype<string>(load<usize>(seldom${i} + (<usize>index << 2)));
      }`,
    );
    return `
      import { CodeData } from "./code-data";
      import { allTexts, textAt } from "./texts";
      ${functionOf("putBlock", blocks)}
      @global function ${NAME}(index: i32): string {
        return textAt(putBlock, ${roomOf(blocks.slice(0, texts))}, ${perBlock}, index);
      }
      ${seldom.join("")}`;
  }
}

function isLiteral(node, kind) {
  return node?.kind === NodeKind.Literal && node.literalKind === kind;
}

const isTemplate = (node) => isLiteral(node, LiteralKind.Template) && !node.tag;

/** `${expression}`: the compiler makes a text of it. */
const asText = (expression, range) =>
  Node.createTemplateLiteralExpression(null, ["", ""], ["", ""], [expression], range);

const groupOf = (path) => SELDOM.findIndex((files) => files.test(path));

/** True for the arguments of a call of MISTAKES. */
const isOfMistake = (node, key) => key === "args" && MISTAKES.has(node.expression?.property?.text);

const integer = (value, range) => Node.createIntegerLiteralExpression(i64_new(value), range);

function call(number, range, name = NAME) {
  const called = Node.createIdentifierExpression(name, range);
  return Node.createCallExpression(called, null, [number], range);
}

const packed = (texts) =>
  compress(Buffer.from(texts.map((text) => `${text}\0`).join(""), "latin1"));

/** Adds the texts of a tree that cannot be packed: all outside of functions, and in those of no group. */
function keep(node, texts, isOfGroup) {
  if (isLiteral(node, LiteralKind.String)) texts.add(node.value);
  const isMessage = isTemplate(node) && node.parts.some(isLong);
  if (isTemplate(node) && !isMessage) node.parts.forEach((part) => texts.add(part));
  for (const key of Object.keys(node)) {
    const child = node[key];
    if (child === null || typeof child !== "object" || PASSED_OVER.has(key)) continue;
    if (isOfGroup && (key === "body" || (key === "initializer" && textOf(child)))) continue;
    if (isOfMistake(node, key)) continue;
    keep(child, texts, isOfGroup);
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

/** A file's constants that are texts, by name: the long ones, and of a file in a group all. */
const constantsOf = ({ internalPath, statements }) =>
  new Map(
    statements
      .flatMap(variablesOf)
      .map(({ name, initializer }) => [name.text, textOf(initializer)])
      .filter(([, text]) => text !== null && (isLong(text) || groupOf(internalPath) >= 0)),
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
