/** examples/prefect: its rules are the preset's, and the guest takes its blocks without a word, in every mode. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { temporaryFolder } from "../../../stack/machine/cleanup.ts";
import { root } from "../../../tools/root.ts";
import { prefectRules } from "../../../src/presets/prefect/document.ts";
import { defaults, rulesOf } from "../../../src/presets/prefect/preset.ts";
import { replaced } from "../../../src/presets/text.ts";
import { composeErrors } from "../../cli/compose-schema.ts";
import { manifestErrors } from "../../cli/kubernetes-schema.ts";
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
    const expected = rulesOf(defaults).map(({ comment: _, match, ...rule }) => ({
      ...rule,
      match: match.join("\n"),
    }));
    assert.deepEqual(rules, expected);
  });
}

interface Manifest {
  kind: string;
  metadata: { name: string; namespace: string };
  items?: Manifest[];
  stringData?: Record<string, string>;
}

const manifests = ["middleware", "prefect", "routes", "secrets", "worker"].flatMap((name) =>
  parseAllDocuments(read(`kubernetes/${name}.yml`), { merge: true }).flatMap((document) => {
    assert.deepEqual(document.errors, []);
    const manifest = document.toJS() as Manifest;
    return manifest.kind === "List" ? manifest.items! : [manifest];
  }),
);

test("a cluster takes every manifest: no field that Traefik's CRDs and Kubernetes do not know", () => {
  assert.ok(manifests.length >= 14);
  for (const it of manifests) assert.deepEqual(manifestErrors(it), [], it.metadata.name);
});

test("what a manifest names is there, in its own namespace", () => {
  const known = new Set(
    manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
  );
  const keys = new Set(
    manifests.flatMap(({ metadata, stringData }) =>
      Object.keys(stringData ?? {}).map((key) => `${metadata.namespace}/${metadata.name} ${key}`),
    ),
  );
  // Its place is the reader's to say: routes.yml has a comment about it.
  known.add("Service prefect/keycloak");
  let count = 0;
  const look = (value: unknown, key: string, namespace: string): void => {
    if (value === null || typeof value !== "object") return;
    const { name, key: secretKey } = value as { name?: string; key?: string };
    if (key === "secretKeyRef") assert.ok(keys.has(`${namespace}/${name} ${secretKey}`), name);
    if (["middlewares", "services"].includes(key) && Array.isArray(value)) {
      const kind = key === "services" ? "Service" : "Middleware";
      for (const it of value as { name: string }[]) {
        count++;
        assert.ok(known.has(`${kind} ${namespace}/${it.name}`), `${kind} ${it.name}`);
      }
    }
    for (const [inner, it] of Object.entries(value)) look(it, inner, namespace);
  };
  for (const it of manifests) look(it, "", it.metadata.namespace);
  assert.equal(count, 8);
});

test("Docker Compose takes compose.yml, and what it mounts is here or made by docs/prefect.md", () => {
  const compose = parse(read("compose.yml")) as {
    services: Record<string, { networks: string[]; ports?: string[]; volumes?: string[] }>;
    networks: object;
    volumes: object;
  };
  assert.deepEqual(composeErrors(compose), []);
  const { services } = compose;
  const isOpen = ([, { ports }]: [string, { ports?: string[] }]) => ports !== undefined;
  assert.deepEqual(
    Object.entries(services)
      .filter(isOpen)
      .map(([name]) => name),
    ["traefik"],
  );
  // A worker has no way to Prefect but Traefik.
  const shared = services.worker!.networks.filter((it) => services.prefect!.networks.includes(it));
  assert.deepEqual(shared, []);
  const page = readFileSync(join(root, "docs/prefect.md"), "utf8");
  for (const { volumes = [], networks } of Object.values(services)) {
    for (const it of networks) assert.ok(it === "default" || it in compose.networks, it);
    for (const from of volumes.map((volume) => volume.split(":")[0]!)) {
      const isHere = from.startsWith("./")
        ? existsSync(join(root, "examples/prefect", from)) || page.includes(from.slice(2))
        : from in compose.volumes;
      assert.ok(isHere, from);
    }
  }
});

test("the other files can be read", () => {
  for (const name of ["traefik/traefik.yml", "traefik/dynamic/keycloak.yml"]) parse(read(name));
  JSON.parse(read("keycloak/realm.json"));
});

test("the realm's secret comes from the environment, and left as it is the plugin refuses it", async () => {
  const { clients, users } = JSON.parse(read("keycloak/realm.json")) as {
    clients: { clientId: string; secret?: string }[];
    users: { username: string; credentials?: unknown }[];
  };
  const secrets = clients.filter((it) => it.secret !== undefined);
  assert.deepEqual(
    secrets.map((it) => [it.clientId, it.secret]),
    [["prefect", "${CLIENT_SECRET}"]],
  );
  assert.deepEqual(
    users.map(({ username }) => username),
    ["service-account-prefect-worker"],
  );
  const { services } = parse(read("compose.yml")) as {
    services: Record<string, { environment?: Record<string, string> }>;
  };
  const given = (name: string) => services[name]!.environment!.CLIENT_SECRET;
  assert.match(given("keycloak")!, /^\$\{CLIENT_SECRET:\?/);
  assert.equal(given("keycloak"), given("traefik"));
  const [, block] = blocksIn(parse(read(files[0]!), { merge: true }))[1]!;
  const guest = await loadGate(fileForm(block), {
    mounts: [`${folder.path}/state:/state`],
    env: { SESSION_SECRET: secret, CLIENT_SECRET: secrets[0]!.secret! },
  });
  const { errors, logs } = guest.check();
  assert.equal(errors, 1);
  assert.match(logs[0]!.message, /login\.clientSecret/);
});

test("the cluster's secrets, left as they are, are refused as well", async () => {
  const { stringData } = manifests.find(({ kind, metadata }) => {
    return kind === "Secret" && metadata.name === "rolegate";
  })!;
  const left = join(folder.path, "left");
  mkdirSync(left);
  for (const [name, text] of Object.entries(stringData!)) writeFileSync(join(left, name), text);
  const [, block] = blocksIn(manifests)[1]!;
  const guest = await loadGate(block, {
    mounts: [`${folder.path}/state:/state`, `${left}:/secrets`],
  });
  const paths = guest.check().logs.map(({ data }) => data?.path);
  assert.deepEqual(paths, ["session.secrets[0]", "login.clientSecret"]);
});

test("Keycloak is told that it is behind Traefik, and shows what sign-in needs alone", () => {
  const { services } = parse(read("compose.yml")) as {
    services: { keycloak: { command: string[] } };
  };
  assert.equal(services.keycloak.command[0], "start");
  const { http } = parse(read("traefik/dynamic/keycloak.yml")) as {
    http: { routers: { sso: { rule: string } }; services: object };
  };
  assert.equal(
    http.routers.sso.rule,
    "Host(`sso.example.com`) && (PathPrefix(`/realms/prefect/`) || PathPrefix(`/resources/`))",
  );
  // Traefik takes the first of two services with one name, whichever file it is in.
  const { http: other } = parse(read("traefik/dynamic/prefect.yml"), { merge: true }) as {
    http: { services: object };
  };
  const both = Object.keys(http.services).filter((name) => name in other.services);
  assert.deepEqual(both, []);
});
