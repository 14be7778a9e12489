/**
 * Writes the kernels: straight-line AssemblyScript, which would be tedious by hand and which asc
 * does not make from loops. `node assembly/crypto/kernels/generate.mjs` writes the files beside it;
 * a test compares them with its output.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { field } from "./field.mjs";
import { rsa } from "./rsa.mjs";
import { sha2 } from "./sha2.mjs";

/** Every generated file: its name and text. */
export function kernels() {
  return {
    "field256.ts": field(256),
    "field384.ts": field(384),
    "field521.ts": field(521),
    "field25519.ts": field(25519),
    "rsa.ts": rsa(),
    "sha256.ts": sha2(32),
    "sha512.ts": sha2(64),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, text] of Object.entries(kernels())) {
    writeFileSync(new URL(name, import.meta.url), text);
  }
}
