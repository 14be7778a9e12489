/** examples/prefect: its rules are the preset's, and the guest takes its blocks without a word, in every mode. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { temporaryFolder } from "../../../src/dev/cleanup.ts";
import { root } from "../../../src/dev/root.ts";
import { prefectRules } from "../../../src/presets/prefect/document.ts";
import { defaults, rulesOf } from "../../../src/presets/prefect/preset.ts";
import { replaced } from "../../../src/presets/text.ts";
import { fileForm } from "../../support/forms.ts";
import { loadGate } from "../../support/gate.ts";

type Block = Record<string, unknown> & { rules: unknown };

const folder = temporaryFolder("example");
const read = (name: string) => readFileSync(join(root, "examples/prefect", name), "utf8");
const secret = "q8Zt3uWc0Rj5Xv7Ls2Dm9Kb4Nf6Ph1Ty8Ga3Ew5Uo7I";

before(() => {
  for (const name of ["state", "secrets"]) mkdirSync(join(folder.path, name));
  for (const name of ["session-secret", "client-secret"]) {
    writeFileSync(join(folder.path, "secrets", name), secret);
  }
  for (const name of ["state", "secrets"]) {
    writeFileSync(join(folder.path, name, "api-keys.json"), "[]");
  }
});
after(() => folder.remove());

/** Every block of the plugin in a document, by the name of its middleware. */
function blocksIn(value: unknown, name = ""): [string, Block][] {
  if (value === null || typeof value !== "object") return [];
  const map = value as Record<string, unknown>;
  const plugin = map.rolegate as Block | undefined;
  if (name.endsWith(".plugin") && plugin) return [[name, plugin]];
  return Object.entries(map).flatMap(([key, member]) => blocksIn(member, `${name}.${key}`));
}

const files = ["traefik/dynamic/prefect.yml", "kubernetes/middleware.yml"];

for (const file of files) {
  const marked = () => replaced("prefect", read(file), prefectRules(defaults));
  test(`${file} has the preset's rules as they are now`, () => assert.equal(read(file), marked()));

  test(`${file}: its three blocks are without a mistake`, async () => {
    const blocks = blocksIn(parse(read(file), { merge: true }));
    assert.deepEqual(
      blocks.map(([, { mode }]) => mode),
      [undefined, "login", "keys"],
    );
    const config = file.startsWith("traefik") ? fileForm : (block: unknown) => block;
    for (const [name, block] of blocks) {
      const guest = await loadGate(config(block), {
        mounts: [`${folder.path}/state:/state`, `${folder.path}/secrets:/secrets`],
        env: { SESSION_SECRET: secret, CLIENT_SECRET: secret },
      });
      assert.deepEqual(
        guest.check().logs.map(({ message }) => message),
        [],
        name,
      );
    }
    const { rules } = blocks[0]![1];
    const expected = rulesOf(defaults).map(({ name, match, allow }) => ({
      ...{ name, match: match.join("\n"), allow },
    }));
    assert.deepEqual(rules, expected);
  });
}

test("every file of YAML can be read, and every one of JSON", () => {
  const yaml = [
    ...["compose.yml", "traefik/traefik.yml", "traefik/dynamic/keycloak.yml"],
    ...["prefect", "routes", "secrets", "worker"].map((name) => `kubernetes/${name}.yml`),
  ];
  for (const name of yaml) {
    const documents = parseAllDocuments(read(name));
    assert.deepEqual(
      documents.flatMap(({ errors }) => errors),
      [],
      name,
    );
  }
  JSON.parse(read("keycloak/realm.json"));
});

test("the realm's secrets are ones that the plugin refuses until somebody has replaced them", async () => {
  const [, block] = blocksIn(parse(read(files[0]!), { merge: true }))[1]!;
  const guest = await loadGate(fileForm(block), {
    mounts: [`${folder.path}/state:/state`],
    env: { SESSION_SECRET: secret, CLIENT_SECRET: "change-me-app" },
  });
  const { errors, logs } = guest.check();
  assert.equal(errors, 1);
  assert.match(logs[0]!.message, /login\.clientSecret/);
  assert.ok(read("keycloak/realm.json").includes('"change-me-app"'));
});
