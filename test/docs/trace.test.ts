/** docs/trace.md has the steps and members that the guest writes, over all cases: no more, no fewer, in that order. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import type { Guest } from "../../src/guest/guest.ts";
import { loadGuest } from "../../src/guest/load.ts";
import { wireOf } from "../cases/case.ts";
import { writeFiles } from "../cases/files.ts";
import { ENVIRONMENT, GATES, STATE } from "../cases/gates.ts";
import { CASES } from "../cases/table.ts";
import { fileForm } from "../support/forms.ts";
import { read, rows } from "./blocks.ts";

const PAGE = "docs/trace.md";
/** Of every line. */
const FRAME = ["rolegate", "request", "step"];

type Line = Record<string, unknown>;

const code = (cell: string) => cell.replaceAll("`", "");
const tables = rows(PAGE).map((cells) => cells.map(code));
/** A step has a list of members in its third cell; a member its type in the second. */
const TYPES = ["text", "boolean", "number", "list of texts"];
const members = new Map(
  tables.filter(([, type]) => TYPES.includes(type!)).map(([name, type]) => [name!, type!]),
);
const steps = new Map(
  tables
    .filter(([, type]) => !TYPES.includes(type!))
    .map(([name, , list]) => [name!, list!.split(", ")]),
);

const folder = temporaryFolder("trace");
const traces: Line[][] = [];

before(async () => {
  writeFiles(folder.path);
  const guests = new Map<string, Guest>();
  for (const [number, it] of CASES.entries()) {
    if (!guests.has(it.gate)) {
      const guest = await loadGuest({
        wasm: join(root, "plugin.wasm"),
        config: fileForm({ ...GATES[it.gate], logLevel: "debug" }),
        mounts: [`${folder.path}:${STATE}`],
        env: ENVIRONMENT,
      });
      guests.set(it.gate, guest);
    }
    const wire = wireOf(it, `case-${number}`);
    const { logs } = await guests.get(it.gate)!.handle(wire, () => ({ body: "" }));
    const lines = logs.flatMap(({ data }) => (data?.rolegate === "trace" ? [data as Line] : []));
    if (lines.length > 0) traces.push(lines);
  }
  assert.ok(traces.length > 1000);
});
after(() => folder.remove());

const typeOf = (value: unknown) => {
  if (!Array.isArray(value)) return typeof value === "string" ? "text" : typeof value;
  return value.every((it) => typeof it === "string") ? "list of texts" : "another list";
};

test("each member that is written is documented with its type, and each documented one is written", () => {
  const written = new Map([...steps.keys()].map((step) => [step, new Set<string>()]));
  for (const { step, ...line } of traces.flat()) {
    const seen = written.get(step as string);
    assert.ok(seen, `the step ${String(step)} is not documented`);
    for (const [name, value] of Object.entries(line)) {
      if (FRAME.includes(name)) continue;
      seen.add(name);
      assert.equal(typeOf(value), members.get(name), `${String(step)}: ${name}`);
    }
  }
  for (const [step, documented] of steps) {
    assert.deepEqual([...written.get(step)!].sort(), [...documented].sort(), step);
  }
  assert.deepEqual([...members.keys()].sort(), [...new Set([...steps.values()].flat())].sort());
});

test("steps come in the order of the page, and end with the decision", () => {
  const order = [...steps.keys()];
  for (const lines of traces) {
    const places = lines.map(({ step }) => order.indexOf(step as string));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.equal(lines.at(-1)!.step, "decision");
    assert.equal(lines[0]!.step, "request");
  }
});

test("the words that the page gives for source, allow and decision are those that are written", () => {
  for (const [name, step] of [
    ["source", "credential"],
    ["allow", "rule"],
    ["decision", "decision"],
  ] as const) {
    const cell = rows(PAGE).find(([first, type]) => first === `\`${name}\`` && type === "text")!;
    const documented = [...cell[2]!.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word!);
    const written = traces
      .flat()
      .filter((line) => line.step === step && name in line)
      .map((line) => line[name] as string);
    assert.deepEqual([...new Set(written)].sort(), documented.sort(), name);
  }
});

test("the example's lines are such as are written", () => {
  const [, text] = /^```json\n([\s\S]*?)^```$/m.exec(read(PAGE))!;
  const lines = text!
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const shape = (line: Line) => JSON.stringify([line.step, ...Object.keys(line)]);
  const written = new Set(traces.flat().map(shape));
  assert.deepEqual(
    lines.filter((line) => !written.has(shape(line))),
    [],
  );
});

test("the example of an expression is what `check` writes of it", async () => {
  const [, line] = /^`(\{"rolegate":"expression".*\})`$/m.exec(read(PAGE))!;
  const { text } = JSON.parse(line!) as { text: string };
  const rules = [{ match: "Path(`/`)", allow: text }];
  const guest = await loadGuest({
    wasm: join(root, "plugin.wasm"),
    config: fileForm({ ...GATES.main, rules, logLevel: "debug" }),
    mounts: [`${folder.path}:${STATE}`],
    env: ENVIRONMENT,
  });
  const { logs } = guest.check();
  const written = logs.map(({ message }) => message);
  assert.ok(written.includes(line!), written.join("\n"));
});

test("without log level debug it writes none", async () => {
  const guest = await loadGuest({
    wasm: join(root, "plugin.wasm"),
    config: fileForm({ ...GATES.main, logLevel: "info" }),
    mounts: [`${folder.path}:${STATE}`],
    env: ENVIRONMENT,
  });
  assert.deepEqual(guest.check().logs, []);
});
