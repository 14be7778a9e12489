/** Parses a rule's expression; docs/policy.md has the grammar. Says where the first mistake is and what was expected. */
import { EXPRESSION_DEPTH } from "../limits";
import { Hierarchy } from "../claims/roles";
import { isToken } from "../http/header";
import { readHost } from "../http/host";
import { Bytes } from "../text/bytes";
import { nearest } from "../text/nearest";
import { Names } from "../text/names";
import { Argument, Node, Operator } from "./expression";
import { Signature, SIGNATURES } from "./functions";
import { Lexer, Token, TOKEN_NAMES } from "./lexer";
import { Pattern, problemOf } from "./pattern";

@final
export class Parser {
  private lexer: Lexer;
  /** Where and what the first mistake is; the column is 0 when there is none. */
  column: i32 = 0;
  message: string = "";

  constructor(
    source: Bytes,
    /** Only functions about the request: a `match`. */
    private requestOnly: bool,
    private roles: Hierarchy,
    private scopes: Names,
  ) {
    this.lexer = new Lexer(source);
  }

  parse(): Node | null {
    const node = this.alternatives(0);
    if (!node) return null;
    return this.lexer.token == Token.End ? node : this.unexpected("`&&`, `||` or the end");
  }

  private fail(column: i32, message: string): Node | null {
    if (this.column == 0) {
      this.column = column;
      this.message = message;
    }
    return null;
  }

  private unexpected(wanted: string): Node | null {
    const found = TOKEN_NAMES[<i32>this.lexer.token];
    return this.fail(this.lexer.column, `expected ${wanted}, found ${found}`);
  }

  private alternatives(depth: i32): Node | null {
    const first = this.conjunction(depth);
    if (!first || this.lexer.token != Token.Or) return first;
    const node = new Node(Operator.Or);
    node.first = first;
    let last: Node = first;
    while (this.lexer.token == Token.Or) {
      this.lexer.next();
      const next = this.conjunction(depth);
      if (!next) return null;
      last.next = next;
      last = next;
    }
    return node;
  }

  private conjunction(depth: i32): Node | null {
    const first = this.operand(depth);
    if (!first || this.lexer.token != Token.And) return first;
    const node = new Node(Operator.And);
    node.first = first;
    let last: Node = first;
    while (this.lexer.token == Token.And) {
      this.lexer.next();
      const next = this.operand(depth);
      if (!next) return null;
      last.next = next;
      last = next;
    }
    return node;
  }

  private operand(depth: i32): Node | null {
    const lexer = this.lexer;
    if (depth == EXPRESSION_DEPTH) {
      return this.fail(lexer.column, `nested deeper than ${EXPRESSION_DEPTH} levels`);
    }
    if (lexer.token == Token.Not) {
      lexer.next();
      const inner = this.operand(depth + 1);
      if (!inner) return null;
      const node = new Node(Operator.Not);
      node.first = inner;
      return node;
    }
    if (lexer.token == Token.Open) {
      lexer.next();
      const node = this.alternatives(depth + 1);
      if (!node) return null;
      if (lexer.token != Token.Close) return this.unexpected("`)`");
      lexer.next();
      return node;
    }
    if (lexer.token == Token.Name) return this.call();
    return this.unexpected("a function, `!` or `(`");
  }

  private call(): Node | null {
    const lexer = this.lexer;
    const column = lexer.column;
    const signature = this.find();
    if (!signature) return this.fail(column, this.unknown(lexer.text));
    if (this.requestOnly && !signature.ofRequest) {
      return this.fail(column, `${signature.name} is about the caller and belongs into \`allow\``);
    }
    lexer.next();
    if (lexer.token != Token.Open) return this.unexpected("`(`");
    const node = new Node(signature.operator);
    lexer.next();
    if (signature.takesArguments) {
      while (true) {
        if (lexer.token != Token.Text)
          return this.unexpected("a text in backticks or double quotes");
        const problem = this.argument(node, signature, lexer.text);
        if (problem.length > 0) return this.fail(lexer.column, problem);
        lexer.next();
        if (lexer.token != Token.Comma) break;
        lexer.next();
      }
    }
    if (lexer.token != Token.Close) return this.unexpected("`)`");
    lexer.next();
    return node;
  }

  private find(): Signature | null {
    for (let i = 0; i < SIGNATURES.length; i++) {
      if (this.lexer.is(SIGNATURES[i].name)) return SIGNATURES[i];
    }
    return null;
  }

  private unknown(name: Bytes): string {
    const names: Array<string> = [];
    for (let i = 0; i < SIGNATURES.length; i++) names.push(SIGNATURES[i].name);
    const near = nearest(name.toString(), names);
    return (
      `unknown function ${name.toString()}` + (near.length > 0 ? `; did you mean ${near}?` : "")
    );
  }

  /** Takes an argument in, or says what is wrong with it. */
  private argument(node: Node, signature: Signature, text: Bytes): string {
    if (text.length == 0) return "an empty text matches nothing";
    switch (node.operator) {
      case Operator.Path: {
        const problem = problemOf(text);
        if (problem.length > 0) return problem;
        const pattern = new Pattern(text, signature.name == "PathPrefix");
        pattern.next = node.patterns;
        node.patterns = pattern;
        return "";
      }
      case Operator.Method:
        if (!isToken(text)) return "expected an HTTP method";
        if (hasLowerCase(text)) {
          return "methods are compared as they are, and stand in upper case";
        }
        return take(node, text, 0);
      case Operator.Host: {
        const wild = text.length > 2 && text.at(0) == 0x2a && text.at(1) == 0x2e;
        const host = readHost(wild ? text.slice(1) : text);
        if (!host || text.indexOf(0x3a) >= 0) {
          return "expected a host name without a port, or `*.` before one";
        }
        return take(node, host, 0);
      }
      case Operator.Role:
        return take(node, text, this.roles.role(text));
      default:
        return take(node, text, this.scopes.add(text));
    }
  }
}

function take(node: Node, text: Bytes, number: i32): string {
  const argument = new Argument(text, number);
  argument.next = node.arguments;
  node.arguments = argument;
  return "";
}

function hasLowerCase(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) if (<u32>text.at(i) - 0x61 < 26) return true;
  return false;
}
