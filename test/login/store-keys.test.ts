/** Fetched keys go from the Traefik that has fetched them to one that cannot, by the engine; and they still become stale. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { HOST, locationOf } from "../support/login-host.ts";
import { ISSUER, token } from "../support/tokens.ts";
import { block, SECRET, STATE } from "./configuration.ts";
import { clock, etcd, provider } from "./store-stage.ts";
import { StateFolder } from "./state-folder.ts";

const BUFFERING = { maxRequestBodyBytes: 65_536, maxResponseBodyBytes: 1_048_576 };
const FILE = `jwks-${createHash("sha256").update(ISSUER).digest("hex").slice(0, 16)}.json`;
const NAME = `rolegate/keys/${FILE}`;
/** `keys.refresh` and `keys.maxStale`. */
const [REFRESH, STALE] = [300, 3600];

let made = 0;
class Traefik {
  readonly folder = new StateFolder();
  readonly id = `keys-${++made}`;
  #guests!: Record<"keys" | "store" | "protect", Guest>;

  async start(secret = SECRET.toString("base64url")): Promise<void> {
    const load = (mode: string) =>
      loadGate(
        fileForm(
          block({
            ...{ mode, jwks: undefined, stateDir: STATE, store: { kind: "etcd" } },
            keys: { refresh: `${REFRESH}s`, maxStale: `${STALE}s` },
            session: { secrets: [secret] },
          }),
        ),
        { mounts: this.folder.mounts, now: () => clock.ms, buffering: BUFFERING },
      );
    const [keys, store, protect] = await Promise.all(["keys", "store", "protect"].map(load));
    this.#guests = { keys: keys!, store: store!, protect: protect! };
  }

  async tick(mode: "keys" | "store", upstream = provider.upstream): Promise<number> {
    let target = `/oidc/${mode}`;
    for (;;) {
      const headers = { Host: "127.0.0.1", "X-Request-Id": this.id };
      const result = await this.#guests[mode].handle({ target, headers }, upstream);
      if (result.trap) throw result.trap;
      if (!locationOf(result)) return result.response.status;
      target = locationOf(result)!;
    }
  }

  /** Its files were written so many seconds ago. */
  age(seconds: number, names = this.folder.list()): void {
    for (const name of names) {
      if (name.startsWith("jwks")) this.folder.touch(name, clock.seconds - seconds);
    }
  }

