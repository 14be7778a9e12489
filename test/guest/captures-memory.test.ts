/** What rules capture while they try: however many there are, and however long the path, it takes few pages. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadGate, request } from "../support/gate.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";

/** What a guest may grow to by one request of whatever size. */
const PAGES = 20;
/** `PATH_BYTES` of the shortest segments there are. */
const LONGEST = "/a".repeat(4096);

/** Patterns that try at each segment, each in its own way. */
const PATTERNS: Record<string, (i: number) => string> = {
  "a name behind `**`": (i) => `/**/{t}/x${i}`,
  "a name between two `**`": (i) => `/**/{t}/**/x${i}`,
  "eight names": (i) => `/**/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{t}/x${i}`,
  "a name, and a wildcard in its segment": (i) => `/**/{t}/*x${i}`,
};

for (const [what, pattern] of Object.entries(PATTERNS)) {
  describe(what, () => {
    for (const count of [1, 64, 510]) {
      test(`${count} rules`, async (context) => {
        const guest = await loadGate({
          issuer: ISSUER,
          clientId: CLIENT,
          jwks: JSON.stringify(keySet(rsa)),
          rules: Array.from({ length: count }, (_, i) => ({
            match: `Path(\`${pattern(i)}\`)`,
            allow: "Contains(`tenants`, `{t}`)",
          })),
        });
        assert.equal(guest.check().errors, 0);
        const bearer = await token({ tenants: ["a"] });
        const targets = [LONGEST, `${LONGEST.slice(0, -3)}/x0`, "/a/x0"];
        for (let round = 0; round < 3; round++) {
          for (const target of targets) {
            const { response } = await request(guest, bearer, target);
            assert.ok([200, 403].includes(response.status), `${response.status}`);
          }
        }
        context.diagnostic(`${guest.pages} pages`);
        assert.ok(guest.pages <= PAGES, `${guest.pages} pages`);
      });
    }
  });
}
