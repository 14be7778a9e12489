/** The table of configurations in a real Traefik: the good ones work from its file and from labels, the bad ones answer 500. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { BAD_CONFIGURATIONS } from "../cases/bad-configurations.ts";
import { GOOD_CONFIGURATIONS } from "../cases/configurations.ts";
import type { Configuration } from "../cases/gates.ts";
import { GOOD_SIGN_IN, SIGN_IN } from "../cases/sign-in.ts";
import { type DockerApi, startDockerApi } from "../stack/docker-api.ts";
import { labels } from "../support/forms.ts";
import { token } from "../support/tokens.ts";
import { send } from "../support/wire.ts";

const bad = BAD_CONFIGURATIONS.filter(({ typedOnly }) => !typedOnly);
const inFile: [string, Configuration] = [
  "all of it in a file",
  { mode: "protect", configFile: "/state/rolegate.json" },
];
const usual = [...Object.entries(GOOD_CONFIGURATIONS), inFile];
/** After the usual ones those of sign-in, whose answers are other tests' business. */
const good = [...usual, ...Object.entries(GOOD_SIGN_IN)];
/** Stands nowhere else. */
const CLIENT_IN_FILE = "client-of-the-file";
/** Milliseconds. */
const START = 90_000;
/** Each configuration has a router of its own, by host. */
const hostOf = (name: string) => `${name}.configuration.test`;

const folder = temporaryFolder("configurations");
let docker: DockerApi;
let upstream: Upstream;
let traefik: Traefik;

before(async () => {
  // The mode beside it wins.
  const whole = { ...SIGN_IN, mode: "keys", clientId: CLIENT_IN_FILE, audience: "app" };
  writeFileSync(join(folder.path, "rolegate.json"), JSON.stringify(whole));
  upstream = await startUpstream();
  docker = await startDockerApi([
    {
      name: "app",
      port: upstream.port,
      labels: Object.assign(
        {},
        ...good.map(([, config], i) => ({
          [`traefik.http.routers.label${i}.rule`]: `Host(\`${hostOf(`label${i}`)}\`)`,
          [`traefik.http.routers.label${i}.middlewares`]: `label${i}`,
          ...labels(`traefik.http.middlewares.label${i}.plugin.rolegate`, config),
        })),
      ),
    },
  ]);
  const blocks = Object.fromEntries([
    ...good.map(([, config], i) => [`file${i}`, config] as const),
    ...bad.map(({ config }, i) => [`bad${i}`, config] as const),
  ]);
  traefik = await startTraefik({
    timeout: START,
    mounts: { "/state": folder.path },
    static: { providers: { docker: { endpoint: docker.endpoint } } },
    dynamic: {
      http: {
        routers: Object.fromEntries(
          Object.keys(blocks).map((name) => [
            name,
            { rule: `Host(\`${hostOf(name)}\`)`, service: "app", middlewares: [name] },
          ]),
        ),
        services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
        middlewares: Object.fromEntries(
          Object.entries(blocks).map(([name, config]) => [name, { plugin: { rolegate: config } }]),
        ),
      },
    },
  });
  // Traefik starts hundreds of guests twice: for the file, and again when the labels are there.
  await traefik.waitForRouter(`label${good.length - 1}@docker`, START);
});
after(async () => {
  await traefik?.stop();
  await docker?.stop();
  await upstream?.stop();
  folder.remove();
});

/** The guest's findings about one middleware. */
function findings(middleware: string): { path: unknown; code: unknown; column: unknown }[] {
  return traefik.log
    .lines()
    .filter(
      ({ fields, guest }) => fields.middlewareName === middleware && guest?.severity === "error",
    )
    .map(({ guest }) => ({ path: guest!.path, code: guest!.code, column: guest!.column }));
}

const port = () => Number(new URL(traefik.url).port);

async function status(name: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await send(port(), {
    target: "/",
    headers: { ...headers, Host: hostOf(name) },
  });
  return response.status;
}

for (const provider of ["file", "label"]) {
  describe(`good configurations, ${provider}`, () => {
    good.forEach(([name], i) => {
      test(name, async () => {
        assert.deepEqual(
          findings(`${provider}${i}@${provider === "file" ? "file" : "docker"}`),
          [],
        );
        if (i >= usual.length) {
          const response = await send(port(), {
            target: "/",
            headers: { Host: hostOf(`${provider}${i}`) },
          });
          return assert.ok(!response.body.includes("config_error"));
        }
        const bearer = { Authorization: `Bearer ${await token()}` };
        assert.equal(await status(`${provider}${i}`, bearer), 200);
        assert.equal(await status(`${provider}${i}`), 401);
      });
    });
  });
}

test("what stands in a file is not in Traefik's API", async () => {
  const shown = await (await fetch(`${traefik.api}/api/http/middlewares?per_page=1000`)).text();
  assert.ok(shown.includes("/state/rolegate.json") && !shown.includes(CLIENT_IN_FILE));
});

describe("bad configurations, file", () => {
  bad.forEach(({ name, mistakes }, i) => {
    test(name, async () => {
      upstream.received.length = 0;
      assert.equal(await status(`bad${i}`, { Authorization: `Bearer ${await token()}` }), 500);
      assert.deepEqual(upstream.received, []);
      // Once for each guest; how many Traefik keeps is its business.
      const found = new Set(findings(`bad${i}@file`).map((it) => JSON.stringify(it)));
      const expected = mistakes.map(({ path, code, column }) =>
        JSON.stringify({ path, code, column }),
      );
      assert.deepEqual([...found].sort(), expected.sort());
    });
  });
});
