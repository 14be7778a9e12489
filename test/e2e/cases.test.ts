/** The table of cases through a real Traefik: every gate is a middleware, a request names its gate in X-Gate. */
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { Headers, pairs } from "../../src/guest/header.ts";
import { type Case, type Outcome, RAW, verify, wireOf } from "../cases/case.ts";
import { writeFiles } from "../cases/files.ts";
import { ENVIRONMENT, GATES, STATE } from "../cases/gates.ts";
import { CASES } from "../cases/table.ts";
import { send } from "../support/wire.ts";

const folder = temporaryFolder("cases");
let upstream: Upstream;
let traefik: Traefik;

before(async () => {
  writeFiles(folder.path);
  upstream = await startUpstream();
  const names = Object.keys(GATES);
  traefik = await startTraefik({
    logLevel: "DEBUG",
    mounts: { [STATE]: folder.path },
    envs: ENVIRONMENT,
    entryPoints: { web: 0, raw: 0 },
    static: {
      entryPoints: {
        raw: {
          http: { sanitizePath: RAW.sanitizePath },
          forwardedHeaders: { connection: RAW.connection },
        },
      },
    },
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
          Object.entries(GATES).map(([name, config]) => [name, { plugin: { rolegate: config } }]),
        ),
      },
    },
  });
});
after(async () => {
  await traefik?.stop();
  await upstream?.stop();
  folder.remove();
});

async function run(it: Case, id: string): Promise<Outcome> {
  const wire = wireOf(it, id);
  const from = traefik.log.length;
  upstream.received.length = 0;
  const response = await send(Number(new URL(traefik.urls[it.raw ? "raw" : "web"]!).port), {
    ...wire,
    headers: [...pairs(wire.headers ?? []), ["X-Gate", it.gate]],
  });
  const isOurs = (line: Record<string, unknown>) => line.request === id;
  // The audit's line is the guest's last one about a request.
  const silent = it.expect.beforeGuest || it.expect.reason === "config_error";
  if (!silent) {
    await traefik.log.waitForGuest((line) => isOurs(line) && line.rolegate === "audit", from);
  }
  const [received] = upstream.received;
  return {
    status: response.status,
    headers: response.headers,
    body: response.body.toString("latin1"),
    upstream: received ? { target: received.url, headers: new Headers(received.headers) } : null,
    lines: traefik.log.guestLines(from).filter(isOurs),
  };
}

describe("cases", () => {
  CASES.forEach((it, number) => {
    const id = `case-${number}`;
    test(it.name, async () => verify(it, id, await run(it, id)));
  });
});
