/**
 * Splits a command line like a POSIX shell, with bash's $'…', which browsers write when a request
 * is copied. Nothing is expanded.
 */
import { CliError } from "../failure.ts";

const ESCAPES: Record<string, string> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

export const shellWords = (line: string): string[] => firstCommand(line).words;

/** The words up to the first operator: the rest is another command, or a redirection. */
export function firstCommand(line: string): { words: string[]; rest: string } {
  const words: string[] = [];
  let word: string | null = null;
  let i = 0;
  const take = (text: string) => (word = (word ?? "") + text);
  const until = (end: string, from: number) => {
    const at = line.indexOf(end, from);
    if (at < 0) throw new CliError("curl_syntax", `a ${end} is never closed`);
    return at;
  };
  while (i < line.length) {
    const c = line[i]!;
    if (c === "\\" && /\r?\n/y.test(line.slice(i + 1, i + 3))) {
      i += line[i + 1] === "\r" ? 3 : 2;
    } else if (c === "\\") {
      take(line[i + 1] ?? "");
      i += 2;
    } else if (c === "'") {
      const end = until("'", i + 1);
      take(line.slice(i + 1, end));
      i = end + 1;
    } else if (c === "$" && line[i + 1] === "'") {
      i = ansi(line, i + 2, take);
    } else if (c === '"') {
      i = doubleQuoted(line, i + 1, take);
    } else if ("|;&<>".includes(c)) {
      // `2>/dev/null`
      if (word !== null && !(/[<>]/.test(c) && /^\d$/.test(word))) words.push(word);
      return { words, rest: line.slice(i).trim() };
    } else if (/\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
      i++;
    } else {
      take(c);
      i++;
    }
  }
  if (word !== null) words.push(word);
  return { words, rest: "" };
}

function doubleQuoted(line: string, from: number, take: (text: string) => void): number {
  take("");
  for (let i = from; i < line.length; i++) {
    if (line[i] === '"') return i + 1;
    if (line[i] === "\\" && '$`"\\\n'.includes(line[i + 1] ?? "x")) {
      i++;
      if (line[i] !== "\n") take(line[i]!);
    } else take(line[i]!);
  }
  throw new CliError("curl_syntax", 'a " is never closed');
}

function ansi(line: string, from: number, take: (text: string) => void): number {
  take("");
  for (let i = from; i < line.length; i++) {
    if (line[i] === "'") return i + 1;
    if (line[i] !== "\\") take(line[i]!);
    else {
      const code = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4}))/.exec(line.slice(i));
      if (code) take(String.fromCharCode(parseInt(code[1] ?? code[2]!, 16)));
      else take(ESCAPES[line[i + 1]!] ?? `\\${line[i + 1] ?? ""}`);
      i += (code?.[0].length ?? 2) - 1;
    }
  }
  throw new CliError("curl_syntax", "a $' is never closed");
}
