/**
 * How often each loop of the guest may turn in a row, as an expression of the limits in assembly/limits.ts and of the
 * quantities below. The tables are by file and function; a function with several loops has a list, or one bound for all.
 */
import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import config from "./bounds/config.mjs";
import crypto from "./bounds/crypto.mjs";
import gate from "./bounds/gate.mjs";
import library from "./bounds/library.mjs";
import login from "./bounds/login.mjs";
import text from "./bounds/text.mjs";

/**
 * Turns of all loops together in one call of the guest: a product of two limits may be too much though each is not.
 * The heaviest request of heaviest.test.ts makes half as many.
 */
export const MOST_IN_ONE_CALL = 100_000_000;

/** What bounds are made of besides limits. */
const QUANTITIES = {
  // The longest text that a guest holds is a body, a file or the configuration; its JSON is six times as long at most.
  TEXT_BYTES: "6 * Math.max(BODY_BYTES, CONFIG_FILE_BYTES, API_KEYS_FILE_BYTES)",
  // Of a JSON list: each with a comma.
  ELEMENTS: "Math.max(BODY_BYTES, CONFIG_FILE_BYTES, API_KEYS_FILE_BYTES) / 2",
  TOKEN_ELEMENTS: "PROVIDER_ANSWER_BYTES / 2",
  // Claims of a session are those of three documents.
  MEMBERS: "3 * JSON_MEMBERS",
  // Of an expression: each with two quotes and a comma.
  ARGUMENTS: "EXPRESSION_BYTES / 4",
  // Of all rules: the functions that ask for claims.
  CONDITIONS: "CONFIG_FILE_BYTES / 4",
  // Names that a configuration gives numbers to: of roles, scopes, headers, issuers.
  NAMES: "CONFIG_FILE_BYTES / 4",
  // Words in a table of the code: options, reasons, functions.
  WORDS: "128",
  WORD_BYTES: "128",
  // Headers that are read for more than their names.
  FIELDS: "32",
  // Headers of an answer of ours.
  ANSWER_HEADERS: "64",
  // A session's, a refresh token's and those that are cleared.
  COOKIES_SET: "COOKIES_CLEARED + 4 * COOKIE_CHUNKS + TRANSACTIONS",
  // Lines that one visit writes to the log.
  LOG_LINES: "16",
  // Files of a directory in stateDir that are looked at.
  LISTED: "1024",
  // Entries of a directory in 4 KiB.
  ENTRIES: "4096 / 24",
  // All that an upstream may send: the limit of Go's net/http.
  RESPONSE_HEADER_BYTES: "10 * 1024 * 1024",
  // The texts of the code, and those of a page.
  TEXTS_BYTES: "64 * 1024",
  PAGE_BYTES: "64 * 1024",
  // P-521 is the largest curve; words have 32 bits.
  CURVE_BITS: "521",
  CURVE_WORDS: "17",
  RSA_WORDS: "RSA_BITS_MAX / 32",
  // Of 23 bits each, in tiles of four.
  RSA_DIGITS: "RSA_BITS_MAX / 23 + 4",
  // Of a region: 4 KiB each.
  REGION_CHUNKS: "16 * 1024",
};

const TABLES = [library, text, config, gate, login, crypto];

const source = readFileSync(new URL("../../assembly/limits.ts", import.meta.url), "utf8");
const { code } = transformSync(source, { loader: "ts" });
const LIMITS = await import(`data:text/javascript,${encodeURIComponent(code)}`);

function limits() {
  const values = new Map(Object.entries(LIMITS));
  for (const [name, value] of Object.entries(QUANTITIES)) values.set(name, evaluate(value, values));
  return values;
}

/** Of this repository's own tables only. */
function evaluate(expression, values) {
  const value = new Function(...values.keys(), `return ${expression};`)(...values.values());
  if (!Number.isFinite(value) || value < 1) throw new Error(`no bound: ${expression}`);
  return Math.ceil(value);
}

/** The tables as one: how a loop's bound is found, and which rows there are. */
export class Bounds {
  #values = limits();
  #rows = new Map();

  constructor(tables = TABLES) {
    for (const [file, functions] of tables.flatMap(Object.entries)) {
      for (const [name, bounds] of Object.entries(functions)) {
        const list = Array.isArray(bounds) ? bounds.entries() : [["", bounds]];
        for (const [index, text] of list) {
          const nth = index === "" ? "" : ` ${index + 1}`;
          const most = Math.min(evaluate(text, this.#values), 0xfffffffe);
          this.#rows.set(`${file} ${name}${nth}`, { text, most });
        }
      }
    }
  }

  /** `nth` from 1, in the order of the source. */
  of({ file, name, nth }) {
    const key = [`${file} ${name} ${nth}`, `${file} ${name}`].find((it) => this.#rows.has(it));
    return key === undefined ? null : { key, ...this.#rows.get(key) };
  }

  get keys() {
    return [...this.#rows.keys()];
  }
}
