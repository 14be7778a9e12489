/** Requests and tokens of the corpus against a real Traefik. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { token } from "../support/tokens.ts";
import { sendBytes } from "../support/wire.ts";
import { type Attack, type AttackClass, assertWhole, classesWith } from "./corpus.ts";
import { forge } from "./forging.ts";
import { assertClean, assertNotAdmin } from "./forwarded.ts";
import { ENVIRONMENT, GATES, type GateName } from "./gates.ts";

const viewer = await token();
let upstream: Upstream;
let traefik: Traefik;

before(async () => {
  upstream = await startUpstream();
  const names = Object.keys(GATES);
  traefik = await startTraefik({
    envs: ENVIRONMENT,
    // By entry point: a router that looked at the Host would decide before the guest does.
    entryPoints: Object.fromEntries(names.map((name) => [name, 0])),
    dynamic: {
      http: {
        routers: Object.fromEntries(
          names.map((name) => [
            name,
            { rule: "PathPrefix(`/`)", entryPoints: [name], service: "app", middlewares: [name] },
          ]),
        ),
        services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
        middlewares: Object.fromEntries(
          Object.entries(GATES).map(([name, config]) => [name, { plugin: { rolegate: config } }]),
        ),
      },
    },
  });
});
after(async () => {
  await traefik?.stop();
  await upstream?.stop();
});

function bytesOf(it: Attack): string {
  const lines = it.request ?? [`GET ${it.target ?? "/me"} HTTP/1.1`, "Host: app.example.com"];
  const head = [...lines];
  const bearer = it.token ? forge(it.token) : it.as && viewer;
  if (bearer) head.push(`Authorization: Bearer ${bearer}`);
  if (it.cookies) {
    const [count, bytes] = it.cookies;
    const chunks = Array.from({ length: count }, (_, i) => `rolegate.${i}=${"b".repeat(bytes)}`);
    head.push(`Cookie: ${chunks.join("; ")}`);
  }
  const text = `${head.join("\r\n")}\r\n\r\n${it.body ?? ""}`;
  return text.replaceAll("{pad}", "a".repeat(it.pad ?? 0));
}

async function attack(it: Attack, gate: GateName): Promise<void> {
  upstream.received.length = 0;
  const { port } = new URL(traefik.urls[gate]!);
  const isHead = it.request?.[0]?.startsWith("HEAD ");
  const response = await sendBytes(Number(port), bytesOf(it), isHead);
  const [received, ...more] = upstream.received;
  assert.deepEqual(more, [], "one request became several");
  assert.equal(response.status, it.status, response.body.toString("latin1"));
  const passed = it.status! < 400;
  assert.equal(received !== undefined, passed, received?.url);
  if (!received) return;
  assertClean(received, it);
  assertNotAdmin(received);
  for (const [name, value] of Object.entries(it.sees ?? {})) {
    const seen: string[] = received.headers.flatMap(([key, text]) =>
      key.toLowerCase() === name.toLowerCase() ? [text] : [],
    );
    assert.deepEqual(seen, value === null ? [] : [value], name);
  }
  if (it.forwarded !== undefined) assert.equal(received.url, it.forwarded);
}

for (const kind of ["request", "token"] as const) {
  for (const attacks of classesWith(kind)) describe(attacks.class, () => tests(attacks));
}

function tests(attacks: AttackClass): void {
  const { cases, gate = "site", times = 1 } = attacks;
  test("each case expects something", () => assertWhole(attacks));
  for (const it of cases) {
    test(it.name, async () => {
      for (let time = 0; time < times; time++) await attack(it, gate);
    });
  }
  after(() => console.log(`attack: ${attacks.class}: ${cases.length} cases`));
}

test("Traefik is alive, and nothing of it broke", async () => {
  assert.equal((await fetch(`${traefik.api}/ping`)).status < 500, true);
  const broken = traefik.log
    .lines()
    .filter(({ text }) => /wasm error|fatal error|panic/i.test(text));
  assert.deepEqual(
    broken.map(({ text }) => text),
    [],
  );
});
