/** What ends sessions elsewhere: records in stateDir, what counts and for how long, frames of the provider (Front-Channel Logout 1.0), and that nobody fills the room for others. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { describe, test } from "node:test";
import { reasonOf } from "../support/gate.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { events, HOST, LoginHost, NAVIGATION, ORIGIN, SCRIPT } from "../support/login-host.ts";
import { RECORD_BYTES, revocation } from "../support/revocations.ts";
import { ISSUER } from "../support/tokens.ts";
import { block, STATE } from "./configuration.ts";
import {
  clock,
  folder,
  gate,
  host,
  logoutToken,
  period,
  provider,
  records,
  ROOM,
  seenBy,
  send,
  SUBJECT,
  UNPROVEN_ROOM,
} from "./logout-stage.ts";
describe("signing out", () => {
  test("very often ends all sessions of whoever does, and takes no room from others", async () => {
    const jars: CookieJar[] = [];
    for (let i = 0; i < 60; i++) {
      clock.pass(1);
      provider.idToken = { sid: `often-${i}` };
      host.jar = new CookieJar();
      await host.signIn();
      jars.push(host.jar.copy());
      // The gate has read what was there before.
      if (i % 20 === 19) assert.equal(await seenBy(jars[i]), "none");
      assert.equal((await host.visit("/oidc/logout")).response.status, 302);
      if (i % 20 === 19) assert.equal(await seenBy(jars[i]), "session_revoked");
    }
    assert.equal(records().length, 17 * RECORD_BYTES);
    assert.equal(await seenBy(jars[0]), "session_revoked");
    for (const jar of jars) {
      const headers = { Host: HOST, Cookie: jar.header("/")! };
      assert.equal(reasonOf(await gate.handle({ target: "/a", headers })), "session_revoked");
    }
    clock.pass(1);
    provider.idToken = { sid: "often-last" };
    host.jar = new CookieJar();
    await host.signIn();
    assert.equal(await seenBy(), "none");
    assert.equal(records().length, 17 * RECORD_BYTES);
  });

  test("where there is no room, one who has signed out often still can", async () => {
    const often = Array.from({ length: 16 }, (_, i) =>
      revocation("sid", ISSUER, `s-${i}`, clock.seconds, SUBJECT),
    );
    const all = revocation("subject", ISSUER, SUBJECT, clock.seconds - 100);
    const others = Buffer.alloc(ROOM - 17 * RECORD_BYTES, 7);
    folder.write(`revoked-${period()}`, Buffer.concat([...often, others, all]));
    assert.equal(await seenBy(), "none");
    assert.equal((await host.visit("/oidc/logout", { jar: host.jar.copy() })).response.status, 302);
    assert.equal(await seenBy(), "session_revoked");
    assert.equal(records().length, ROOM);
  });

  const FULL: [string, () => void][] = [
    ["there is no room", () => folder.write(`revoked-${period()}`, Buffer.alloc(ROOM))],
    ["nothing can be written", () => mkdirSync(folder.path(`revoked-${period()}`))],
  ];
  for (const [name, fill] of FULL) {
    test(`where ${name}, people and programs are told so`, async () => {
      fill();
      const events503 = ["revocation_not_written", "sign_out_incomplete"];
      const page = await host.visit("/oidc/logout", { jar: host.jar.copy() });
      assert.equal(page.response.status, 503);
      assert.deepEqual(events(page), events503);
      assert.equal(page.logs.at(-1)?.data?.reason, "sign_out_not_written");
      const text = page.response.body.toString();
      assert.match(text, /You are signed out here only/);
      assert.match(text, /href="https:\/\/sso\.example\.com\/realms\/main\/end\?/);
      const german = { ...NAVIGATION, "Accept-Language": "de" };
      const seite = await host.visit("/oidc/logout", { jar: host.jar.copy(), headers: german });
      assert.match(seite.response.body.toString(), /Sie sind nur hier abgemeldet/);
      const button = { ...NAVIGATION, Origin: ORIGIN, "Sec-Fetch-Site": "same-origin" };
      const posted = await host.visit("/oidc/logout", {
        ...{ method: "POST", headers: button, jar: host.jar.copy() },
      });
      assert.equal(posted.response.status, 503);
      assert.match(posted.response.headers.get("Content-Type")!, /^text\/html/);
      for (const method of ["GET", "POST"]) {
        const jar = host.jar.copy();
        const headers = { ...SCRIPT, Origin: ORIGIN };
        const { response } = await host.visit("/oidc/logout", { method, headers, jar });
        assert.equal(response.status, 503);
        assert.equal(JSON.parse(response.body.toString()).code, "sign_out_incomplete");
        assert.equal(response.headers.get("Cache-Control"), "no-store");
        assert.deepEqual(jar.names(), [], "the browser forgets the session all the same");
      }
      // The session that is left is what was told.
      if (name.includes("room")) assert.equal(await seenBy(), "none");
    });
  }
});

describe("in a frame", () => {
  const frame = { ...NAVIGATION, "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site" };
  const end = (query: Record<string, string>, jar: CookieJar | null = null) =>
    host.visit(`/oidc/frontchannel-logout?${new URLSearchParams(query)}`, { headers: frame, jar });

  test("ends the session that is named, and only the provider may frame it", async () => {
    const { response } = await end({ iss: ISSUER, sid: "sid-1" });
    assert.equal(response.status, 200);
    assert.match(
      response.headers.get("Content-Security-Policy")!,
      /frame-ancestors https:\/\/sso\.example\.com$/,
    );
    assert.equal(await seenBy(), "session_revoked");
  });

  test("clears the cookies where the browser sends them", async () => {
    await end({ iss: ISSUER, sid: "sid-1" }, host.jar);
    assert.equal(host.jar.get(COOKIE), undefined);
  });

  test("of another issuer, without one, without a session, of another session: nothing", async () => {
    for (const query of [
      { iss: "https://evil.example", sid: "sid-1" },
      { sid: "sid-1" },
      { iss: ISSUER },
      { iss: ISSUER, sid: "" },
    ] as Record<string, string>[]) {
      assert.equal((await end(query, host.jar)).response.status, 200);
    }
    assert.equal(records().length, 0);
    await end({ iss: ISSUER, sid: "sid-9" }, host.jar);
    assert.ok(host.jar.get(COOKIE));
    assert.equal(await seenBy(), "none");
  });

  test("whoever makes names up fills a share of a room of their own", async () => {
    const madeUp = (i: number, remote: string) =>
      host.visit(
        `/oidc/frontchannel-logout?${new URLSearchParams({ iss: ISSUER, sid: `m-${i}` })}`,
        {
          ...{ headers: frame, jar: null, remote },
        },
      );
    for (let i = 0; i < 128; i++) {
      const remote = i % 2 ? "[2001:db8:1:2::3]:4711" : `[2001:db8:1:${i}::1]:4711`;
      assert.equal((await madeUp(i, remote)).response.status, 200);
    }
    const full = await madeUp(128, "[2001:db8:1:ffff::1]:4711");
    assert.equal(full.response.status, 503);
    assert.deepEqual(events(full), ["revocation_not_written"]);
    assert.equal((await madeUp(1, "[2001:db8:1::1]:4711")).response.status, 200, "it is there");
    assert.equal(records("unproven").length, 128 * RECORD_BYTES);
    assert.equal(records().length, 0);
    // Another network has its own share, and so has another address.
    for (const remote of ["[2001:db8:2::1]:4711", "192.0.2.1:4711", "192.0.2.2:4711"]) {
      assert.equal((await madeUp(200, remote)).response.status, 200);
    }
    assert.equal(await seenBy(), "none");
  });

  test("however full that is, the session's own frame and the provider's word count", async () => {
    folder.write(`unproven-${period()}`, Buffer.alloc(UNPROVEN_ROOM));
    const stranger = await end({ iss: ISSUER, sid: "sid-1" });
    assert.equal(stranger.response.status, 503);
    assert.equal(await seenBy(), "none");
    const old = host.jar.copy();
    assert.equal((await end({ iss: ISSUER, sid: "sid-1" }, host.jar)).response.status, 200);
    assert.equal(await seenBy(old), "session_revoked");
    assert.equal((await send(`logout_token=${await logoutToken()}`)).response.status, 200);
    assert.equal(records("unproven").length, UNPROVEN_ROOM);
  });

  test("however many of the others there are, a frame counts", async () => {
    folder.write(`revoked-${period()}`, Buffer.alloc(ROOM));
    assert.equal((await end({ iss: ISSUER, sid: "sid-1" })).response.status, 200);
    assert.equal(await seenBy(), "session_revoked");
  });

  test("and with both full, the gate can read them", async () => {
    for (const at of [period(), period() - 1]) {
      folder.write(`revoked-${at}`, Buffer.alloc(ROOM));
      folder.write(`unproven-${at}`, Buffer.alloc(UNPROVEN_ROOM));
    }
    const { response } = await send(`logout_token=${await logoutToken()}`);
    assert.equal(response.status, 503, "the provider may try again");
    assert.equal(await seenBy(), "none");
  });
});

describe("revocations", () => {
  test("are looked at once in revocationTtl", async () => {
    assert.equal(await seenBy(), "none");
    await send(`logout_token=${await logoutToken()}`);
    const headers = { Host: HOST, Cookie: host.jar.header("/")! };
    clock.pass(4);
    assert.equal(reasonOf(await gate.handle({ target: "/a", headers })), "none");
    clock.pass(1);
    assert.equal(reasonOf(await gate.handle({ target: "/a", headers })), "session_revoked");
  });

  test("of the period before count, those of before that are gone", async () => {
    const record = revocation("sid", ISSUER, "sid-1", clock.seconds);
    folder.write(`revoked-${period() - 1}`, record);
    assert.equal(await seenBy(), "session_revoked");
    folder.clear();
    folder.write(`revoked-${period() - 2}`, record);
    assert.equal(await seenBy(), "none");
    await send(`logout_token=${await logoutToken({ sid: "sid-5" })}`);
    assert.ok(!folder.list().includes(`revoked-${period() - 2}`));
    folder.write(`unproven-${period() - 1}`, record);
    assert.equal(await seenBy(), "session_revoked");
    folder.clear();
    folder.write(`unproven-${period() - 2}`, record);
    assert.equal(await seenBy(), "none");
    await host.visit(
      `/oidc/frontchannel-logout?${new URLSearchParams({ iss: ISSUER, sid: "s" })}`,
      {
        jar: null,
      },
    );
    assert.deepEqual(folder.list(), [`unproven-${period()}`]);
  });

  test("as they were written before, without an owner, are known", async () => {
    folder.write(`revoked-${period()}`, revocation("sid", ISSUER, "sid-1", clock.seconds));
    assert.equal((await host.visit("/oidc/logout", { jar: host.jar.copy() })).response.status, 302);
    assert.equal(records().length, RECORD_BYTES);
    assert.equal(await seenBy(), "session_revoked");
  });

  test("of one subject by the provider are one record, of the latest time", async () => {
    for (let i = 0; i < 3; i++) {
      clock.pass(1);
      const token = await logoutToken({ sid: undefined });
      assert.equal((await send(`logout_token=${token}`)).response.status, 200);
      // The latest, not what came last.
      const late = await logoutToken({ sid: undefined, iat: clock.seconds - 90 });
      assert.equal((await send(`logout_token=${late}`)).response.status, 200);
    }
    const [record] = [records()];
    assert.equal(record.length, RECORD_BYTES);
    assert.equal(Number(record.readBigInt64BE(24)), clock.seconds + 1);
  });

  for (const [whose, written] of [
    // So many that each one more ends all of the subject's sessions, for which there is a record already.
    [
      "a subject's",
      () => [
        ...Array.from({ length: 16 }, (_, i) =>
          revocation("sid", ISSUER, `sid-${i + 100}`, clock.seconds - 60, SUBJECT),
        ),
        revocation("subject", ISSUER, SUBJECT, clock.seconds - 60),
      ],
    ],
    // The provider gave it again after a sign-out here.
    ["a session's", () => [revocation("sid", ISSUER, "sid-1", clock.seconds - 60, SUBJECT)]],
  ] as const) {
    test(`${whose} that cannot be moved on is not said to be written`, async () => {
      const readOnly = await LoginHost.start(block({ stateDir: STATE }), {
        ...{ mounts: folder.mounts.map((it) => `${it}:ro`), clock, provider },
      });
      folder.write(`revoked-${period()}`, Buffer.concat(written()));
      const before = records();
      readOnly.jar = host.jar.copy();
      const result = await readOnly.visit("/oidc/logout");
      assert.deepEqual(events(result), ["revocation_not_written", "sign_out_incomplete"]);
      assert.deepEqual(records(), before);
      // Where it can be, it is moved, and holds.
      const signedIn = host.jar.copy();
      assert.deepEqual(events(await host.visit("/oidc/logout")), ["signed_out"]);
      assert.equal(records().length, before.length);
      assert.equal(await seenBy(signedIn), "session_revoked");
    });
  }

  test("of another issuer are nothing", async () => {
    folder.write(
      `revoked-${period()}`,
      revocation("sid", "https://evil.example", "sid-1", clock.seconds),
    );
    assert.equal(await seenBy(), "none");
  });

  test("that cannot be read refuse sessions until they can", async () => {
    mkdirSync(folder.path(`revoked-${period()}`));
    assert.equal(await seenBy(), "revocations_unreadable");
    const info = await host.visit("/oidc/session", { headers: SCRIPT });
    assert.equal(info.response.status, 401);
    folder.clear();
    assert.equal(await seenBy(), "none");
  });
});
