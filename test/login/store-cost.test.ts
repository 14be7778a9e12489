/** What several Traefiks share costs nothing where requests are decided: host calls and file accesses are the same without it. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { block, STATE } from "./configuration.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { Clock, HOST, LoginHost, SCRIPT } from "../support/login-host.ts";
import { token } from "../support/tokens.ts";
import { StateFolder } from "./state-folder.ts";

const folder = new StateFolder();
after(() => folder.remove());
const STORE = { store: { kind: "etcd" } };
const READ = stateFile("store-read", "rolegate/");
/** `session.revocationTtl` as it is. Seconds. */
const LOOK = 5;

/** The calls of requests of one guest, each after so many seconds. */
async function callsOf(
  more: Record<string, unknown>,
  credential: "session" | "token",
  pauses: number[],
): Promise<string[][]> {
  folder.clear();
  const clock = new Clock();
  const config = block({ stateDir: STATE, logLevel: "info", audit: "off", ...more });
  const login = await LoginHost.start(config, { mounts: folder.mounts, clock });
  await login.signIn();
  const gate = await loadGate(fileForm(config), { mounts: folder.mounts, now: () => clock.ms });
  const headers: Record<string, string> =
    credential === "session"
      ? { Cookie: login.jar.header("/")! }
      : { Authorization: `Bearer ${await token()}` };
  const all: string[][] = [];
  for (const pause of pauses) {
    clock.pass(pause);
    // As mode store leaves it when it has read.
    folder.write(READ, "");
    folder.touch(READ, clock.seconds);
    const { calls, response } = await gate.handle({
      target: "/a",
      headers: { Host: HOST, ...SCRIPT, ...headers },
    });
    assert.equal(response.status, 200);
    all.push(calls);
  }
  return all;
}

for (const credential of ["session", "token"] as const) {
  describe(`a request with a ${credential}`, () => {
    const pauses = [0, 0, 1, 1, 1];
    test("while revocations are known: the same calls", async () => {
      const [without, shared] = [
        await callsOf({}, credential, pauses),
        await callsOf(STORE, credential, pauses),
      ];
      assert.deepEqual(shared.slice(1), without.slice(1));
    });

    test("at a look at the revocations: one more, at the age of what is known", async () => {
      const [without, shared] = [
        await callsOf({}, credential, [0, 0, LOOK + 1]),
        await callsOf(STORE, credential, [0, 0, LOOK + 1]),
      ];
      const more = shared.at(-1)!.length - without.at(-1)!.length;
      assert.ok(
        more >= 0 && more <= 1,
        `${without.at(-1)!.join(" ")}\n${shared.at(-1)!.join(" ")}`,
      );
    });
  });
}
