/** docs/compatibility.md is true of the releases that it names: what they are built of, what they know, what earlier ones do. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { outputOf } from "../../stack/machine/command.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { root } from "../../tools/root.ts";
import { pluginName, staticConfiguration, type Tree } from "../../stack/traefik/config.ts";
import { earlierVersions, supportedVersions } from "../../stack/traefik/versions-table.ts";
import { pinnedTraefik } from "../../stack/traefik/wheel.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { until } from "../browser/until.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";
import { releaseOf, tableOf } from "./releases.ts";

test("the tables have the releases that are tried, and no others", () => {
  assert.deepEqual([...tableOf("releases").keys()], [...supportedVersions]);
  assert.deepEqual([...tableOf("earlier").keys()], [...earlierVersions]);
});

for (const version of supportedVersions) {
  test(`what Traefik ${version} is built of`, async () => {
    const { go, wazero } = releaseOf(version);
    const binary = await pinnedTraefik(version);
    const said = await outputOf({ program: binary, args: ["version"] });
    assert.equal(/^Go version:\s+go(\S+)$/m.exec(said ?? "")?.[1], go);
    // Go writes the modules of a program into it, as text.
    const modules = readFileSync(binary).toString("latin1");
    const linked = /dep\tgithub\.com\/tetratelabs\/wazero\tv([\d.]+)\t/.exec(modules);
    assert.equal(linked?.[1], wazero);
  });

  test(`whether Traefik ${version} knows the hash of a plugin`, async () => {
    const other = { moduleName: "github.com/example/other", version: "v1.0.0", hash: "00" };
    const refused = await startTraefik({
      binary: await pinnedTraefik(version),
      static: { experimental: { plugins: { other } } },
      // It ends in either case: nobody answers for the catalogue.
      envs: { HTTPS_PROXY: `http://${loopback}:9` },
    }).then(
      () => assert.fail("it started"),
      (error: Error) => /field not found, node: hash/.test(error.message),
    );
    assert.equal(!refused, releaseOf(version).hash);
  });
}

describe("what earlier releases do with what is written here", () => {
  for (const version of earlierVersions) {
    const [asWritten, withoutAbort, bare] = tableOf("earlier").get(version)!;
    const outcome = (cell: string) => /^(ends|works|500(?: `\w+`)?)/.exec(cell)?.[1];
    const tries: [string, string, (experimental: Tree) => Tree][] = [
      ["as it is", asWritten!, (it) => it],
      ["without abortOnPluginFailure", withoutAbort!, withoutFlag],
      ["without settings, too", bare!, (it) => withoutSettings(withoutFlag(it))],
    ];
    for (const [name, cell, change] of tries) {
      test(`${version}, ${name}: ${cell}`, async () => {
        assert.equal(await tried(version, change), outcome(cell));
      });
    }
  }
});

function withoutFlag({ abortOnPluginFailure: _, ...rest }: Tree): Tree {
  return rest;
}

function withoutSettings(experimental: Tree): Tree {
  const plugin = { moduleName: pluginName };
  return Object.fromEntries(
    Object.keys(experimental).map((key) => [key, { [pluginName]: plugin }]),
  );
}

/** Starts it with a changed static configuration, and asks for something that a viewer may have. */
async function tried(version: string, change: (experimental: Tree) => Tree): Promise<string> {
  const folder = temporaryFolder("earlier");
  const [web, traefik] = (await freePorts(2)) as [number, number];
  const state = join(folder.path, "state");
  const dynamicFolder = join(folder.path, "dynamic");
  for (const path of [state, dynamicFolder]) mkdirSync(path);
  const plugin = join(folder.path, "plugins-local", "src", pluginName);
  for (const file of [".traefik.yml", "plugin.wasm"]) cpSync(join(root, file), join(plugin, file));
  writeFileSync(join(state, "jwks.json"), JSON.stringify(keySet(rsa)));
  const { experimental, ...rest } = staticConfiguration({
    ...{ ports: { web, traefik }, dynamicFolder, plugin: true, logLevel: "INFO" },
    ...{ mounts: { "/state": state }, envs: [], extra: {} },
  });
  const configuration = { ...rest, experimental: change(experimental as Tree) };
  // JSON is YAML with every string quoted.
  writeFileSync(join(folder.path, "traefik.yml"), JSON.stringify(configuration));
  const rules = [{ match: "PathPrefix(`/`)", allow: "authenticated" }];
  const block = { issuer: ISSUER, clientId: CLIENT, jwksFile: "/state/jwks.json", rules };
  const dynamic = {
    http: {
      routers: {
        app: { rule: "PathPrefix(`/`)", service: "noop@internal", middlewares: ["gate"] },
      },
      middlewares: { gate: { plugin: { [pluginName]: block } } },
    },
  };
  writeFileSync(join(dynamicFolder, "dynamic.yml"), JSON.stringify(dynamic));
  const child = await startChild(await pinnedTraefik(version), ["--configFile=traefik.yml"], {
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? "" },
    onLine: () => {},
  });
  try {
    let outcome = "";
    await until("an answer", async () => {
      if (!child.running()) outcome = "ends";
      else outcome = await answerOf(`http://${loopback}:${web}/`);
      return outcome !== "";
    });
    return outcome;
  } finally {
    await child.stop();
    folder.remove();
  }
}

async function answerOf(url: string): Promise<string> {
  const headers = { Authorization: `Bearer ${await token()}` };
  const response = await fetch(url, { headers }).catch(() => null);
  // Not there yet, or not yet with the router.
  if (response === null || response.status === 404) return "";
  // What the service of the router answers.
  if (response.status === 418) return "works";
  const code = /"code":"(\w+)"/.exec(await response.text())?.[1];
  return code === undefined ? String(response.status) : `${response.status} \`${code}\``;
}
