/** Traefik gives a guest what the Node host gives it: the table of probes, through a real Traefik. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { Headers } from "../../src/guest/header.ts";
import {
  BUFFERED_HEADER,
  PROBE_BUFFERING,
  PROBE_CONFIG,
  PROBE_ENV,
  PROBE_MOUNT,
  READ_ONLY_MOUNT,
  probeHeaders,
  verify,
} from "../cases/probe.ts";
import { prepareFiles } from "../cases/file-probes.ts";
import { PROBES } from "../cases/probes.ts";
import { probeWasm } from "../support/probe.ts";
import { send } from "../support/wire.ts";

const folder = temporaryFolder("probe");
let upstream: Upstream;
let traefik: Traefik;

before(async () => {
  const [plugin, mount] = [join(folder.path, "plugin"), join(folder.path, "mount")];
  mkdirSync(plugin);
  copyFileSync(join(root, ".traefik.yml"), join(plugin, ".traefik.yml"));
  copyFileSync(probeWasm(), join(plugin, "plugin.wasm"));
  prepareFiles(mount);
  upstream = await startUpstream();
  traefik = await startTraefik({
    pluginDir: plugin,
    mounts: { [PROBE_MOUNT]: mount, [READ_ONLY_MOUNT]: `${mount}:ro` },
    envs: PROBE_ENV,
    dynamic: {
      http: {
        routers: {
          all: { rule: "PathPrefix(`/`)", service: "app", middlewares: ["probe"] },
          buffered: {
            rule: `Header(\`${BUFFERED_HEADER}\`, \`1\`)`,
            priority: 1000,
            service: "app",
            middlewares: ["probe", "buffering"],
          },
        },
        services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
        middlewares: {
          probe: { plugin: { rolegate: PROBE_CONFIG } },
          buffering: { buffering: PROBE_BUFFERING },
        },
      },
    },
  });
});
after(async () => {
  await traefik?.stop();
  await upstream?.stop();
  folder.remove();
});

describe("probes", () => {
  for (const it of PROBES) {
    test(it.name, async () => {
      upstream.received.length = 0;
      const { status, headers, body, complete } = await send(Number(new URL(traefik.url).port), {
        method: it.method ?? "GET",
        target: it.target ?? "/",
        headers: probeHeaders(it),
        ...(it.body === undefined ? {} : { body: it.body }),
      });
      // What was cut off on its way arrives later than the answer to it.
      const marks = [it.steps.trim(), it.buffered ? "1" : undefined];
      const received = upstream.received.find(({ headers }) => {
        const fields = new Headers(headers);
        return isDeepStrictEqual([fields.get("X-Probe"), fields.get(BUFFERED_HEADER)], marks);
      });
      verify(it, {
        status,
        headers,
        body: body.toString("latin1"),
        complete,
        upstream: received
          ? {
              target: received.url,
              headers: new Headers(received.headers),
              bodyLength: received.bodyLength,
            }
          : null,
      });
    });
  }
});
