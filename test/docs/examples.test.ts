/** Every configuration in the docs is one that the guest accepts without a word. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { loadGuest } from "../../src/guest/load.ts";
import { type Block, blocks, environment } from "./blocks.ts";

/** What a kind of block holds the plugin's configuration in. */
const BLOCK_OF: Record<string, (text: string) => unknown> = {
  block: (text) => parse(text) as unknown,
  middleware: (text) => at(parse(text), "spec", "plugin", "rolegate"),
  "oauth2-proxy.yml": (text) =>
    at(parse(text), "http", "middlewares", "rolegate", "plugin", "rolegate"),
  "gate.yml": (text) => at(parse(text), "http", "middlewares", "rolegate", "plugin", "rolegate"),
  "dynamic.yml": (text) => at(parse(text), "http", "middlewares", "rolegate", "plugin", "rolegate"),
  labels: (text) => fromLabels(parse(text) as string[]),
};

/** The value under the keys. */
function at(tree: unknown, ...keys: string[]): unknown {
  return keys.reduce((value, key) => (value as Record<string, unknown>)[key], tree);
}

/** As Traefik reads labels: dots for maps, indices for lists, every scalar a text. */
function fromLabels(labels: string[]): unknown {
  const result: Record<string, unknown> = {};
  const prefix = /^traefik\.http\.middlewares\.\w+\.plugin\.rolegate\./;
  for (const label of labels.filter((it) => prefix.test(it))) {
    const equals = label.indexOf("=");
    const names = label
      .slice(0, equals)
      .replace(prefix, "")
      .split(/[.[\]]+/)
      .filter(Boolean);
    // An index in text form would be a property of the list and no element.
    const path = names.map((name) => (/^\d+$/.test(name) ? String(Number(name)) : name));
    let at = result;
    path.slice(0, -1).forEach((key, index) => {
      at[key] ??= /^\d+$/.test(path[index + 1]!) ? [] : {};
      at = at[key] as Record<string, unknown>;
    });
    at[path.at(-1)!] = label.slice(equals + 1);
  }
  return result;
}

/** Scalars outside lists are texts, as Traefik's file provider hands them on. */
function asFileProvider(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((it) => (typeof it === "object" ? asFileProvider(it) : (it as unknown)));
  }
  if (value === null || typeof value !== "object") return String(value);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, asFileProvider(v)]));
}

async function complaints(config: unknown): Promise<string[]> {
  const state = temporaryFolder("docs");
  try {
    mkdirSync(join(state.path, "state"));
    // As `rolegate init` makes it.
    writeFileSync(join(state.path, "state/session-secret"), randomBytes(32).toString("base64url"));
    const guest = await loadGuest({
      wasm: join(root, "plugin.wasm"),
      config,
      mounts: [`${join(state.path, "state")}:/state`],
      env: environment,
    });
    return guest.check().logs.map((line) => line.message);
  } finally {
    state.remove();
  }
}

const known = blocks.filter((block) => block.kind in BLOCK_OF);

for (const block of known) {
  test(`${block.place} (${block.kind}) is a configuration without a mistake`, async () => {
    const config = BLOCK_OF[block.kind]!(block.text);
    assert.deepEqual(await complaints(config), []);
    assert.deepEqual(await complaints(asFileProvider(config)), []);
  });
}

const signIn = blocks.find(({ kind }) => kind === "sign-in.yml")!;

for (const name of ["rolegate", "rolegate-login", "rolegate-keys"]) {
  test(`${signIn.place}: ${name} is a configuration without a mistake`, async () => {
    const tree: unknown = parse(signIn.text, { merge: true });
    const config = at(tree, "http", "middlewares", name, "plugin", "rolegate");
    assert.deepEqual(await complaints(asFileProvider(config)), []);
  });
}

test("every block of YAML says what it is", () => {
  const others = blocks.filter((it: Block) => it.language === "yaml" && !(it.kind in BLOCK_OF));
  assert.deepEqual(others.map((it) => it.kind).sort(), [
    // Run by test/cli/docs.test.ts.
    ".github/workflows/policy.yml",
    ".gitlab-ci.yml",
    "envoy.yml",
    // Compared by test/docs/store.test.ts.
    "for an engine, in dynamic.yml",
    "forward-auth-static.yml",
    "forward-auth.yml",
    "gate-static.yml",
    "in dynamic.yml, below middlewares",
    "in dynamic.yml, instead of the router app",
    "in traefik.yml, instead of web",
    "in traefik.yml, with the plugin from the catalogue",
    "sign-in-static.yml",
    "sign-in.yml",
    "table",
    "traefik.yml",
    "traefik.yml, with the plugin from the catalogue",
  ]);
  assert.ok(known.length >= 5);
});
