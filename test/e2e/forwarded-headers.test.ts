/**
 * Traefik keeps the client's X-Forwarded-* where its owner says so (`forwardedHeaders.insecure`), and removes them from
 * what the guest sees otherwise. Here they reach the guest: they decide nothing there either.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { Headers, pairs } from "../../src/guest/header.ts";
import { verify, wireOf } from "../cases/case.ts";
import { GATES } from "../cases/gates.ts";
import { CASES } from "../cases/table.ts";
import { send } from "../support/wire.ts";

const cases = CASES.filter(({ name }) =>
  /^advisory: client header decides: |^ClientIP: not by a header/.test(name),
);
const names = [...new Set(cases.map(({ gate }) => gate))];
let upstream: Upstream;
let traefik: Traefik;

before(async () => {
  upstream = await startUpstream();
  traefik = await startTraefik({
    logLevel: "DEBUG",
    static: { entryPoints: { web: { forwardedHeaders: { insecure: true } } } },
    dynamic: {
      http: {
        routers: Object.fromEntries(
          names.map((name) => [
            name,
            { rule: `Header(\`X-Gate\`, \`${name}\`)`, service: "app", middlewares: [name] },
          ]),
        ),
        services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
        middlewares: Object.fromEntries(
          names.map((name) => [name, { plugin: { rolegate: GATES[name] } }]),
        ),
      },
    },
  });
});
after(async () => {
  await traefik?.stop();
  await upstream?.stop();
});

cases.forEach((it, number) => {
  test(it.name, async () => {
    const id = `forwarded-${number}`;
    const wire = wireOf(it, id);
    const from = traefik.log.length;
    upstream.received.length = 0;
    const response = await send(Number(new URL(traefik.url).port), {
      ...wire,
      headers: [...pairs(wire.headers ?? []), ["X-Gate", it.gate]],
    });
    const isOurs = (line: Record<string, unknown>) => line.request === id;
    await traefik.log.waitForGuest((line) => isOurs(line) && line.rolegate === "audit", from);
    const [received] = upstream.received;
    verify(it, id, {
      status: response.status,
      headers: response.headers,
      body: response.body.toString("latin1"),
      upstream: received ? { target: received.url, headers: new Headers(received.headers) } : null,
      lines: traefik.log.guestLines(from).filter(isOurs),
    });
  });
});

test("they do come through there", async () => {
  const { port } = new URL(traefik.url);
  const request = cases.find(({ name }) => name.includes("X-HTTP-Method-Override is the app"))!;
  const wire = wireOf(request, "forwarded");
  const sent: [string, string][] = ["Uri", "Host", "Method", "Proto"].map((name) => [
    `X-Forwarded-${name}`,
    "mine",
  ]);
  upstream.received.length = 0;
  const { status } = await send(Number(port), {
    ...wire,
    headers: [...pairs(wire.headers ?? []), ...sent, ["X-Gate", request.gate]],
  });
  assert.equal(status, 200);
  const headers = new Headers(upstream.received[0]!.headers);
  for (const [name, value] of sent) assert.equal(headers.get(name), value, name);
  assert.ok(cases.length > 40);
});
