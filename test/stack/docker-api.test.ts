/** Traefik's own Docker provider reads labels from the small API, and follows their change. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Received, type Upstream } from "../../stack/upstream/upstream.ts";
import { startDockerApi, type DockerApi } from "./docker-api.ts";

let docker: DockerApi;
let upstream: Upstream;
let traefik: Traefik;

const labels = (header: string) => ({
  "traefik.http.routers.app.rule": "PathPrefix(`/`)",
  "traefik.http.routers.app.middlewares": "mark",
  "traefik.http.middlewares.mark.headers.customrequestheaders.X-Mark": header,
});

before(async () => {
  upstream = await startUpstream();
  docker = await startDockerApi([{ name: "app", labels: labels("one"), port: upstream.port }]);
  traefik = await startTraefik({
    pluginDir: null,
    static: { providers: { docker: { endpoint: docker.endpoint } } },
  });
});

after(async () => {
  await traefik?.stop();
  await docker?.stop();
  await upstream?.stop();
});

async function mark(): Promise<string | undefined> {
  const received = (await (await fetch(traefik.url)).json()) as Received;
  return received.headers.find(([name]) => name === "X-Mark")?.[1];
}

test("a router, a middleware and the container's own port come from labels", async () => {
  await traefik.waitForRouter("app@docker");
  assert.equal(await mark(), "one");
});

test("changed labels are read again", async () => {
  docker.set([{ name: "app", labels: labels("two"), port: upstream.port }]);
  for (let tries = 0; (await mark()) !== "two"; tries++) {
    assert.ok(tries < 200, "Traefik does not follow the change");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
});
