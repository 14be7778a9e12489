/** Where sessions end: mode login with stateDir and without, a provider, and a gate on another Traefik. */
import { after, before, beforeEach } from "node:test";
import { loadGate, reasonOf } from "../support/gate.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { rsa } from "../support/keys.ts";
import { Clock, HOST, LoginHost } from "../support/login-host.ts";
import { type Claims, CLIENT, ISSUER, signed } from "../support/tokens.ts";
import type { Guest } from "../../src/guest/guest.ts";
import { block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

export const folder = new StateFolder();
export const clock = new Clock();
export const provider = new FakeProvider(() => clock.seconds);
export let host: LoginHost;
export let alone: LoginHost;
/** In front of the application, on another Traefik. */
export let gate: Guest;

before(async () => {
  const config = block({ stateDir: STATE });
  host = await LoginHost.start(config, { mounts: folder.mounts, clock, provider });
  alone = await LoginHost.start(block(), { clock, provider });
  gate = await loadGate(fileForm(config), { mounts: folder.mounts, now: () => clock.ms });
});
after(() => folder.remove());
beforeEach(async () => {
  folder.clear();
  provider.reset();
  // Files have the time of the machine.
  clock.ms = Math.floor(Date.now() / 1000) * 1000;
  host.jar = new CookieJar();
  // The gate sees that nothing is there: what has another size was read.
  await gate.handle({ target: "/a", headers: { Host: HOST } });
  await host.signIn();
});

/** alice's, and the room for what is proven in one period. */
export const SUBJECT = "8d6f3a6e-0001";
export const ROOM = 128 * 1024;
export const UNPROVEN_ROOM = 32 * 1024;

export const period = () => Math.floor(clock.seconds / 43_200);
export const records = (kind = "revoked"): Buffer => {
  const name = `${kind}-${period()}`;
  return folder.list().includes(name) ? folder.read(name) : Buffer.alloc(0);
};

/** What the application's gate says to alice's cookie, when it has looked again. */
export async function seenBy(jar = host.jar): Promise<unknown> {
  clock.pass(5);
  const headers = { Host: HOST, Cookie: jar.header("/")! };
  return reasonOf(await gate.handle({ target: "/a", headers }));
}

/** A logout token as it should be. */
export const logoutToken = (
  changes: Claims = {},
  header: Claims = { typ: "logout+jwt" },
  key = rsa,
) =>
  signed(
    JSON.parse(
      JSON.stringify({
        ...{ iss: ISSUER, aud: CLIENT, sub: "8d6f3a6e-0001", sid: "sid-1" },
        ...{ iat: clock.seconds, exp: clock.seconds + 120, jti: `jti-${Math.random()}` },
        events: { "http://schemas.openid.net/event/backchannel-logout": {} },
        ...changes,
      }),
    ) as Claims,
    key,
    header,
  );

export const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
export const send = (body: string, headers: Record<string, string> = FORM, to = host) =>
  to.visit("/oidc/backchannel-logout", { method: "POST", headers, body, jar: null });
