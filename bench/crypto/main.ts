/**
 * `npm run bench:crypto -- [--json] [--batches 15] [--only ES256]`: times verification by the guest's sources on
 * wazero 1.8.0, which Traefik 3 uses, beside Go's own crypto; and all of handle_request by plugin.wasm.
 */
import { statSync } from "node:fs";
import { parseArgs } from "node:util";
import { compile } from "../../test/vectors/compile.ts";
import { buildProgram, runProgram } from "../program.ts";
import type { Row } from "./row.ts";
import { measureTokens } from "./tokens.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    batches: { type: "string", default: "15" },
    only: { type: "string" },
  },
});

const WASM = compile("bench/crypto/entry.ts", "build/bench-crypto.wasm");
const program = await buildProgram("crypto");
const only = values.only === undefined ? [] : [values.only];
const rows = await runProgram<Row[]>(program, [WASM, values.batches, ...only]);
// `--only token` is that alone.
if (!values.only || values.only === "token") {
  rows.push(...(await measureTokens(Number(values.batches))));
}
const modules = { bench: statSync(WASM).size, plugin: statSync("plugin.wasm").size };

if (values.json) {
  console.log(JSON.stringify({ rows, modules }, null, 2));
} else {
  const us = (value?: number) => (value === undefined ? "" : value.toFixed(value < 10 ? 3 : 1));
  console.table(
    Object.fromEntries(
      rows.map(({ what, min, median, goMin, ratio, keyBytes, buildTime }) => [
        what,
        {
          "µs, min": us(min),
          median: us(median),
          "Go, min": us(goMin),
          ratio: ratio === undefined ? "" : ratio.toFixed(2),
          "bytes of tables": keyBytes ?? "",
          "4th use, µs": us(buildTime),
        },
      ]),
    ),
  );
  console.log(
    `Bytes of the modules: ${modules.bench} (this benchmark), ${modules.plugin} (plugin.wasm)`,
  );
}
