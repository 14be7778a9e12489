/** Mode store: what it reads, what it writes, what it does not believe, and what holds while the engine is away. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmdirSync } from "node:fs";
import { describe, test } from "node:test";
import { RECORD_BYTES } from "../support/revocations.ts";
import {
  clock,
  etcd,
  follow,
  Machine,
  madeUp,
  one,
  parts,
  pass,
  period,
  read,
  records,
  signedOut,
  stage,
  told,
  two,
} from "./store-stage.ts";

stage();

describe("a call", () => {
  test("reads once, and has nothing else to do", async () => {
    assert.equal(await one.status(), 204);
    etcd.received.length = 0;
    for (let i = 0; i < 3; i++) {
      assert.equal(await one.status(), 204);
      clock.pass(2);
    }
    assert.deepEqual(etcd.asked, Array(3).fill("/v3/kv/range"));
  });

  test("reads only what has changed, and all of it once in ten minutes", async () => {
    await one.tick();
    etcd.put("elsewhere", "x");
    const from = async () => {
      etcd.received.length = 0;
      await one.tick();
      return etcd.received[0]!.body.min_mod_revision;
    };
    assert.equal(await from(), 2);
    assert.equal(await from(), 3);
    clock.pass(599);
    assert.equal(await from(), 3);
    clock.pass(1);
    assert.equal(await from(), 0);
    assert.equal(await from(), 3);
  });

  test("that is none of the health check's is 404, and asks nothing", async () => {
    for (const [method, target] of [
      ...[
        ["POST", "/oidc/store"],
        ["HEAD", "/oidc/store"],
        ["GET", "/oidc/store/"],
        ["GET", "/oidc/keys"],
      ],
      ...[
        ["GET", "/v3/kv/range"],
        ["GET", "/oidc/store%2F"],
        ["GET", "/"],
      ],
    ]) {
      const result = await one.cron.handle({ method: method!, target: target! }, etcd.upstream);
      assert.deepEqual([result.response.status, result.forwarded], [404, null], target);
    }
    assert.deepEqual(etcd.asked, []);
  });

  test("gives nothing of itself to the engine", async () => {
    const headers = { Cookie: "canary", Authorization: "canary" };
    await one.cron.handle({ target: "/oidc/store?canary", headers, body: "canary" }, etcd.upstream);
    const [{ request }] = etcd.received as [(typeof etcd.received)[0]];
    const sent =
      JSON.stringify(request.headers.entries()) + request.target + request.body.toString();
    assert.doesNotMatch(sent, /canary/);
  });
});

describe("many", () => {
  test("sign-outs arrive, page by page", async () => {
    await read(one, two);
    const all = madeUp(600);
    one.folder.write(`revoked-${period()}`, all);
    for (let i = 0; i < 4; i++) assert.equal(await one.status(), 204);
    assert.equal(etcd.keys.length, 600);
    for (let i = 0; i < 2; i++) assert.equal(await two.status(), 204);
    assert.deepEqual(parts(records(two)), parts(all));
    etcd.received.length = 0;
    for (let i = 0; i < 2; i++) await two.tick();
    assert.deepEqual(etcd.asked, ["/v3/kv/range", "/v3/kv/range"], "none is sent back");
    assert.equal(records(two).length, all.length);
  });

  test("of one revision, more than a page has, arrive as well", async () => {
    await read(one);
    const all = madeUp(300);
    one.folder.write(`revoked-${period()}`, all);
    for (let i = 0; i < 3; i++) await one.tick();
    for (const entry of etcd.entries.values()) entry.changed = etcd.revision;
    for (let i = 0; i < 3; i++) await two.tick();
    // What an engine never does must not stop the rest.
    assert.ok(records(two).length >= 256 * RECORD_BYTES);
    assert.equal(await two.status(), 204);
  });

  test("are not more than there is room for: then they count as not read", async () => {
    await read(one, two);
    two.folder.write(`revoked-${period()}`, madeUp(4090));
    one.folder.write(`revoked-${period()}`, madeUp(10));
    await one.tick();
    const result = await two.tick();
    assert.equal(result.response.status, 503);
    assert.deepEqual(told(result), ["store_unreadable"]);
    assert.equal(records(two).length, 4096 * RECORD_BYTES);
  });

  test("of one network have the same share everywhere, and take no room from proven ones", async () => {
    await read(one, two);
    const network = randomBytes(7);
    one.folder.write(`unproven-${period()}`, madeUp(100, network));
    two.folder.write(`unproven-${period()}`, madeUp(100, network));
    await one.tick();
    assert.equal(await two.status(), 204);
    assert.equal(records(two, "unproven").length, 128 * RECORD_BYTES);
    assert.equal(records(two).length, 0);
  });
});

describe("no one's records take the room of others:", () => {
  const file = () => `revoked-${period()}`;
  /** One session's record at a Traefik, as sign-outs at that time leave it. */
  const again = madeUp(1);
  const end = ({ folder }: Machine, time: number) => {
    const record = Buffer.from(again);
    record.writeBigInt64BE(BigInt(time), 24);
    folder.write(file(), record);
    return record;
  };

  test("a session or subject that signs out again and again has one everywhere", async () => {
    await read(one, two);
    const others = madeUp(2);
    two.folder.write(file(), others);
    for (let i = 0; i < 3; i++) {
      const last = end(one, clock.seconds + i);
      assert.equal(await one.status(), 204);
      assert.equal(await two.status(), 204);
      assert.deepEqual(parts(records(two)), parts(Buffer.concat([others, last])));
    }
    // Several of them in one page, of which none is there yet, and all of them once more.
    const three = new Machine();
    await three.start({ kind: "etcd" });
    const last = end(one, clock.seconds + 2);
    for (let i = 0; i < 2; i++) {
      assert.equal(await three.status(), 204);
      assert.deepEqual(parts(records(three)), parts(Buffer.concat([others, last])));
      clock.pass(600);
    }
    const known = three.folder.list().find((it) => it.startsWith("store-known"))!;
    assert.equal(three.folder.read(known).length, 3 * 16, "nor do those that were replaced");
    etcd.received.length = 0;
    await three.tick();
    const asked = JSON.stringify(etcd.received.map(({ body }) => body));
    assert.doesNotMatch(asked, /request_put/, "and none is sent back");
    three.folder.remove();
  });

  test("a record that says more than the entry stays as it is", async () => {
    await read(one, two);
    end(one, clock.seconds);
    const later = end(two, clock.seconds + 9);
    await one.tick();
    await two.tick();
    assert.deepEqual(records(two), later);
    await one.tick();
    assert.deepEqual(records(one), later);
  });

  for (const kind of ["revoked", "unproven"]) {
    test(`a file of ${kind} ones that has grown beyond its room grows no further`, async () => {
      await read(one, two);
      // As guests that append at one time may leave it.
      const all = madeUp(kind === "revoked" ? 4097 : 1025);
      const shared = all.subarray(0, 3 * RECORD_BYTES);
      one.folder.write(`${kind}-${period()}`, shared);
      two.folder.write(`${kind}-${period()}`, all);
      await one.tick();
      assert.equal(await two.status(), 204);
      assert.deepEqual(records(two, kind), all);
    });
  }
});

