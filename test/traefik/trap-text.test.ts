/**
 * What a client sees of a trap, on the least Traefik and the newest: wazero's words, with Traefik as it is; nothing, with
 * the `errors` middleware that SECURITY.md shows. And what that costs, which is why nothing here has it by itself.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse } from "yaml";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { probeWasm } from "../support/probe.ts";
import { send } from "../support/wire.ts";
import { binaryOf } from "./releases.ts";
import { converse } from "./socket.ts";

/** As SECURITY.md has it. */
const shown = /`(errors: \{.*?\})`/.exec(readFileSync(join(root, "SECURITY.md"), "utf8"))![1]!;
const TRAP_TEXT = /wasm|unreachable|recovered|0x/;
/** Steps of the probe that end it: its own trap, and Go's panic in a call to the host. */
const TRAPS = { "a trap of the guest": "trap", "a panic of the host": "set-uri %zz" };

for (const version of ["3.3.2", "3.7.15"] as const) {
  describe(`Traefik ${version}`, () => {
    const folder = temporaryFolder("trap-text");
    let upstream: Upstream;
    let traefik: Traefik;

    before(async () => {
      const probe = join(folder.path, "probe");
      mkdirSync(probe);
      copyFileSync(join(root, ".traefik.yml"), join(probe, ".traefik.yml"));
      copyFileSync(probeWasm(), join(probe, "plugin.wasm"));
      upstream = await startUpstream();
      const host = (name: string) => `Host(\`${name}\`)`;
      const router = (name: string, ...middlewares: string[]) => ({
        [name]: { rule: host(name), service: "app", middlewares },
      });
      traefik = await startTraefik({
        binary: await binaryOf(version),
        morePlugins: { probe: { module: "probe", folder: probe } },
        dynamic: {
          http: {
            routers: {
              ...router("open", "probe"),
              ...router("hidden", "quiet", "probe"),
              ...router("wrong", "wrong"),
              ...router("wrong-hidden", "quiet", "wrong"),
            },
            services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
            middlewares: {
              quiet: parse(shown) as Tree,
              probe: { plugin: { probe: {} } },
              wrong: { plugin: { rolegate: { isuer: "https://sso.example.com" } } },
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

    async function ask(host: string, steps = "", target = "/", after = "") {
      const headers = { Host: host, "X-Probe": steps, "X-Probe-After": after };
      const answer = await send(Number(new URL(traefik.url).port), { target, headers });
      return { ...answer, text: answer.body.toString("latin1") };
    }

    for (const [name, steps] of Object.entries(TRAPS)) {
      test(`${name} is shown, unless the middleware is there`, async () => {
        const open = await ask("open", steps);
        assert.equal(open.status, 500);
        assert.match(open.text, TRAP_TEXT);
        const hidden = await ask("hidden", steps);
        assert.deepEqual([hidden.status, hidden.text], [500, ""]);
      });
    }

    test("a trap after the application's answer shows nothing, with it and without", async () => {
      for (const host of ["open", "hidden"]) {
        const { text } = await ask(host, "", "/", "trap");
        assert.doesNotMatch(text, TRAP_TEXT);
      }
    });

    test("it costs what the application says with a 500", async () => {
      assert.match((await ask("open", "", "/?upstream=error")).text, /"method"/);
      const hidden = await ask("hidden", "", "/?upstream=error");
      assert.deepEqual([hidden.status, hidden.text], [500, ""]);
    });

    test("and what the plugin says of a wrong configuration", async () => {
      assert.match((await ask("wrong")).text, /"code":"config_error"/);
      const hidden = await ask("wrong-hidden");
      assert.deepEqual([hidden.status, hidden.text], [500, ""]);
    });

    test("it leaves other answers, streams and WebSockets as they are", async () => {
      assert.match((await ask("hidden")).text, /"method"/);
      const url = `${traefik.url}/socket`;
      const talk = await converse(url, "hello", { Host: "hidden", "X-Probe": "" });
      assert.deepEqual([talk.status, talk.echo], [101, "hello"]);
      const stream = await fetchStream(`${traefik.url}/?upstream=stream`, "hidden");
      assert.match(stream, /^data: 1\n/);
    });
  });
}

/** The first piece of an answer that does not end. */
function fetchStream(url: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, headers: { Host: host } }, (response) => {
      response.once("data", (piece: Buffer) => {
        resolve(piece.toString());
        sent.destroy();
      });
      response.on("error", () => {});
    });
    sent.on("error", reject);
    sent.end();
  });
}
