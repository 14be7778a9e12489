/**
 * Parses a rule's expression; docs/policy.md has the grammar. Reports the place of the first
 * mistake and what was expected there.
 */
import { EXPRESSION_DEPTH } from "../limits";
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";
import { nearest } from "../text/nearest";
import { Builder } from "./arguments";
import { Node, Operator } from "./expression";
import { MANY, Signature, signatures } from "./functions";
import { Lexer, nameOfToken, Token } from "./lexer";
import { Vocabulary } from "./vocabulary";

/** One instance parses all expressions of a configuration and reuses its buffers. */
@final
export class Parser {
  private lexer: Lexer = new Lexer();
  private builder: Builder;
  private signatures: StaticArray<Signature> = signatures();
  private requestOnly: bool = false;
  private args: Array<Bytes> = [];
  /** Texts of `allow` so far, and their trees. */
  private allows: Names = new Names();
  private trees: Array<Node> = [];
  private source: Bytes = Bytes.empty();
  /**
   * The last expression's calls, each with the signs that follow it; empty unless they are
   * recorded.
   */
  readonly parts: Array<Bytes> = [];
  /** Column and text of the first mistake; the column is 0 when there is none. */
  column: i32 = 0;
  message: string = "";

  constructor(
    vocabulary: Vocabulary,
    readonly records: bool = false,
  ) {
    this.builder = new Builder(vocabulary);
  }

  /**
   * The tree, or null at a mistake. `requestOnly` accepts only functions about the request, as in a
   * `match`.
   */
  parse(source: Bytes, requestOnly: bool): Node | null {
    this.source = source;
    if (this.records) this.parts.length = 0;
    this.lexer.start(source);
    this.requestOnly = requestOnly;
    this.column = 0;
    const node = this.alternatives(0);
    if (!node) return null;
    return this.lexer.token == Token.End ? node : this.unexpected("`&&`, `||` or the end");
  }

  /** The tree of an `allow` that was parsed before. Rules share it, because few texts differ. */
  knownAllow(source: Bytes): Node | null {
    const known = this.allows.find(source);
    return known < 0 ? null : unchecked(this.trees[known]);
  }

  parseAllow(source: Bytes): Node | null {
    const node = this.parse(source, false);
    if (node && !this.records) {
      this.allows.add(source);
      this.trees.push(node);
    }
    return node;
  }

  private fail(column: i32, message: string): Node | null {
    if (this.column == 0) {
      this.column = column;
      this.message = message;
    }
    return null;
  }

  private record(sign: string): void {
    if (this.records) this.parts.push(Bytes.of(sign));
  }

  private unexpected(wanted: string): Node | null {
    const found = nameOfToken(this.lexer.token);
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
      this.record("||");
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
      this.record("&&");
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
      this.record("!");
      const node = new Node(Operator.Not);
      node.first = inner;
      return node;
    }
    if (lexer.token == Token.Open) {
      lexer.next();
      const node = this.alternatives(depth + 1);
      if (!node) return null;
      // @ts-expect-error: TypeScript does not see that next() changes the token.
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
      return this.fail(column, `${signature.name} is about the caller and belongs in \`allow\``);
    }
    lexer.next();
    if (lexer.token != Token.Open) return this.unexpected("`(`");
    this.args.length = 0;
    do {
      lexer.next();
      if (signature.most == 0) break;
      // @ts-expect-error: TypeScript does not see that next() changes the token.
      if (lexer.token != Token.Text) return this.unexpected("a text in backticks or double quotes");
      this.args.push(lexer.text);
      lexer.next();
    } while (lexer.token == Token.Comma);
    // @ts-expect-error: TypeScript does not see that next() changes the token.
    if (lexer.token != Token.Close) return this.unexpected("`)`");
    const wrong = this.countMistake(signature);
    if (wrong.length > 0) return this.fail(lexer.column, wrong);
    if (this.records) this.parts.push(this.source.slice(column - 1, lexer.column));
    lexer.next();
    const node = this.builder.build(signature, this.args);
    const mistake = this.builder.mistake;
    if (!mistake) return node;
    return this.fail(this.columnOf(mistake.argument, column), mistake.message);
  }

  /**
   * Column of an argument of the call at `column`. It is looked for again, because mistakes are
   * rare.
   */
  private columnOf(argument: i32, column: i32): i32 {
    const lexer = this.lexer;
    lexer.start(this.source);
    while (lexer.column < column) lexer.next();
    // The name and a parenthesis, and for each argument before it a text and a comma.
    for (let i = 0; i < 2 + 2 * argument; i++) lexer.next();
    return lexer.column;
  }

  private countMistake(signature: Signature): string {
    const count = this.args.length;
    if (count >= signature.least && count <= signature.most) return "";
    const least = signature.least;
    const most =
      signature.most == MANY ? " or more" : least == signature.most ? "" : ` to ${signature.most}`;
    return (
      `${signature.name} takes ${least}${most} argument` + (least == 1 && most == "" ? "" : "s")
    );
  }

  private find(): Signature | null {
    const lexer = this.lexer;
    const all = this.signatures;
    for (let i = 0, count = all.length; i < count; i++) {
      const signature = unchecked(all[i]);
      if (lexer.is(signature.name)) return signature;
    }
    return null;
  }

  private unknown(name: Bytes): string {
    if (name.length > 6 && name.hasAt(name.length - 6, "regexp")) {
      return "there are no regular expressions; Path, PathPrefix and Host take patterns with `*`";
    }
    const all = this.signatures;
    const names = new StaticArray<string>(all.length);
    for (let i = 0; i < all.length; i++) names[i] = all[i].name;
    const near = nearest(name.toString(), names);
    return (
      `unknown function ${name.toString()}` + (near.length > 0 ? `; did you mean ${near}?` : "")
    );
  }
}
