/**
 * What Traefik makes of a configuration on its way to get_config, from its file provider and from Docker labels. The
 * probe shows what arrived; the models of test/support/forms.ts, on which the guest's tests rest, must say the same.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { marshal } from "../../src/guest/config.ts";
import { GOOD_CONFIGURATIONS } from "../cases/configurations.ts";
import { GOOD_SIGN_IN } from "../cases/sign-in.ts";
import { type DockerApi, startDockerApi } from "../stack/docker-api.ts";
import { fileForm, labelForm, labels } from "../support/forms.ts";
import { probeWasm } from "../support/probe.ts";

/** YAML as a person writes it, and the JSON that arrives. */
const YAML: Record<string, [string, string]> = {
  "scalars outside a list are texts": [
    "{a: 30, b: true, c: 0.75, d: text, e: '1'}",
    '{"a":"30","b":"true","c":"0.750000","d":"text","e":"1"}',
  ],
  "octal numbers are numbers": ["{a: 010}", '{"a":"8"}'],
  "big integers are kept": ["{a: 12345678901234567890}", '{"a":"12345678901234567890"}'],
  "empty lists, maps and texts are empty texts": [
    "{a: [], b: {}, c: ''}",
    '{"a":"","b":"","c":""}',
  ],
  "null is absent": ["{a: null, b: x}", '{"b":"x"}'],
  "numbers and booleans stay in lists of their kind": [
    "{a: [1, 2], b: [true, false], c: [x, '1']}",
    '{"a":[1,2],"b":[true,false],"c":["x","1"]}',
  ],
  "a text before a map in a list is lost": ["{a: [x, {b: c}]}", '{"a":[{"b":"c"}]}'],
  "the case of keys and dots in them are kept": [
    "{camelCase: x, 'a.b': y}",
    '{"a.b":"y","camelCase":"x"}',
  ],
  "an anchor is merged": [
    "{base: &base {x: '1'}, a: {<<: *base, y: '2'}}",
    '{"a":{"x":"1","y":"2"},"base":{"x":"1"}}',
  ],
  "HTML's characters are escaped": ["{a: 'b && <c>'}", '{"a":"b \\u0026\\u0026 \\u003cc\\u003e"}'],
};

/** Labels below the plugin's block, and the JSON that arrives. */
const LABELS: Record<string, [Record<string, string>, string]> = {
  "all scalars are texts": [{ ".a": "1", ".b": "true" }, '{"a":"1","b":"true"}'],
  "a comma does not make a list": [{ ".a": "x,y" }, '{"a":"x,y"}'],
  "indices make a list": [{ ".a[0]": "x", ".a[1]": "1" }, '{"a":["x","1"]}'],
  "indices are sorted as text": [
    { ".a[0]": "0", ".a[1]": "1", ".a[2]": "2", ".a[10]": "10" },
    '{"a":["0","10","1","2"]}',
  ],
  "padded indices keep their order": [
    { ".a[00]": "0", ".a[01]": "1", ".a[02]": "2", ".a[10]": "10" },
    '{"a":["0","1","2","10"]}',
  ],
};

const folder = temporaryFolder("forms");
const folderOf = (name: string) => join(folder.path, name);
let docker: DockerApi;
let upstream: Upstream;
let traefik: Traefik;

const fileRouters = Object.entries(YAML).map(([, [yaml]]) => yaml);
const good = { ...GOOD_CONFIGURATIONS, ...GOOD_SIGN_IN };
const goodNames = Object.keys(good);
const labelled = [
  ...Object.values(LABELS).map(([pairs]) => pairs),
  ...Object.values(good).map((config) => labels("", config)),
];

before(async () => {
  mkdirSync(folderOf("plugin"));
  copyFileSync(join(root, ".traefik.yml"), join(folderOf("plugin"), ".traefik.yml"));
  copyFileSync(probeWasm(), join(folderOf("plugin"), "plugin.wasm"));
  upstream = await startUpstream();
  docker = await startDockerApi([{ name: "app", port: upstream.port, labels: containerLabels() }]);
  traefik = await startTraefik({
    pluginDir: folderOf("plugin"),
    static: { providers: { docker: { endpoint: docker.endpoint } } },
    dynamic: dynamicYaml(),
  });
  await traefik.waitForRouter(`l${labelled.length - 1}@docker`);
});
after(async () => {
  await traefik?.stop();
  await docker?.stop();
  await upstream?.stop();
  folder.remove();
});

/** The file as a person writes it; every block is one line of flow YAML, or a block of its own. */
function dynamicYaml(): string {
  const written = [
    ...fileRouters,
    ...Object.values(good).map((config) =>
      stringify(config).trimEnd().split("\n").join("\n          "),
    ),
  ];
  const router = (i: number) =>
    `    f${i}: {rule: "Path(\`/f${i}\`)", service: app, middlewares: [f${i}]}`;
  const middleware = (text: string, i: number) =>
    `    f${i}:\n      plugin:\n        rolegate:\n          ${text}`;
  return [
    "http:",
    "  services:",
    `    app: {loadBalancer: {servers: [{url: "${upstream.url}"}]}}`,
    "  routers:",
    ...written.map((_, i) => router(i)),
    "  middlewares:",
    ...written.map(middleware),
  ].join("\n");
}

function containerLabels(): Record<string, string> {
  const all: Record<string, string> = {};
  labelled.forEach((pairs, i) => {
    all[`traefik.http.routers.l${i}.rule`] = `Path(\`/l${i}\`)`;
    all[`traefik.http.routers.l${i}.middlewares`] = `l${i}`;
    for (const [path, value] of Object.entries(pairs)) {
      all[`traefik.http.middlewares.l${i}.plugin.rolegate${path}`] = value;
    }
  });
  return all;
}

/** As it would arrive; the model has one character for each byte. */
const textOf = (config: unknown) => Buffer.from(marshal(config), "latin1").toString();

async function arrived(path: string): Promise<string> {
  const response = await fetch(`${traefik.url}/${path}`, {
    headers: { "X-Probe": "config|respond", "X-Probe-After": "" },
  });
  return (await response.text()).replace(/^config=/, "").trimEnd();
}

describe("the file provider", () => {
  Object.entries(YAML).forEach(([name, [, json]], i) => {
    test(name, async () => assert.equal(await arrived(`f${i}`), json));
  });
  goodNames.forEach((name, i) => {
    test(`as the model says: ${name}`, async () => {
      const seen = await arrived(`f${fileRouters.length + i}`);
      assert.equal(seen, textOf(fileForm(good[name])));
    });
  });
});

describe("labels", () => {
  const handWritten = Object.entries(LABELS);
  handWritten.forEach(([name, [, json]], i) => {
    test(name, async () => assert.equal(await arrived(`l${i}`), json));
  });
  goodNames.forEach((name, i) => {
    test(`as the model says: ${name}`, async () => {
      const seen = await arrived(`l${handWritten.length + i}`);
      assert.equal(seen, textOf(labelForm(good[name])));
    });
  });
});