  async sees(): Promise<unknown> {
    const headers = { Host: HOST, Authorization: `Bearer ${await token()}` };
    clock.pass(61);
    return reasonOf(await this.#guests.protect.handle({ target: "/a", headers }));
  }

  get keys(): string | null {
    return this.folder.list().includes(FILE) ? this.folder.read(FILE).toString() : null;
  }
}

const [first, second] = [new Traefik(), new Traefik()];
const cutOff = async () => Promise.resolve({ unreachable: true as const });

before(async () => {
  await first.start();
  await second.start();
});
after(() => {
  for (const { folder } of [first, second]) folder.remove();
});
beforeEach(() => {
  for (const { folder } of [first, second]) folder.clear();
  provider.reset();
  etcd.reset();
  clock.ms = Math.floor(Date.now() / 1000) * 1000;
});

/** The first has fetched, and the engine has it. */
async function shared(): Promise<void> {
  assert.equal(await first.tick("keys"), 204);
  assert.equal(await first.tick("store"), 204);
  assert.deepEqual(etcd.keys, [NAME]);
}

test("a Traefik that cannot reach the provider has the keys of another one", async () => {
  await shared();
  assert.equal(await second.tick("keys", cutOff), 503);
  assert.equal(await second.sees(), "keys_unavailable");
  assert.equal(await second.tick("store"), 204);
  assert.equal(second.keys, first.keys);
  assert.equal(await second.sees(), "none");
  assert.ok(!etcd.entries.get(NAME)!.value.includes("kid"), "sealed");
});

test("only the one that has fetched writes, and once for each fetch", async () => {
  await shared();
  await second.tick("store");
  etcd.received.length = 0;
  for (let i = 0; i < 3; i++) {
    for (const it of [first, second]) assert.equal(await it.tick("store"), 204);
  }
  const asked = JSON.stringify(etcd.received.map(({ body }) => body));
  assert.doesNotMatch(asked, /request_put/);
  assert.doesNotMatch(asked, new RegExp(Buffer.from(NAME).toString("base64")), "nor is it read");
});

test("while no one can fetch, all keys become stale", async () => {
  await shared();
  await second.tick("store");
  for (const it of [first, second]) it.age(REFRESH + 1);
  clock.pass(REFRESH + 1);
  const files = [first, second].map(({ folder }) => statSync(folder.path(FILE)).mtimeMs);
  for (let i = 0; i < 3; i++) {
    for (const it of [first, second]) assert.equal(await it.tick("store"), 204);
  }
  assert.deepEqual(
    [first, second].map(({ folder }) => statSync(folder.path(FILE)).mtimeMs),
    files,
    "none makes another's younger",
  );
  for (const it of [first, second]) {
    it.age(STALE + 100);
    assert.equal(await it.sees(), "keys_unavailable");
  }
});

test("where nobody has fetched, nothing is taken", async () => {
  assert.equal(await second.tick("store"), 204);
  assert.equal(second.keys, null);
});

test("a mark that a key is unknown is not answered by another's keys", async () => {
  await shared();
  await second.tick("store");
  second.folder.write(`${FILE}.stale`, "1");
  etcd.received.length = 0;
  assert.equal(await second.tick("store"), 204);
  assert.equal(etcd.received.length, 1);
  assert.ok(second.folder.list().includes(`${FILE}.stale`), "mode keys still fetches");
});

describe("a set is not taken", () => {
  const value = () => etcd.entries.get(NAME)!;
  const put = (text: string) => void (value().value = text);
  const BAD: Record<string, () => void | Promise<void>> = {
    "that somebody wrote": () => put(Buffer.from(first.keys!, "latin1").toString("base64url")),
    "in plain text": () => put(first.keys!),
    "that is empty": () => put(""),
    "that was changed": () => {
      const { value: text } = value();
      put(text.slice(0, 90) + (text[90] === "A" ? "B" : "A") + text.slice(91));
    },
    "that was cut off": () => put(value().value.slice(0, -4)),
    "that was fetched too long ago": () => clock.pass(REFRESH + 1),
    "of a time to come": () => {
      clock.pass(-REFRESH - 1);
    },
    "under another name": () => {
      etcd.put("rolegate/keys/other", value().value);
      etcd.entries.delete(NAME);
    },
    "of other secrets": async () => {
      const foreign = new Traefik();
      await foreign.start(randomBytes(32).toString("base64url"));
      etcd.entries.delete(NAME);
      await foreign.tick("keys");
      await foreign.tick("store");
      assert.deepEqual(etcd.keys, [NAME]);
      foreign.folder.remove();
    },
  };
  for (const [name, spoil] of Object.entries(BAD)) {
    test(name, async () => {
      await shared();
      await spoil();
      assert.equal(await second.tick("store"), 204);
      assert.equal(second.keys, null);
      second.folder.write(FILE, '{"keys":[]}');
      second.folder.touch(FILE, clock.seconds - REFRESH - 1);
      assert.equal(await second.tick("store"), 204);
      assert.equal(second.keys, '{"keys":[]}', "nor in place of one that is old");
    });
  }

  test("while its own is fresh", async () => {
    await shared();
    second.folder.write(FILE, '{"keys":[]}');
    second.folder.touch(FILE, clock.seconds - REFRESH + 10);
    assert.equal(await second.tick("store"), 204);
    assert.equal(second.keys, '{"keys":[]}');
  });
});

test("the engine is down: keys are fetched as ever, and written when it is back", async () => {
  etcd.instead = () => ({ unreachable: true });
  assert.equal(await first.tick("keys"), 204);
  assert.equal(await first.tick("store"), 503);
  etcd.instead = () => undefined;
  assert.equal(await first.tick("store"), 204);
  assert.deepEqual(etcd.keys, [NAME]);
});
