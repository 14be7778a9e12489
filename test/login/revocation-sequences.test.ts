/** Random sequences of signing in and of all that ends sessions: each session lives exactly as long as a model says. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CookieJar } from "../support/cookie-jar.ts";
import { type Dice, diceFor } from "../support/dice.ts";
import { reasonOf } from "../support/gate.ts";
import { HOST, NAVIGATION } from "../support/login-host.ts";
import { ISSUER } from "../support/tokens.ts";
import { clock, folder, gate, host, logoutToken, provider, send } from "./logout-stage.ts";

const SEQUENCES = 12;
const STEPS = 20;
/** Of the configuration's `clockSkew`, which a logout token's time is given. */
const SKEW = 30;
/** The provider's sessions, few enough to be given again. */
const SIDS = ["a", "b"];

interface Session {
  jar: CookieJar;
  sid: string;
  /** A second later where an end of this very second came before. */
  signedIn: number;
}

/** Ends the sessions of a `sid`, or all of the user's where it has none, that were signed in by then. */
interface End {
  sid: string | null;
  until: number;
}

/** The latest end of those sessions. */
const latest = (ends: End[], sid: string | null) =>
  Math.max(...ends.filter((end) => end.sid === sid).map(({ until }) => until));

async function signIn(sid: string, ends: End[]): Promise<Session> {
  provider.idToken = { sid };
  host.jar = new CookieJar();
  await host.signIn();
  const now = clock.seconds;
  const isLater = [sid, null].some((it) => latest(ends, it) === now);
  return { jar: host.jar.copy(), sid, signedIn: isLater ? now + 1 : now };
}

const signOut = (session: Session) => host.visit("/oidc/logout", { jar: session.jar.copy() });

/** By the provider: a logout token for a session or, `age` seconds old, for all of the user's; or a frame. */
const WAYS: ((dice: Dice, session: Session) => Promise<End>)[] = [
  async (_, session) => {
    const { response } = await signOut(session);
    assert.equal(response.status, 302);
    return { sid: session.sid, until: Math.max(clock.seconds, session.signedIn) };
  },
  async (_, { sid }) => {
    const { response } = await send(`logout_token=${await logoutToken({ sid })}`);
    assert.equal(response.status, 200);
    return { sid, until: Infinity };
  },
  async (dice) => {
    const age = dice.below(60);
    const claims = { sid: undefined, iat: clock.seconds - age };
    const { response } = await send(`logout_token=${await logoutToken(claims)}`);
    assert.equal(response.status, 200);
    return { sid: null, until: clock.seconds - Math.max(age - SKEW, 0) + 1 };
  },
  async (dice, { jar, sid }) => {
    const target = `/oidc/frontchannel-logout?iss=${encodeURIComponent(ISSUER)}&sid=${sid}`;
    const headers = { ...NAVIGATION, "Sec-Fetch-Dest": "iframe" };
    await host.visit(target, { headers, jar: dice.chance(2) ? jar.copy() : null });
    return { sid, until: Infinity };
  },
];

const isEnded = ({ sid, signedIn }: Session, ends: End[]) =>
  ends.some((end) => (end.sid === null || end.sid === sid) && signedIn <= end.until);

/** Two changes within a tick of the machine would have one time: files get the time of the test's clock. */
function stampFiles(): void {
  for (const name of folder.list()) folder.touch(name, clock.seconds);
}

async function checkAll(sessions: Session[], ends: End[], story: string[]): Promise<void> {
  stampFiles();
  // The gate looks again.
  clock.pass(5);
  for (const session of sessions) {
    const headers = { Host: HOST, Cookie: session.jar.header("/")! };
    const reason = reasonOf(await gate.handle({ target: "/a", headers }));
    const wanted = isEnded(session, ends) ? "session_revoked" : "none";
    assert.equal(reason, wanted, `${session.sid} of ${session.signedIn}: ${story.join("; ")}`);
  }
}

describe("sessions end where they are to, and no other does", () => {
  for (let number = 0; number < SEQUENCES; number++) {
    test(`sequence ${number}`, async () => {
      const dice = diceFor(`revocations ${number}`);
      const sessions: Session[] = [];
      const ends: End[] = [];
      const story: string[] = [];
      for (let step = 0; step < STEPS; step++) {
        clock.pass(dice.pick([0, 0, 1, 3, 10]));
        if (sessions.length === 0 || dice.chance(2)) {
          sessions.push(await signIn(dice.pick(SIDS), ends));
          story.push(`in ${sessions.at(-1)!.sid} ${clock.seconds}`);
        } else {
          // What ends a provider's session for ever is rare, or nothing would be left.
          const way = dice.chance(4) ? dice.below(WAYS.length) : 0;
          ends.push(await WAYS[way]!(dice, dice.pick(sessions)));
          story.push(`way ${way} ${JSON.stringify(ends.at(-1))}`);
        }
        await checkAll(sessions, ends, story);
      }
      assert.ok(sessions.some((it) => isEnded(it, ends)));
    });
  }
});
