/**
 * Sealed values of another form than this version's: with the right seal, as only who has the secret can make them, and
 * read as none all the same. Each differs from a good one by one thing.
 */
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { fields, readFields } from "../../src/session/fields.ts";
import type { Purpose } from "../../src/session/keys.ts";
import { open, seal } from "../../src/session/seal.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { events, LoginHost, SCRIPT } from "../support/login-host.ts";
import { block, PLACE, SECRET } from "./configuration.ts";

const REFRESH = "__Secure-rolegate-refresh";
const ATTEMPT = "__Host-rolegate-login-";
/** Characters of an attempt's id. */
const ID = 12;

type Change = (list: Uint8Array[]) => Uint8Array[];

const empty = new Uint8Array();
const replaced = (at: number, value: Uint8Array): Change => {
  return (list) => list.map((it, i) => (i === at ? value : it));
};
const BROKEN = replaced(3, Buffer.from("eyJ.e30."));
/** Of every form: one field more, and one less. */
const LENGTHS: Record<string, Change> = {
  "a field more": (list) => [...list, empty],
  "a field less": (list) => list.slice(0, -1),
};

let host: LoginHost;
let nanoseconds = BigInt(Date.now()) * 1_000_000n;
before(async () => {
  host = await LoginHost.start(block({ login: { userinfo: true } }));
});
beforeEach(() => {
  host.provider.reset();
  host.jar = new CookieJar();
});

/** A sealed value with other fields inside. */
function changed(sealed: string, purpose: Purpose, name: string, change: Change): string {
  const place = { ...PLACE, purpose, name };
  const text = open([SECRET], place, sealed);
  assert.ok(text, "it does not open");
  const list = readFields(text);
  assert.ok(list, "it has no fields");
  return seal(SECRET, place, nanoseconds++, fields(...change(list)));
}

function put(name: string, purpose: Purpose, change: Change): void {
  const sealed = host.jar.get(name)!;
  const [full] = host.jar.names().filter((it) => it.startsWith(name));
  const path = name === REFRESH ? "/oidc" : "/";
  host.jar.put(full!, changed(sealed, purpose, full!, change), path);
}

describe("the session's cookie", () => {
  const status = async () => {
    const { response } = await host.visit("/oidc/session", { headers: SCRIPT });
    return response.status;
  };
  const CHANGES: Record<string, Change> = {
    ...LENGTHS,
    "another form": replaced(0, Uint8Array.of(2)),
    "a form of two bytes": replaced(0, Uint8Array.of(1, 1)),
    "an id of 15 bytes": (list) => replaced(1, list[1]!.slice(1))(list),
    "four times and a half": (list) => replaced(3, list[3]!.slice(0, 22))(list),
    "an identity of 9 bytes": (list) => replaced(8, list[8]!.slice(0, 9))(list),
  };

  test("as it is, it is one", async () => {
    await host.signIn();
    put(COOKIE, "session", (list) => list);
    assert.equal(await status(), 200);
  });

  test("it has the fields of the first release, so that people stay signed in", async () => {
    await host.signIn();
    put(COOKIE, "session", (list) => {
      assert.equal(list.length, 9);
      assert.deepEqual([...list[0]!], [1]);
      return list;
    });
  });

  test("a tenant is appended to them", async () => {
    await host.signIn();
    put(COOKIE, "session", (list) => [...list, Buffer.from("a-tenant")]);
    assert.equal(await status(), 200);
  });

  for (const [name, change] of Object.entries(CHANGES)) {
    test(`with ${name} it is none`, async () => {
      await host.signIn();
      put(COOKIE, "session", change);
      assert.equal(await status(), 401);
    });
  }
});

