/**
 * The engine's public routers: whatever anybody sends there, the engine gets the plugin's own visits and nothing else, and
 * what it holds against the plugin is of no use.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { send as sendOnWire } from "../support/wire.ts";
import { Fleet } from "./fleet.ts";

const fleet = new Fleet({ block: { session: { revocationTtl: "1s" } } });
const { stage } = fleet;
const SOON = 5;

/** As it is on the wire: no client puts the path in order. */
function send(target: string, method: string, body: string, headers: Record<string, string>) {
  const { replicas, url } = stage.stack;
  const host = { Host: new URL(url).host };
  return sendOnWire(replicas[0]!.ports.web!, {
    ...{ target, method, body },
    headers: { ...host, ...headers },
  });
}

const all = JSON.stringify({ key: "AA==", range_end: "AA==" });
const JSON_BODY = { "Content-Type": "application/json" };
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

const targets = [
  ...["/oidc/store", "/oidc/store/", "/oidc/store?", "/oidc/store/v3/kv/range", "/oidc//store"],
  ...["/oidc/store/../store", "/oidc/store/../../v3/kv/range", "/oidc/store/%2e%2e/v3/kv/range"],
  ...["/oidc/store%2Fv3", "/oidc/store;v3/kv/range", "/oidc/store?key=AA%3D%3D&range_end=AA%3D%3D"],
  ...["/oidc/store?v=", "/oidc/store?lock", "/oidc/store?done", "/oidc/store?v=1&v=2"],
  ...["/oidc/store#/v3/kv/range", "/oidc/STORE", "/v3/kv/range", "/version", "/metrics"],
  ...["/oidc/backchannel-logout", "/oidc/backchannel-logout/v3", "/oidc/backchannel-logout?a=b"],
  ...["/oidc/frontchannel-logout?iss=x&sid=y"],
];
const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/** What the plugin itself asks the engine for, in the background. */
function mark(): () => { method: string; url: string; body: string }[] {
  for (const relay of fleet.relays) relay.visits = [];
  return () => fleet.relays.flatMap(({ visits }) => visits);
}

const own =
  /^\/v3\/(kv\/(range|txn|deleterange)|lease\/(grant|keepalive|revoke)|auth\/authenticate|lock\/lock)$/;

describe("whatever is sent", () => {
  test("each reads it", () => fleet.ready());

  for (const target of targets) {
    test(`${target}: nothing of the engine comes back, and nothing of ours goes there`, async () => {
      const visits = mark();
      for (const method of methods) {
        for (const [body, headers] of [
          ["", {}],
          [all, JSON_BODY],
          [`logout_token=${"x".repeat(30)}`, FORM],
          [all, { ...JSON_BODY, "X-HTTP-Method-Override": "POST", "X-Probe": "fleet-probe" }],
        ] as const) {
          if (body !== "" && ["GET", "HEAD"].includes(method)) continue;
          const answer = await send(target, method, body, headers);
          assert.notEqual(answer.status, 502, method);
          assert.doesNotMatch(String(answer.body), /etcd|raft_term|cluster_id|"kvs"/);
        }
      }
      for (const { method, url, body } of visits()) {
        assert.equal(method, "POST");
        assert.match(url, own);
        assert.ok(!body.includes(all) && !body.includes("xxxxxx"), body);
      }
    });
  }

  test("a parameter of the plugin's own counts as it was made, and nowhere else", async () => {
    fleet.send(0);
    const browser = await stage.signIn("bob");
    const bye = await browser.go(stage.url("/oidc/logout"), { follow: false });
    const made = new URL(bye.headers.location!, bye.url);
    assert.equal(made.pathname, "/oidc/store", bye.headers.location);
    const [[name, value]] = [...made.searchParams] as [[string, string]];
    const other = stage.browser();
    const change = (at: number) =>
      value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1);
    const forged = [
      ...[0, 1, 8, 20, 40, value.length - 2].map(change),
      value.slice(0, -4),
      `${value}AAAA`,
      value.slice(4),
      "",
      "A".repeat(value.length),
      value.repeat(2),
    ];
    const visits = mark();
    const txns = () => visits().filter(({ url }) => url.endsWith("/kv/txn"));
    for (const text of forged) {
      const target = `/oidc/store?${name}=${encodeURIComponent(text)}`;
      const visit = await other.go(stage.url(target), { from: null, follow: false });
      assert.equal(visit.status, 404, `${target} ${visit.body}`);
    }
    assert.deepEqual(txns(), []);
    // For another visit than it was made for.
    for (const elsewhere of ["/oidc/refresh", "/oidc/callback", "/oidc/login", "/oidc/session"]) {
      await other.go(stage.url(`${elsewhere}${made.search}`), { from: null, follow: false });
    }
    assert.deepEqual(txns(), []);
    // The real one, again and again: the record stands there, and is the same.
    const count = async () => (await fleet.etcd.entries()).length;
    await browser.go(made.href, { follow: false });
    const before = await count();
    for (let i = 0; i < 3; i++) await other.go(made.href, { from: null, follow: false });
    assert.equal(await count(), before);
  });
});

describe("whoever can write into the engine", () => {
  const base64 = (it: Buffer | string) => Buffer.from(it).toString("base64");

  test("signs nobody out, and nobody in: forged, swapped and repeated records count for nothing", async () => {
    fleet.send(0);
    const [gone, stays] = [await stage.signIn("bob"), await stage.signIn("carol", "/admin")];
    const cookies = { gone: await fleet.cookiesOf(gone), stays: await fleet.cookiesOf(stays) };
    await gone.go(stage.url("/oidc/logout"));
    await fleet.signedOut(cookies.gone, fleet.all, SOON);
    const entries = (await fleet.etcd.entries()).filter(({ key }) => key.includes("/revoked/"));
    const [{ key, value }] = entries as [{ key: string; value: Buffer }];
    const at = key.slice(0, key.lastIndexOf("/") + 1);
    const put = (name: string, it: Buffer) =>
      fleet.etcd.ask("kv/put", { key: base64(name), value: base64(it) });
    const swapped = Buffer.from(value);
    swapped[swapped.length >> 1]! ^= 1;
    await put(`${at}${"00".repeat(16)}`, value);
    await put(`${at}${"11".repeat(16)}`, swapped);
    await put(`${at}${"22".repeat(16)}`, Buffer.alloc(0));
    await put(`${at}${"33".repeat(16)}`, Buffer.from("not sealed"));
    await put(`${at}../../x`, value);
    await put(`${at}${"44".repeat(16)}`, Buffer.alloc(100_000, 7));
    await put(`rolegate/${"y".repeat(2_000)}`, Buffer.from("long name"));
    await put(key, Buffer.from("taken away"));
    // Somebody signs out after that: so all of it has been read.
    fleet.send(0);
    const last = await stage.signIn("bob");
    const lastCookies = await fleet.cookiesOf(last);
    await last.go(stage.url("/oidc/logout"));
    await fleet.signedOut(lastCookies, fleet.all, SOON);
    assert.ok((await fleet.statuses(cookies.stays)).flat().every((it) => it === 200));
    assert.ok((await fleet.statuses(cookies.gone)).flat().every((it) => it === 401));
    for (const { log } of stage.stack.replicas) assert.equal(log.traps, 0);
  });
});
