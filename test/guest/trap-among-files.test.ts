/** A trap while files are read: the next request of the guest knows what they say, whatever it was that trapped. */
import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { ENVIRONMENT, GATES, PERIOD, STATE } from "../cases/gates.ts";
import { ALICE, cookie, HOST, sealed } from "../cases/session-cookies.ts";
import { loadGate, reasonOf, request } from "../support/gate.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { revocation } from "../support/revocations.ts";
import { ISSUER, seconds, token } from "../support/tokens.ts";

/** Host calls of a request, and more. */
const CALLS = 40;

/** Writes files a while before the guest looks at them again, and has it trap in every place as it does. */
async function eachTrap(
  config: Record<string, unknown>,
  files: [name: string, before: string | Buffer, after: string | Buffer],
  ask: (guest: Awaited<ReturnType<typeof loadGate>>) => ReturnType<typeof request>,
  [first, then]: [string, string],
): Promise<void> {
  const [name, before, after] = files;
  let trapped = 0;
  for (let call = 1; call <= CALLS; call++) {
    const folder = temporaryFolder("trap");
    let now = Date.now();
    let left = 0;
    const guest = await loadGate(config, {
      env: ENVIRONMENT,
      mounts: [`${folder.path}:${STATE}`],
      now: () => now,
      onCall() {
        if (left > 0 && --left === 0) throw new Error("the test lets it fail");
      },
    });
    const path = join(folder.path, name);
    const write = (content: string | Buffer) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      utimesSync(path, now / 1000 - 60, now / 1000 - 60);
    };
    write(before);
    now += 6000;
    assert.equal(reasonOf(await ask(guest)), first);
    write(after);
    now += 6000;
    left = call;
    if ((await ask(guest)).trap) trapped++;
    left = 0;
    assert.equal(reasonOf(await ask(guest)), then, `after a trap at host call ${call}`);
    folder.remove();
  }
  assert.ok(trapped > 10 && trapped < CALLS, `${trapped} trapped`);
}

describe("the next request after a trap", () => {
  test("knows that a session was revoked", async () => {
    const headers = { Host: HOST, Cookie: cookie(sealed(ALICE)) };
    const record = revocation("subject", ISSUER, ALICE.subject, seconds());
    await eachTrap(
      GATES.session,
      [`sessions/revoked-${PERIOD}`, Buffer.alloc(32), Buffer.concat([Buffer.alloc(32), record])],
      (guest) => guest.handle({ target: "/me", headers }),
      ["none", "session_revoked"],
    );
  });

  test("knows that a key was taken away", async () => {
    const good = await token();
    const [both, one] = [keySet(rsa, ec), keySet(ec)].map((it) => JSON.stringify(it));
    await eachTrap(GATES.file, ["keys.json", both!, one!], (guest) => request(guest, good), [
      "none",
      "key_unknown",
    ]);
  });
});
