/** Splits a rule's expression into tokens. Columns count from 1 in the decoded text. */
import { isAlphanumeric } from "../text/ascii";
import { Bytes, isText } from "../text/bytes";
import { Char } from "../text/char";
import { alphanumericIn } from "../text/sixteen";

export enum Token {
  End,
  Name,
  Text,
  Open,
  Close,
  Comma,
  And,
  Or,
  Not,
  Invalid,
}

/** The token's name in error messages. */
export function nameOfToken(token: Token): string {
  switch (token) {
    case Token.End:
      return "the end";
    case Token.Name:
      return "a name";
    case Token.Text:
      return "a quoted text";
    case Token.Open:
      return "`(`";
    case Token.Close:
      return "`)`";
    case Token.Comma:
      return "`,`";
    case Token.And:
      return "`&&`";
    case Token.Or:
      return "`||`";
    case Token.Not:
      return "`!`";
    case Token.Invalid:
      return "an invalid character, an unclosed text or a placeholder";
    default:
      return "";
  }
}

@final
export class Lexer {
  private at: i32 = 0;
  token: Token = Token.End;
  /**
   * Start and length of a name, or of a quoted text without its quotes: in the source, or decoded
   * beside it.
   */
  private from: usize = 0;
  private length: i32 = 0;
  /** Column of the token's first character. */
  column: i32 = 1;

  private source: Bytes = Bytes.empty();
  /** The source's, which each token needs. */
  private first: usize = 0;
  private size: i32 = 0;

  /** Moves to the first token of a text. */
  start(source: Bytes): void {
    this.source = source;
    this.first = source.start;
    this.size = source.length;
    this.at = 0;
    this.next();
  }

  /** The current name or text. */
  get text(): Bytes {
    return new Bytes(this.from, this.length);
  }

  /** True if the current token's text is `name`. */
  is(name: string): bool {
    return isText(this.from, this.length, name);
  }

  next(): void {
    const start = this.first;
    const length = this.size;
    let at = this.at;
    let c: u32 = 0;
    while (at < length && isSpace((c = load<u8>(start + at)))) at++;
    this.at = ++at;
    this.column = at;
    if (at > length) this.token = Token.End;
    else if (isAlphanumeric(c)) this.name(start, at, length);
    else if (c == Char.Backtick) this.raw();
    else if (c == Char.OpenParenthesis) this.token = Token.Open;
    else if (c == Char.CloseParenthesis) this.token = Token.Close;
    else if (c == Char.Comma) this.token = Token.Comma;
    else if (c == Char.Exclamation) this.token = Token.Not;
    else if (c == Char.Ampersand) this.token = this.pair(c, Token.And);
    else if (c == Char.Pipe) this.token = this.pair(c, Token.Or);
    else if (c == Char.Quote) this.quoted();
    else this.token = Token.Invalid;
  }

  private pair(c: u32, token: Token): Token {
    if (this.at == this.source.length || this.source.at(this.at) != c) return Token.Invalid;
    this.at++;
    return token;
  }

  private raw(): void {
    const close = this.source.indexOf(Char.Backtick, this.at);
    this.token = close < 0 ? Token.Invalid : Token.Text;
    if (close < 0) return;
    this.from = this.source.start + this.at;
    this.length = close - this.at;
    this.at = close + 1;
  }

  /** A text in double quotes, with `\"` and `\\` as its only escapes. */
  private quoted(): void {
    const source = this.source;
    const text = heap.alloc(source.length);
    let length = 0;
    this.token = Token.Invalid;
    while (this.at < source.length) {
      let c = source.at(this.at++);
      if (c == Char.Quote) {
        this.from = text;
        this.length = length;
        this.token = Token.Text;
        return;
      }
      if (c == Char.Backslash) {
        c = this.at < source.length ? source.at(this.at++) : 0;
        if (c != Char.Quote && c != Char.Backslash) return;
      }
      store<u8>(text + length++, c);
    }
  }

  /** `from` is behind its first character. */
  private name(start: usize, from: i32, length: i32): void {
    let at = from;
    if (at + 16 <= length) {
      const others = i8x16.bitmask(alphanumericIn(v128.load(start + at))) ^ 0xffff;
      at += others != 0 ? ctz(others) : 16;
    }
    while (at < length && isAlphanumeric(load<u8>(start + at))) at++;
    this.at = at;
    this.token = Token.Name;
    this.from = start + from - 1;
    this.length = at - from + 1;
  }
}

function isSpace(c: u32): bool {
  return c == Char.Space || c == Char.Tab || c == Char.LineFeed || c == Char.CarriageReturn;
}
