/**
 * What `migrate` writes lets nobody in whom the original did not: random configurations of each tool, a model of its
 * decision by its own documentation, and the plugin with the migrated block.
 * ROLEGATE_MIGRATE_CASES=20000 tries that many decisions of each, ROLEGATE_SEED others.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authelia } from "./never-wider/authelia.ts";
import { compare, type Draw } from "./never-wider/compare.ts";
import { nginx } from "./never-wider/nginx.ts";
import { oauth2Proxy } from "./never-wider/oauth2-proxy.ts";
import { jwtMiddleware, traefikHub, traefikOidc, traefikOidcAuth } from "./never-wider/plugins.ts";

const CASES = Number(process.env.ROLEGATE_MIGRATE_CASES ?? 8000);

const TOOLS: Record<string, Draw> = {
  "oauth2-proxy": oauth2Proxy,
  Authelia: authelia,
  nginx,
  traefikoidc: traefikOidc,
  "traefik-oidc-auth": traefikOidcAuth,
  "jwt-middleware": jwtMiddleware,
  "Traefik Hub": traefikHub,
};

for (const [name, draw] of Object.entries(TOOLS)) {
  describe(name, () => {
    test(`${CASES} decisions: nobody gets in whom it did not let in`, async (t) => {
      const { cases, tool, block, wrong, wider } = await compare(name, draw, CASES);
      assert.deepEqual(wider, [], wider.join("\n\n"));
      assert.deepEqual(wrong, [], wrong[0]);
      t.diagnostic(`${cases} decisions, ${tool} let in by the tool, ${block} of them by the block`);
      // Else it would say nothing: there is somebody to be let in, and most of them are.
      assert.ok(tool > cases / 20, `${tool} of ${cases}`);
      assert.ok(block > tool / 4, `${block} of ${tool}`);
    });
    test("a block that lets more in is found", async () => {
      const { wider } = await compare(name, draw, CASES, (draft) => {
        draft.rules = [{ match: "PathPrefix(`/`)", allow: "authenticated" }];
        draft.block.default = "authenticated";
      });
      assert.ok(wider.length > 0);
    });
  });
}
