/** Traefik's log says which version of the plugin is loaded: once a router, however many guests there are. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { root } from "../../tools/root.ts";
import { rsa } from "../support/keys.ts";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
};
const ROUTERS = ["one", "two", "three"];
let upstream: Upstream;
let traefik: Traefik;

const configuration = (allow: string) => ({
  http: {
    routers: Object.fromEntries(
      ROUTERS.map((name) => [
        name,
        { rule: `PathPrefix(\`/${name}\`)`, middlewares: ["gate"], service: "app" },
      ]),
    ),
    middlewares: {
      gate: {
        plugin: {
          rolegate: {
            issuer: "https://sso.example.com",
            audience: "app",
            jwks: JSON.stringify({ keys: [rsa.jwk] }),
            rules: [{ match: ROUTERS.map((name) => `Path(\`/${name}\`)`).join(" || "), allow }],
          },
        },
      },
    },
    services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
  },
});

before(async () => {
  upstream = await startUpstream();
  traefik = await startTraefik({ dynamic: configuration("public") });
});
after(async () => {
  await traefik?.stop();
  await upstream?.stop();
});

const said = () =>
  traefik.log
    .guestLines()
    .filter(({ rolegate }) => rolegate === "start")
    .map((line) => line.version);

test("each router's middleware says it when it is built, and not again when guests are added", async () => {
  assert.deepEqual(said(), Array(ROUTERS.length).fill(version));
  const held = ROUTERS.flatMap((name) => Array<string>(8).fill(name));
  const answers = await Promise.all(
    held.map((name) => fetch(`${traefik.url}/${name}?upstream=stream`)),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    held.map(() => 200),
    traefik.log.tail(),
  );
  assert.deepEqual(said(), Array(ROUTERS.length).fill(version));
  for (const { body } of answers) await body?.cancel();
});

test("a changed configuration is built anew, and says it again", async () => {
  await traefik.configure(configuration("deny"));
  assert.equal((await fetch(`${traefik.url}/one`)).status, 401);
  // Traefik reads the folder file by file: once or twice here.
  const times = said().length / ROUTERS.length;
  assert.ok(times === 2 || times === 3, `${times}`);
});
