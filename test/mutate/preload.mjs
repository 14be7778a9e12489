/**
 * For `node --import`: what the tests load as the guest is the module of all mutants in its place. Which mutant is on
 * says ROLEGATE_MUTANT, an id, for all tests, or ROLEGATE_MUTANT_PLAN, a file, for each test by its name. With
 * ROLEGATE_MUTANT_TRACE, a file, it is noted which mutants each test can tell from the guest: those whose check came to
 * say no while it ran.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach } from "node:test";

const {
  ROLEGATE_MUTANT: always = "",
  ROLEGATE_MUTANT_MODULES: modules = "[]",
  ROLEGATE_MUTANT_PLAN: plan = "",
  ROLEGATE_MUTANT_TRACE: trace = "",
} = process.env;
/** What was seen outside of any test: while a file was set up. */
const SETUP = "";

const planned = new Map(plan ? JSON.parse(readFileSync(plan, "utf8")) : []);
/** Says which test runs: one that loops for ever says nothing any more. */
const mark = plan ? `${plan}.at` : "";
const seen = new Map([[SETUP, new Set()]]);
/** Names of the tests under way, the innermost last. */
const running = [];
let active = always;
/** Of each compiled module of mutants what its numbers stand for. */
const idsOf = new WeakMap();

const { Module, Instance } = WebAssembly;

WebAssembly.Module = class extends Module {
  constructor(bytes) {
    const given = Buffer.from(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
    const found = JSON.parse(modules).find(
      ({ original }) => existsSync(original) && readFileSync(original).equals(given),
    );
    super(found ? readFileSync(found.mutants) : bytes);
    if (!found) return;
    const list = JSON.parse(readFileSync(found.mutants.replace(/wasm$/, "json"), "utf8"));
    idsOf.set(
      this,
      list.map(({ check, operand }) => `${check} | ${operand}`),
    );
  }
};

/** Guests that tests share: what one of them leaves behind with a mutant on must not reach the next. */
const shared = [];

WebAssembly.Instance = class extends Instance {
  constructor(module, imports = {}) {
    const ids = idsOf.get(module);
    super(module, ids ? { ...imports, mutants: hostOf(ids) } : imports);
    if (ids && running.length === 0) shared.push(this.exports.memory);
  }
};

let kept = [];

function keepMemory() {
  kept = shared.map(({ buffer }) => new Uint8Array(buffer).slice());
}

/** What has been allocated since is lost to the guest, and harmless. */
function putBack() {
  kept.forEach((bytes, i) => new Uint8Array(shared[i].buffer).set(bytes));
  kept = [];
}

function hostOf(ids) {
  const isActive = (mutant) => active !== "" && ids[mutant - 1] === active;
  const note = (mutant) => {
    if (!trace) return;
    const id = ids[mutant - 1];
    if (running.length === 0) seen.get(SETUP).add(id);
    for (const name of running) seen.get(name).add(id);
  };
  return {
    held(mutant) {
      note(mutant);
      return isActive(mutant) ? 0 : 1;
    },
    lost(mutant) {
      note(mutant);
      if (isActive(mutant)) throw new WebAssembly.RuntimeError("a value that is missing was used");
    },
  };
}

function choose() {
  const name = running.findLast((it) => planned.has(it));
  active = name === undefined ? always : planned.get(name);
}

beforeEach(({ name }) => {
  running.push(name);
  if (!seen.has(name)) seen.set(name, new Set());
  choose();
  if (!mark || !active) return;
  writeFileSync(mark, name);
  keepMemory();
});
afterEach(({ name }) => {
  const at = running.lastIndexOf(name);
  if (at >= 0) running.splice(at, 1);
  const wasActive = active !== "";
  choose();
  if (wasActive && !active) putBack();
});
process.on("exit", () => {
  if (!trace) return;
  const { user, system } = process.cpuUsage();
  const tests = [...seen].map(([name, ids]) => [name, [...ids]]);
  writeFileSync(trace, JSON.stringify({ seconds: (user + system) / 1e6, tests }));
});