describe("an entry", () => {
  const entry = () => [...etcd.entries][0]!;
  const put = (key: string, value: string) => etcd.put(key, value);
  /** What is put in place of a good entry, and does not count. */
  const FOREIGN: Record<string, (key: string, value: string) => void> = {
    "that somebody wrote": (key) => put(key, "x"),
    "that is empty": (key) => put(key, ""),
    "that was changed": (key, value) =>
      put(key, value.slice(0, 60) + (value[60] === "A" ? "B" : "A") + value.slice(61)),
    "that was cut off": (key, value) => put(key, value.slice(0, -2)),
    "under another name": (key, value) =>
      put(
        key.replace(/.$/, (it) => (it === "0" ? "1" : "0")),
        value,
      ),
    "that is to last longer": (key, value) => put(key.replace(/\/\d+\//, "/1999999999/"), value),
    "that is said to be unproven": (key, value) => put(key.replace("revoked", "unproven"), value),
    "with no end": (key, value) => put(key.replace(/\/\d+\//, "/x/"), value),
    "with no name": (_, value) => put("rolegate/revoked", value),
    "in another folder": (key, value) => put(key.replace("revoked", "revoker"), value),
    "that is very large": (key) => put(key, "A".repeat(100_000)),
  };
  for (const [name, replace] of Object.entries(FOREIGN)) {
    test(`${name} counts for nothing, is told, and stops nothing`, async () => {
      await signedOut();
      const [key, { value }] = entry();
      etcd.entries.clear();
      replace(key, value);
      const result = await two.tick();
      assert.equal(result.response.status, 204);
      assert.deepEqual(told(result), ["store_foreign"]);
      assert.equal(records(two).length + records(two, "unproven").length, 0);
      assert.deepEqual(told(await two.tick()), [], "once");
      put(key, value);
      await two.tick();
      assert.equal(records(two).length, RECORD_BYTES);
    });
  }

  test("of other secrets, or of another issuer, counts for nothing", async () => {
    await signedOut();
    for (const changes of [
      { session: { secrets: [randomBytes(32).toString("base64url")] } },
      { issuer: "https://other.example.com" },
    ]) {
      const three = new Machine();
      await three.start({ kind: "etcd" }, changes);
      assert.deepEqual(told(await three.tick()), ["store_foreign"]);
      assert.equal(records(three).length, 0);
      three.folder.remove();
    }
  });

  test("of another prefix is not seen", async () => {
    const jar = await signedOut();
    const three = new Machine();
    await three.start({ kind: "etcd", prefix: "other" });
    await read(three);
    assert.equal(await three.sees(jar), "none");
    await three.login.signIn();
    await follow(three.login, "/oidc/logout");
    assert.ok(etcd.keys.some((key) => key.startsWith("other/revoked/")));
    three.folder.remove();
  });

  test("is known by all secrets of a rotation", async () => {
    const jar = await signedOut();
    const secrets = [randomBytes(32).toString("base64url"), ...one.secrets];
    const three = new Machine();
    await three.start({ kind: "etcd" }, { session: { secrets } });
    await read(three);
    assert.equal(await three.sees(jar), "session_revoked");
    three.folder.remove();
  });

  test("that has ended is removed, and is not read", async () => {
    await signedOut();
    const [key, { value }] = entry();
    const end = Number(key.split("/")[2]);
    assert.ok(end > clock.seconds + 43_200 && end <= clock.seconds + 2 * 43_200);
    clock.pass(end - clock.seconds - 1);
    await two.tick();
    assert.deepEqual(etcd.keys, [key]);
    clock.pass(601);
    etcd.put("rolegate/unproven/1000000000/x", value);
    etcd.put("rolegate/refresh/x", "other");
    await two.tick();
    assert.deepEqual(etcd.keys, ["rolegate/refresh/x"]);
  });
});

describe("what is revoked stays so where the engine", () => {
  const LOSES: Record<string, () => void> = {
    "has lost it": () => etcd.entries.clear(),
    "was restored to what was before": () => {
      etcd.entries.clear();
      etcd.revision = 1;
    },
    "is another one": () => {
      etcd.entries.clear();
      etcd.cluster = "another";
      etcd.revision += 1000;
    },
  };
  for (const [name, lose] of Object.entries(LOSES)) {
    test(`${name}, and is written again`, async () => {
      const jar = await signedOut();
      await two.tick();
      pass(6, one, two);
      assert.equal(await two.sees(jar), "session_revoked");
      lose();
      await two.tick();
      pass(6, one, two);
      assert.equal(await two.sees(jar), "session_revoked");
      // All is read once in ten minutes; another history of the engine is seen at once.
      if (name.includes("lost")) pass(600, one, two);
      assert.equal(await two.status(), 204);
      assert.equal(records(two).length, RECORD_BYTES);
      assert.equal(etcd.keys.length, 1);
    });
  }
});

test("a Traefik that has just started does not know what others have revoked", async () => {
  const jar = await signedOut();
  const three = new Machine();
  await three.start({ kind: "etcd" });
  assert.equal(await three.sees(jar), "revocations_unreadable");
  await read(three);
  assert.equal(await three.sees(jar), "session_revoked");
  three.folder.remove();
});

test("where stateDir cannot be written, it is told, and nothing counts as read", async () => {
  await read(one, two);
  two.folder.clear();
  const name = `revoked-${period()}`;
  mkdirSync(two.folder.path(name));
  one.folder.write(name, madeUp(1));
  await one.tick();
  const result = await two.tick();
  assert.equal(result.response.status, 503);
  assert.deepEqual(told(result), ["store_unreadable"]);
  assert.ok(!two.folder.list().some((it) => it.startsWith("store-read")));
  rmdirSync(two.folder.path(name));
  assert.equal(await two.status(), 204);
  assert.equal(records(two).length, RECORD_BYTES);
});

test("what is remembered is in stateDir, not in a guest: one after the other does one call", async () => {
  await signedOut();
  const other = new Machine();
  await other.start({ kind: "etcd" });
  etcd.received.length = 0;
  for (const guest of [one.cron, other.cron, one.cron, other.cron]) {
    one.folder.list();
    const machine = Object.assign(Object.create(other) as Machine, { cron: guest });
    assert.equal(await machine.status(), 204);
  }
  other.folder.remove();
});
