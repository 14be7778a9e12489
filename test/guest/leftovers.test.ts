/** What an earlier request left in the guest's memory is not read: not where a shorter one would need it to be right. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ENVIRONMENT, GATES, SECRET } from "../cases/gates.ts";
import { ALICE, chunks, HOST, sealed } from "../cases/session-cookies.ts";
import { loadGate, reasonOf, request } from "../support/gate.ts";
import { rsa } from "../support/keys.ts";
import { hmacToken, token } from "../support/tokens.ts";

/** Gate, and a token that it lets pass. */
const GOOD: [gate: "hmac" | "main", good: string][] = [
  ["hmac", hmacToken(rsa, SECRET)],
  ["main", await token()],
];

describe("a token whose end is missing, in the place of a good one", () => {
  for (const [gate, good] of GOOD) {
    test(gate, async () => {
      const guest = await loadGate(GATES[gate], { env: ENVIRONMENT });
      const signature = good.split(".")[2]!.length;
      for (let missing = 1; missing <= signature; missing++) {
        assert.equal(reasonOf(await request(guest, good)), "none");
        const result = await request(guest, good.slice(0, -missing));
        assert.equal(result.response.status, 401);
        const left = (signature - missing) % 4;
        if (left === 1) assert.equal(reasonOf(result), "token_base64url", `${missing} missing`);
      }
    });
  }
});

describe("a session in chunks whose end is missing, in the place of a good one", () => {
  for (const sid of ["", "1", "12"]) {
    test(`sid "${sid}"`, async () => {
      const guest = await loadGate({ ...GATES.session, stateDir: undefined }, { env: ENVIRONMENT });
      const reasonOfCookies = async (cookies: string[]) => {
        const headers = { Host: HOST, Cookie: cookies.join("; ") };
        return reasonOf(await guest.handle({ target: "/me", headers }));
      };
      const good = chunks(sealed({ ...ALICE, sid }), 2);
      for (let missing = 1; missing <= 9; missing++) {
        assert.equal(await reasonOfCookies(good), "none");
        const cut = good.with(-1, good.at(-1)!.slice(0, -missing));
        assert.equal(await reasonOfCookies(cut), "session_invalid", `${missing} missing`);
      }
    });
  }
});
