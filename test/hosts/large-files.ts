/** Large files on a mount, rewritten under a guest that is at work: revocations and key sets. */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENT, GATES, STATE } from "../cases/gates.ts";
import { ALICE, cookie, HOST, sealed } from "../cases/session-cookies.ts";
import { fileForm } from "../support/forms.ts";
import { rsa, testKey } from "../support/keys.ts";
import { Clock } from "../support/login-host.ts";
import { revocation } from "../support/revocations.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";
import type { Group } from "./memory.ts";
import { Twins } from "./twins.ts";

/** Seconds of a session's longest life: revocations are filed by it. */
const MAX_AGE = 12 * 3600;
/** Seconds after which a guest looks at files again. */
const LOOKS_AGAIN = 6;

function replace(folder: string, name: string, content: string | Buffer): void {
  const file = join(folder, name);
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

const good = sealed(ALICE);
const ended = sealed({ ...ALICE, sid: "ended" });

/** Records of others, and of the session that has ended the last one. */
function records(count: number, now: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, i) =>
      revocation("sid", ISSUER, i === count - 1 ? "ended" : `other-${i}`, now),
    ),
  );
}

export const REVOCATIONS: Group = {
  name: "N revocations",
  sizes: [0, 1, 63, 64, 65, 70, 300, 2000, 4095, 4096, 8192, 10_240],
  async open(host) {
    const clock = new Clock();
    const file = () => `sessions/revoked-${Math.floor(clock.seconds / MAX_AGE)}`;
    const twins = await Twins.load(host, fileForm(GATES.session), {
      ...{ mount: STATE, env: ENVIRONMENT, now: () => clock.ms },
      files: (folder) => mkdirSync(join(folder, "sessions")),
    });
    const ask = async (value: string) => {
      const headers = { Host: HOST, Cookie: cookie(value) };
      return (await twins.handle({ target: "/me", headers })).response.status;
    };
    return {
      async attempt(size) {
        const content = records(size, clock.seconds);
        twins.change((folder) => replace(folder, file(), content));
        clock.pass(LOOKS_AGAIN);
        assert.equal(await ask(ended), size > 0 ? 401 : 200);
        assert.equal(await ask(good), 200);
      },
      close: () => twins.close(),
    };
  },
};

/** As providers publish them: with a certificate that nobody reads. */
const published = (kid: string) => ({
  ...testKey(kid, "ES256").jwk,
  x5c: ["MII".padEnd(1200, "A")],
});

export const KEY_SETS: Group = {
  name: "N keys",
  sizes: [1, 2, 16, 63, 64],
  async open(host) {
    const clock = new Clock();
    const all = Array.from({ length: 63 }, (_, i) => published(`large-${i}`));
    const write = (size: number) => (folder: string) =>
      replace(folder, "keys.json", JSON.stringify({ keys: [...all.slice(0, size - 1), rsa.jwk] }));
    const config = { issuer: ISSUER, clientId: CLIENT, jwksFile: `${STATE}/keys.json` };
    const twins = await Twins.load(host, config, {
      ...{ mount: STATE, files: write(1), now: () => clock.ms },
    });
    const ask = async (bearer: string) => {
      const headers = { Authorization: `Bearer ${bearer}` };
      return (await twins.handle({ target: "/me", headers })).response.status;
    };
    const byLast = await token();
    const byFirst = await token({}, testKey("large-0", "ES256"));
    return {
      async attempt(size) {
        twins.change(write(size));
        clock.pass(LOOKS_AGAIN);
        assert.equal(await ask(byLast), 200);
        assert.equal(await ask(byFirst), size > 1 ? 200 : 401);
      },
      close: () => twins.close(),
    };
  },
};
