/** Configurations of the corpus in a real Traefik: what is wrong is said at start, and every request is answered 500. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { ec, keySet } from "../support/keys.ts";
import { send } from "../support/wire.ts";
import { assertWhole, classesWith } from "./corpus.ts";
import { base } from "./gates.ts";

/** The key set of another issuer. */
const jwks = JSON.stringify(keySet(ec));

for (const attacks of classesWith("configuration")) {
  describe(attacks.class, () => {
    let upstream: Upstream;
    let traefik: Traefik;
    before(async () => {
      upstream = await startUpstream();
      const blocks = attacks.cases.map(({ configuration }) =>
        JSON.parse(
          JSON.stringify({ ...base, ...configuration }).replaceAll(
            '"{jwks}"',
            JSON.stringify(jwks),
          ),
        ),
      );
      traefik = await startTraefik({
        dynamic: {
          http: {
            routers: Object.fromEntries(
              blocks.map((_, number) => [
                `r${number}`,
                {
                  rule: `Header(\`X-Case\`, \`${number}\`)`,
                  service: "app",
                  middlewares: [`m${number}`],
                },
              ]),
            ),
            services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
            middlewares: Object.fromEntries(
              blocks.map((block, number) => [`m${number}`, { plugin: { rolegate: block } }]),
            ),
          },
        },
      });
    });
    after(async () => {
      await traefik?.stop();
      await upstream?.stop();
      console.log(`attack: ${attacks.class}: ${attacks.cases.length} cases`);
    });

    test("each case expects something", () => assertWhole(attacks));
    attacks.cases.forEach(({ name, error }, number) =>
      test(name, async () => {
        const headers = { "X-Case": String(number), Host: "app.example.com" };
        const { status } = await send(Number(new URL(traefik.url).port), { target: "/", headers });
        assert.equal(status, 500);
        assert.deepEqual(upstream.received, []);
        // Guests say the same of each configuration; which one it was says the path of the key.
        const line = await traefik.log.waitForGuest(
          (it) => it.severity === "error" && String(it.path).startsWith(error!),
        );
        assert.ok(String(line.message).length > 10, JSON.stringify(line));
      }),
    );
  });
}
