/** Guards compare names by simple case folding: for every letter that has another case, as JavaScript's `/iu` has it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { loadGate } from "../support/gate.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

/** As many as one configuration takes. */
const RULES = 512;

/** Letters beyond ASCII with one that is the same in another case. */
function pairs(): [string, string][] {
  const found: [string, string][] = [];
  for (let code = 0x80; code <= 0x1efff; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const letter = String.fromCodePoint(code);
    const same = new RegExp(`^\\u{${code.toString(16)}}$`, "iu");
    for (const other of new Set([letter.toLowerCase(), letter.toUpperCase()])) {
      if (other !== letter && same.test(other)) found.push([letter, other]);
    }
  }
  return found;
}

const headers = { Host: "app.example.com", "Content-Type": "application/json" };

test("a name in another case is the name, in each of Unicode's letters", async (context) => {
  const all = pairs();
  context.diagnostic(`${all.length} pairs`);
  assert.ok(all.length > 2_000);
  for (let from = 0; from < all.length; from += RULES) {
    const some = all.slice(from, from + RULES);
    const guest = await loadGate({
      ...{ issuer: ISSUER, clientId: CLIENT, jwks: JSON.stringify(keySet(rsa)), default: "deny" },
      rules: some.map(([letter], index) => ({
        match: `Path(\`/${index}\`) && BodyOnly(\`a${letter}\`, \`1\`)`,
        allow: "public",
      })),
    });
    for (const [index, [letter, other]] of some.entries()) {
      const ask = async (value: number) => {
        const body = JSON.stringify({ [`A${other}`]: value });
        return guest.handle({ method: "POST", target: `/${index}`, headers, body });
      };
      assert.equal((await ask(2)).forwarded, null, `${letter} and ${other}`);
      assert.ok((await ask(1)).forwarded, `${letter} and ${other}`);
    }
  }
});

test("fold-table.ts is what generate-fold.mjs writes", async () => {
  const path = "assembly/text/generate-fold.mjs";
  const generator = (await import(pathToFileURL(path).href)) as { table(): string };
  const written = readFileSync("assembly/text/fold-table.ts", "utf8");
  const version = (text: string) => /from Unicode ([\d.]+)/.exec(text)![1]!;
  // Another Node may have another Unicode.
  if (version(generator.table()) === version(written)) {
    assert.equal(generator.table(), written);
  }
});
