/** Real Traefik, started by our code: it takes changes, ends when the plugin is broken, and leaves nothing. */
import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { isFree } from "../../stack/machine/ports.ts";
import { root } from "../../tools/root.ts";
import { startTraefik, type TraefikOptions } from "../../stack/traefik/traefik.ts";
import { TraefikEnded, type Traefik } from "../../stack/traefik/running.ts";

const bare = (path: string) => ({
  http: { routers: { app: { rule: `PathPrefix(\`${path}\`)`, service: "noop@internal" } } },
});
const gated = {
  http: {
    middlewares: { gate: { plugin: { rolegate: { issuer: "https://sso.example.com" } } } },
    routers: { app: { rule: "PathPrefix(`/`)", middlewares: ["gate"], service: "noop@internal" } },
  },
};

async function using(
  options: TraefikOptions,
  check: (traefik: Traefik) => Promise<void>,
): Promise<void> {
  const traefik = await startTraefik(options);
  try {
    await check(traefik);
  } finally {
    await traefik.stop();
  }
}

/** Runs `check` with the folder of a plugin whose module has these bytes. */
async function withPlugin(wasm: Buffer, check: (folder: string) => Promise<void>): Promise<void> {
  const folder = temporaryFolder("plugin");
  try {
    cpSync(join(root, ".traefik.yml"), join(folder.path, ".traefik.yml"));
    writeFileSync(join(folder.path, "plugin.wasm"), wasm);
    await check(folder.path);
  } finally {
    folder.remove();
  }
}

const wasmHeader = Buffer.from("0061736d01000000", "hex");
const broken: Record<string, Buffer> = {
  "an empty file": Buffer.alloc(0),
  "a text": Buffer.from("not a module"),
  "half a module": readFileSync(join(root, "plugin.wasm")).subarray(0, 60),
  "a module with rubbish behind its header": Buffer.concat([wasmHeader, Buffer.from("rubbish")]),
};

for (const [name, wasm] of Object.entries(broken)) {
  test(`with ${name} for plugin.wasm Traefik ends, and says why`, () =>
    withPlugin(wasm, (pluginDir) =>
      assert.rejects(startTraefik({ pluginDir, dynamic: gated }), (error) => {
        assert.ok(error instanceof TraefikEnded);
        assert.equal(error.code, 1);
        assert.match(error.message, /plugin: failed to create plugin builder/);
        return true;
      }),
    ));
}

test("a plugin folder without plugin.wasm is refused before Traefik is started", async () => {
  const folder = temporaryFolder("plugin");
  try {
    await assert.rejects(startTraefik({ pluginDir: folder.path }), /ENOENT/);
  } finally {
    folder.remove();
  }
});

test("a router that Traefik drops, because the guest does not start, is an error", () =>
  withPlugin(wasmHeader, async (pluginDir) => {
    await assert.rejects(
      startTraefik({ pluginDir, dynamic: gated }),
      /dropped routers:\n {2}app@file: .*handle_request/,
    );
    await using({ pluginDir, dynamic: gated, allowDropped: true }, async (traefik) => {
      assert.equal((await traefik.dropped()).length, 1);
      assert.equal((await fetch(traefik.url)).status, 404);
    });
  }));

test("a change of the dynamic configuration is in force when configure() returns", () =>
  using({ pluginDir: null, dynamic: bare("/0") }, async (traefik) => {
    const status = async (path: string) => (await fetch(traefik.url + path)).status;
    for (let turn = 1; turn <= 10; turn++) {
      await traefik.configure(bare(`/${turn}/`));
      assert.deepEqual([await status(`/${turn}/`), await status(`/${turn - 1}/`)], [418, 404]);
    }
    const yaml = "http: {routers: {app: {rule: 'Path(`/yaml`)', service: noop@internal}}}";
    await traefik.configure(yaml);
    assert.equal(await status("/yaml"), 418);
  }));

test("a dynamic configuration that Traefik refuses is an error with its reason", () =>
  using({ pluginDir: null, dynamic: bare("/") }, async (traefik) => {
    await assert.rejects(
      traefik.configure("http: {routers: [", 1_000),
      /not in force[^]*dynamic\.yml/,
    );
    assert.equal((await fetch(traefik.url)).status, 418, "the last good one stays");
  }));

test("entry points, environment and static settings are the caller's", () =>
  using(
    {
      pluginDir: null,
      entryPoints: { one: 0, two: 0 },
      dynamic: bare("/"),
      static: { accessLog: { format: "json", addInternals: true }, log: { level: "DEBUG" } },
    },
    async ({ urls, url, log }) => {
      assert.equal(url, urls.one);
      const mark = log.length;
      assert.equal((await fetch(urls.two!)).status, 418);
      await log.waitFor(({ fields }) => fields.DownstreamStatus === 418, mark);
      assert.ok(log.lines().some(({ level }) => level === "debug"));
    },
  ));

test("stop() closes the ports, ends the process, removes the folder, and may be called again", async () => {
  const traefik = await startTraefik({ pluginDir: null, dynamic: bare("/") });
  // A connection that is left open must not hold it up.
  const idle = connect(Number(new URL(traefik.url).port), "127.0.0.1");
  idle.on("error", () => {});
  await traefik.stop();
  await traefik.stop();
  idle.destroy();
  assert.equal(existsSync(traefik.folder), false);
  assert.throws(() => process.kill(traefik.pid, 0), { code: "ESRCH" });
  for (const url of Object.values(traefik.urls)) {
    assert.equal(await isFree(Number(new URL(url).port)), true);
  }
});

test("a port that is taken is named", async () => {
  await using({ pluginDir: null, dynamic: bare("/") }, async ({ url }) => {
    const port = Number(new URL(url).port);
    await assert.rejects(
      startTraefik({ pluginDir: null, entryPoints: { web: port } }),
      new RegExp(`:${port}: bind: address already in use`),
    );
  });
});
