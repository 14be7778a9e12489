/**
 * A compiler transform that packs long texts. The compiler keeps each as UTF-16 in the memory of every guest, and
 * most are messages about mistakes of a configuration, which hardly any guest ever needs: in functions a text of more
 * than LENGTH characters becomes a call that unpacks it at its first use (assembly/runtime/texts.ts).
 * Texts in lists and at the top level of a file stay, for there they are constant tables; so do those beyond Latin-1.
 */
import { Node, NodeKind, LiteralKind } from "assemblyscript";
import { pack } from "../assembly/pages/pack.mjs";

const LENGTH = 20;
const NAME = "__text";
/** Of the module that holds the packed texts; there is no such file. */
const PATH = "assembly/runtime/packed-texts.ts";
const PACKABLE = /^[\x01-\xff]+$/;
/** Leaves of the tree, and what no expression is in. */
const PASSED_OVER = new Set(["range", "source", "decorators", "name", "type", "typeArguments"]);

export default class {
  /** Of each text its position. */
  texts = new Map();

  afterParse(parser) {
    for (const source of parser.sources) {
      if (!source.isLibrary) source.statements.forEach((statement) => this.declaration(statement));
    }
    if (this.texts.size > 0) parser.parseFile(this.module(), PATH, false);
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
      if (isPackable(child)) node[key] = this.call(child.value, child.range);
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
    if (!this.texts.has(text)) this.texts.set(text, this.texts.size);
    const name = Node.createIdentifierExpression(NAME, range);
    const index = Node.createIntegerLiteralExpression(i64_new(this.texts.get(text)), range);
    return Node.createCallExpression(name, null, [index], range);
  }

  module() {
    const bytes = [...this.texts.keys()].map((text) => Buffer.from(text, "latin1"));
    const { packed, pairs } = pack(bytes);
    return `
      import { textAt } from "./texts";
      const SLOTS = memory.data(${4 * this.texts.size}, 4);
      const PACKED = memory.data<u8>([${packed}]);
      const PAIRS = memory.data<u8>([${pairs}]);
      @global function ${NAME}(index: i32): string {
        return textAt(SLOTS, PACKED, PAIRS, index);
      }`;
  }
}

function isLiteral(node, kind) {
  return node.kind === NodeKind.Literal && node.literalKind === kind;
}

function isPackable(node) {
  return isLiteral(node, LiteralKind.String) && isLong(node.value);
}

function isLong(text) {
  return text.length > LENGTH && PACKABLE.test(text);
}
