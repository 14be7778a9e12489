/** The corpus: attacks as data, a file for each class. What is read here is checked, so that no case says nothing. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import type { Forged } from "./forging.ts";
import type { GateName } from "./gates.ts";

export interface Attack {
  name: string;
  /** Of this case alone; else the class's. */
  reference?: string;
  /** Lines of the request's head, of one-byte characters. `{pad}` stands for `pad` letters. */
  request?: string[];
  /** Whose token comes with it; nobody's when absent. */
  as?: "viewer";
  /** One-byte characters, as they go over the wire. */
  body?: string;
  pad?: number;
  /** Cookies of a session in chunks: how many, and of how many bytes. */
  cookies?: [count: number, bytes: number];
  token?: Forged;
  /** What the token is sent to. */
  target?: string;
  /** A middleware's block, beside issuer, client and keys. */
  configuration?: Record<string, unknown>;
  /** Of the configuration: the path of the key that is wrong. */
  error?: string;
  /** Where sign-in is told to lead. `{origin}` stands for the application's. */
  rd?: string;
  /** Of the answer. Below 400 the application answered, and otherwise it heard nothing. */
  status?: number;
  /** What the application saw. */
  forwarded?: string;
  /** Headers that it saw; null: none of that name. */
  sees?: Record<string, string | null>;
}

export interface AttackClass {
  class: string;
  /** What is attacked, and how, in a sentence. */
  about: string;
  /** CVE, GHSA, RFC and section, or the finding that it came from. */
  reference: string;
  gate?: GateName;
  /** How often each is sent. */
  times?: number;
  cases: Attack[];
}

const folder = join(root, "test/attack");

/** By the name of the file. */
export const CORPUS: Record<string, AttackClass> = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => [
      file.replace(/\.json$/, ""),
      JSON.parse(readFileSync(join(folder, file), "utf8")) as AttackClass,
    ]),
);

/** A case expects something that can be otherwise, and has a name of its own. */
export function assertWhole({ class: title, about, reference, cases }: AttackClass): void {
  assert.ok(title && about && reference, title);
  assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length, `${title}: a name twice`);
  for (const { name, status, error, rd } of cases) {
    assert.ok(
      [status, error, rd].some((it) => it !== undefined),
      `${title}: ${name}`,
    );
  }
}

/** The classes whose cases are of one kind. */
export const classesWith = (kind: "request" | "token" | "configuration" | "rd") =>
  Object.values(CORPUS).filter(({ cases }) => cases[0]?.[kind] !== undefined);