describe("the credentials' cookie", () => {
  const CHANGES: Record<string, Change> = {
    ...LENGTHS,
    "another form": replaced(0, Uint8Array.of(2)),
    "another session's id": replaced(1, new Uint8Array(16)),
  };
  /** What a session that is due makes us ask the provider for. */
  const asked = async () => {
    host.clock.pass(240);
    host.provider.received.length = 0;
    const result = await host.visit("/oidc/refresh?rd=%2Fa");
    return { result, asked: host.provider.asked };
  };

  test("as it is, it renews", async () => {
    await host.signIn();
    put(REFRESH, "refresh", (list) => list);
    assert.deepEqual((await asked()).asked, ["POST /token"]);
  });

  for (const [name, change] of Object.entries(CHANGES)) {
    test(`with ${name} it renews nothing, and no claims are fetched`, async () => {
      await host.signIn();
      put(REFRESH, "refresh", change);
      host.provider.received.length = 0;
      const { response } = await host.visit("/oidc/userinfo", { headers: SCRIPT });
      assert.equal(response.status, 401);
      assert.deepEqual(host.provider.asked, []);
      assert.deepEqual((await asked()).asked, []);
    });
  }

  test("with an ID token that cannot be read claims make no session", async () => {
    await host.signIn();
    put(REFRESH, "refresh", BROKEN);
    const claims = await host.visit("/oidc/userinfo?rd=%2Fa");
    assert.deepEqual(events(claims), ["userinfo_refused"]);
    assert.equal(host.jar.get(COOKIE), undefined);
  });

  test("with an ID token that cannot be read it renews nothing", async () => {
    await host.signIn();
    put(REFRESH, "refresh", BROKEN);
    host.provider.answer = { id_token: undefined };
    assert.deepEqual(events((await asked()).result), ["refresh_refused"]);
  });

  test("of a session that has ended it fetches no claims", async () => {
    await host.signIn();
    host.clock.pass(601);
    const asked = host.provider.received.length;
    const { response } = await host.visit("/oidc/userinfo", { headers: SCRIPT });
    assert.equal(response.status, 401);
    assert.equal(host.provider.received.length, asked);
  });
});

describe("the attempt's cookie", () => {
  const CHANGES: Record<string, Change> = {
    ...LENGTHS,
    "a seed of 31 bytes": (list) => replaced(0, list[0]!.slice(1))(list),
    "an origin of two bytes": replaced(1, Uint8Array.of(0, 0)),
    "a start of seven bytes": (list) => replaced(2, list[2]!.slice(1))(list),
  };
  for (const [name, change] of Object.entries({
    "nothing changed": (it: Uint8Array[]) => it,
    ...CHANGES,
  })) {
    const isGood = name === "nothing changed";
    test(`with ${name} it ${isGood ? "is one" : "is none"}`, async () => {
      const parameters = await host.begin("/a");
      put(ATTEMPT, "attempt", change);
      const expected = isGood ? "signed_in" : "begun_anew";
      assert.deepEqual(events(await host.end(parameters)), [expected]);
    });
  }
});

describe("the state", () => {
  const CHANGES: Record<string, Change> = {
    ...LENGTHS,
    "a turn of two bytes": replaced(1, Uint8Array.of(0, 0)),
  };
  const end = (state: string) => {
    const query = new URLSearchParams({ code: "code-1", state });
    return host.visit(`/oidc/callback?${query}`);
  };
  for (const [name, change] of Object.entries(CHANGES)) {
    test(`with ${name} it is none`, async () => {
      const parameters = await host.begin("/a");
      const state = parameters.get("state")!;
      const id = state.slice(0, ID);
      const other = `${id}.${changed(state.slice(ID + 1), "state", id, change)}`;
      assert.deepEqual(events(await end(other)), ["state_unknown"]);
    });
  }

  test("without the dot behind its id it is none", async () => {
    const parameters = await host.begin("/a");
    const state = parameters.get("state")!;
    const other = `${state.slice(0, ID)}_${state.slice(ID + 1)}`;
    assert.deepEqual(events(await end(other)), ["state_unknown"]);
    assert.deepEqual(events(await end(state)), ["signed_in"]);
  });
});
