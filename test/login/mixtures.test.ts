/**
 * Parts of several sign-ins under way, put together in every way: of two browsers, at two origins of one application. Only
 * the parts of one sign-in, where it began, make a session.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { keySet, testKey } from "../support/keys.ts";
import { Clock, events, locationOf, LoginHost, said } from "../support/login-host.ts";
import { block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const HOSTS = ["app.example.com", "other.example.com"];
const TRANSACTION = "__Host-rolegate-login-";
const DATA = "__Secure-rolegate-data-";
const SESSION = "__Host-rolegate";

/** One sign-in under way: where it goes on, and the cookies that its browser has. */
interface Part {
  host: string;
  address: string;
  id: string;
  transaction: string;
  /** What follows the name of each part, and its value. */
  data: [string, string][];
}

const folder = new StateFolder();
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
let guest: LoginHost;
const waiting: Part[] = [];
const calledBack: Part[] = [];

before(async () => {
  guest = await LoginHost.start(
    block({ jwks: undefined, stateDir: STATE, publicUrl: HOSTS.map((it) => `https://${it}`) }),
    { mounts: folder.mounts, clock, provider },
  );
  const next = testKey("next");
  Object.assign(provider, { idKey: next, accessKey: next, keys: keySet(next) });
  for (const [number, host] of [...HOSTS, ...HOSTS].entries()) {
    const partOf = (address: string, jar: CookieJar): Part => {
      const cookies = [...jar.cookies.values()];
      const begun = cookies.find(({ name }) => name.startsWith(TRANSACTION))!;
      const id = begun.name.slice(TRANSACTION.length);
      const prefix = DATA + id;
      const data = cookies.flatMap(({ name, value }): [string, string][] =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
      );
      return { host, address, id, transaction: begun.value, data };
    };
    guest.jar = new CookieJar();
    const parameters = await guest.begin(`/page-${number}?${"x".repeat(2_000)}`, { host });
    const { searchParams } = new URL("https://a/");
    searchParams.set("state", parameters.get("state")!);
    searchParams.set("code", "code-1");
    calledBack.push(partOf(`/oidc/callback?${searchParams}`, guest.jar));
    const address = locationOf(await guest.end(parameters, {}, { host }))!;
    assert.match(address, /^\/oidc\/verify/);
    waiting.push(partOf(address, guest.jar));
  }
});
after(() => folder.remove());

/** Goes there with a cookie of each kind, under the names that this sign-in's have. */
async function mix(at: Part, host: string, transaction: Part, data: Part, named: boolean) {
  const jar = new CookieJar();
  jar.put(TRANSACTION + (named ? transaction.id : at.id), transaction.transaction);
  for (const [part, value] of data.data) {
    jar.put(DATA + (named ? data.id : at.id) + part, value, "/oidc");
  }
  const result = await guest.visit(at.address, { host, jar });
  return { result, isIn: jar.names().includes(SESSION), to: locationOf(result) };
}

test("tokens that wait", async () => {
  let sessions = 0;
  for (const at of waiting) {
    for (const host of HOSTS) {
      for (const transaction of waiting) {
        for (const data of waiting) {
          for (const named of [true, false]) {
            const { result, isIn } = await mix(at, host, transaction, data, named);
            const isOne = at === transaction && at === data && at.host === host;
            assert.equal(isIn, isOne, said(result));
            if (!isOne) assert.deepEqual(events(result), ["attempt_missing"]);
            if (isIn) sessions++;
          }
        }
      }
    }
  }
  assert.equal(sessions, 2 * waiting.length);
});

test("codes: one at its own browser only, and to the address that was asked for there", async () => {
  for (const at of calledBack) {
    for (const host of HOSTS) {
      for (const transaction of calledBack) {
        for (const data of calledBack) {
          provider.received.length = 0;
          const { result, to } = await mix(at, host, transaction, data, false);
          const isOurs = at === transaction && at.host === host;
          assert.equal(provider.asked.includes("POST /token"), isOurs);
          assert.doesNotMatch(to ?? "", /^(https?:)?\/\//);
          // The nonce is the last sign-in's, so a page leads to a new one, which returns to this one's address at most.
          const pages = `${to} ${result.response.body}`.match(/page-\d/g) ?? [];
          for (const page of pages) assert.equal(page, `page-${calledBack.indexOf(at)}`);
        }
      }
    }
  }
});

test("a sibling host's cookie of the name beside the own one", async () => {
  const [own, other] = [waiting[0]!, waiting[2]!];
  for (const [name, path] of [
    [TRANSACTION + own.id, "/oidc"],
    [DATA + own.id, "/"],
    [`${DATA}${own.id}.0`, "/"],
  ] as const) {
    for (const value of [other.transaction, other.data[0]![1], "x", ""]) {
      const jar = new CookieJar();
      jar.put(TRANSACTION + own.id, own.transaction);
      for (const [part, it] of own.data) jar.put(DATA + own.id + part, it, "/oidc");
      jar.put(name, value, path);
      const result = await guest.visit(own.address, { host: own.host, jar });
      assert.equal(result.response.status, 400, `${name}=${value}`);
      assert.ok(!jar.names().includes(SESSION));
    }
  }
});
