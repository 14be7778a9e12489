/**
 * nginx's configuration as a tree of directives. An included file replaces its directive, if it
 * exists.
 */
import { basename } from "node:path";
import { CliError } from "../../failure.ts";
import { placeText, SourceFile } from "../../source/file.ts";
import type { Beside } from "../beside.ts";

export interface Directive {
  name: string;
  values: string[];
  /** Null: it has no block. */
  block: Directive[] | null;
}

/** Files with types or variables for backends, which every installation has. */
const HARMLESS =
  /^(mime\.types|(fastcgi|proxy|uwsgi|scgi)_params|fastcgi\.conf|(options-ssl-nginx|ssl-params|ssl|self-signed)\.conf)$/;

const DEPTH = 50;

export function parseNginx(file: SourceFile, beside: Beside): Directive[] {
  const reader = new Reader(file, beside, 0);
  const found = reader.list(0);
  if (!reader.isAtEnd) reader.fail("a } that nothing opened");
  return found;
}

class Reader {
  private at = 0;

  constructor(
    private readonly file: SourceFile,
    private readonly beside: Beside,
    private readonly depth: number,
  ) {}

  get isAtEnd(): boolean {
    this.skip();
    return this.at >= this.file.text.length;
  }

  fail(message: string): never {
    const place = placeText(this.file.place(Math.min(this.at, this.file.text.length)));
    throw new CliError("unreadable", `${place}: ${message}`, "nginx -t says more");
  }

  list(depth: number): Directive[] {
    if (depth > DEPTH) this.fail("blocks are nested too deeply");
    const found: Directive[] = [];
    while (!this.isAtEnd && this.file.text[this.at] !== "}") found.push(...this.directive(depth));
    return found;
  }

  private directive(depth: number): Directive[] {
    const words: string[] = [];
    for (;;) {
      if (this.isAtEnd) this.fail(`${words[0] ?? "a directive"} has no end`);
      const c = this.file.text[this.at]!;
      if (c === ";") {
        this.at++;
        const [name = "", ...values] = words;
        if (name === "include") return this.included(values[0] ?? "", depth);
        return name === "" ? [] : [{ name, values, block: null }];
      }
      if (c === "{") {
        this.at++;
        const [name = "", ...values] = words;
        if (/_by_lua_block$|^lua_/.test(name)) {
          this.pass();
          return [{ name, values, block: [] }];
        }
        const block = this.list(depth + 1);
        if (this.file.text[this.at] !== "}") this.fail(`the block of ${name} has no end`);
        this.at++;
        return [{ name, values, block }];
      }
      if (c === "}") this.fail("a } where ; was expected");
      words.push(this.word(c));
    }
  }

  private word(first: string): string {
    const { text } = this.file;
    let word = "";
    if (first === '"' || first === "'") {
      for (this.at++; text[this.at] !== first; this.at++) {
        if (this.at >= text.length) this.fail(`a ${first} is never closed`);
        if (text[this.at] === "\\" && (text[this.at + 1] === first || text[this.at + 1] === "\\"))
          this.at++;
        word += text[this.at];
      }
      this.at++;
      return word;
    }
    while (this.at < text.length && !/[\s;{}]/.test(text[this.at]!)) {
      // `${name}` is a variable, not a block.
      const variable = text.startsWith("${", this.at) ? text.indexOf("}", this.at) : -1;
      const end = variable >= 0 ? variable + 1 : this.at + (text[this.at] === "\\" ? 2 : 1);
      word += text.slice(this.at, end);
      this.at = end;
    }
    return word;
  }

  /** Skips another language up to the brace that closes the block. */
  private pass(): void {
    for (let open = 1; open > 0; this.at++) {
      if (this.at >= this.file.text.length) this.fail("a block has no end");
      if (this.file.text[this.at] === "{") open++;
      if (this.file.text[this.at] === "}") open--;
    }
  }

  private skip(): void {
    const found = /^(?:\s+|#[^\n]*)+/.exec(this.file.text.slice(this.at, this.at + 100_000));
    if (found) this.at += found[0].length;
  }

  /** A missing file may restrict: its directive stays, and is unknown. */
  private included(path: string, depth: number): Directive[] {
    if (HARMLESS.test(basename(path))) return [];
    const missing = [{ name: "include", values: [path], block: null }];
    if (this.depth > 5) return missing;
    const names = this.beside.list(path);
    const texts = names.map((name) => ({ name, text: this.beside.read(name) }));
    if (texts.length === 0 || texts.some(({ text }) => text === null)) return missing;
    return texts.flatMap(({ name, text }) => {
      const reader = new Reader(new SourceFile(name, text!), this.beside, this.depth + 1);
      const list = reader.list(depth);
      if (!reader.isAtEnd) reader.fail("a } that nothing opened");
      return list;
    });
  }
}
