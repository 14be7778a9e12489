/**
 * As many API keys as may be, in the configuration and in a file: each is found, none that is not there, and a request
 * takes no more than with one key. How much that is in microseconds is for the bench.
 */
import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import type { Guest, Result } from "../../src/guest/guest.ts";
import { apiKey, digestOf } from "../support/api-keys.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, reasonOf, request, step } from "../support/gate.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";

const MOST = 4096;
interface Entry {
  name: string;
  sha256: string;
  roles: string[];
}
const keys = Array.from({ length: MOST }, () => apiKey());
const entry = (key: string, i: number, roles = ["viewer"]): Entry => ({
  name: `key-${i}`,
  sha256: digestOf(key),
  roles,
});
const entries = keys.map((key, i) => entry(key, i));
const fresh = apiKey();

const folder = temporaryFolder("api-keys");
const file = join(folder.path, "api-keys.json");
after(() => folder.remove());

const base = {
  issuer: ISSUER,
  clientId: CLIENT,
  jwks: JSON.stringify(keySet(rsa)),
  roleHierarchy: { runner: ["viewer"] },
  rules: [
    { match: "PathPrefix(`/read`)", allow: "Role(`viewer`)" },
    { match: "PathPrefix(`/write`)", allow: "Role(`runner`)" },
    { match: "PathPrefix(`/me`)", allow: "authenticated" },
  ],
  forwardHeaders: { "X-Key": "@apiKey", "X-Roles": "@roles" },
  logLevel: "debug",
};

let now = 0;
/** The guest looks at the file once a second. */
const later = () => (now += 1_000);
beforeEach(() => {
  rmSync(file, { force: true });
  now = Date.now();
});

/** As a deployment does: a new file under another name, then renamed. */
function replace(list: Entry[] | string): void {
  writeFileSync(`${file}.new`, typeof list === "string" ? list : JSON.stringify(list));
  renameSync(`${file}.new`, file);
}

const load = (more: object): Promise<Guest> =>
  loadGate(fileForm({ ...base, ...more }), {
    mounts: [`${folder.path}:/state`],
    now: () => now,
  });

/** Where keys may stand -> a guest that has these. */
const PLACES: Record<string, (list: Entry[], more?: object) => Promise<Guest>> = {
  apiKeys: (list, more) => load({ ...more, apiKeys: list }),
  apiKeysFile: (list, more) => {
    replace(list);
    return load({ ...more, apiKeysFile: "/state/api-keys.json" });
  },
};
const inFile = PLACES["apiKeysFile"]!;

/** Whom the application sees; the status when it sees nobody. */
function seen({ forwarded, response }: Result): string | number {
  return forwarded ? (forwarded.headers.get("X-Key") ?? "nobody") : response.status;
}

for (const [place, loadFrom] of Object.entries(PLACES)) {
  describe(`${MOST} keys in ${place}`, () => {
    test("each is found, under its own name", async () => {
      const guest = await loadFrom(entries);
      const { errors, logs } = guest.check();
      const said = logs.filter(({ data }) => data?.rolegate !== "expression");
      assert.deepEqual([errors, said], [0, []]);
      for (const [i, key] of keys.entries()) {
        assert.equal(seen(await request(guest, key, "/read")), `key-${i}`);
      }
    });

    test("none that is not there, and none of more rights than its own", async () => {
      const guest = await loadFrom(entries);
      for (const key of Array.from({ length: 200 }, () => apiKey())) {
        const result = await request(guest, key, "/read");
        assert.equal(result.forwarded, null);
        assert.equal(step(result, "token")?.reason, "api_key_unknown");
      }
      assert.equal(seen(await request(guest, keys[0], "/write")), 403);
      assert.equal(seen(await request(guest, keys.at(-1), "/write")), 403);
    });

    test("a request asks the host for the same as with one key, known or not", async () => {
      const [one, many] = [await loadFrom(entries.slice(0, 1)), await loadFrom(entries)];
      const bearer = await token({ realm_access: { roles: ["viewer"] } });
      for (const credential of [keys[0], keys[0], apiKey(), bearer, bearer, undefined]) {
        const [few, all] = [
          await request(one, credential, "/read"),
          await request(many, credential, "/read"),
        ];
        assert.equal(seen(all), seen(few));
        assert.equal(step(all, "token")?.cached, step(few, "token")?.cached);
        assert.deepEqual(all.calls, few.calls);
      }
    });

    // The quickest of many requests, in turn: whatever else the machine does, some are left alone. Looking at one key
    // after the other took 3.5 times as long (measured), finding them by their digests 1.0.
    test("a key that is not there is refused as fast as with one key, and a token passes as fast", async () => {
      const quiet = { logLevel: "warn", audit: "off" };
      const guests = [await loadFrom(entries.slice(0, 1), quiet), await loadFrom(entries, quiet)];
      const credentials = Array.from({ length: 50 }, () => apiKey());
      const bearer = await token({ realm_access: { roles: ["viewer"] } });
      for (const list of [credentials, credentials.map(() => bearer)]) {
        const best = [Infinity, Infinity];
        for (let round = 0; round < 30; round++) {
          for (const credential of list) {
            for (const [i, guest] of guests.entries()) {
              const start = performance.now();
              await request(guest, credential, "/read");
              best[i] = Math.min(best[i]!, performance.now() - start);
            }
          }
        }
        assert.ok(best[1]! < 2 * best[0]!, `${best[1]} ms with ${MOST} keys, ${best[0]} with one`);
      }
    });

    test("requests do not let the guest grow", async () => {
      const guest = await loadFrom(entries);
      for (const key of keys.slice(0, 100)) await request(guest, key, "/read");
      const { pages } = guest;
      for (const key of keys.slice(100, 1_100)) await request(guest, key, "/read");
      assert.equal(guest.pages, pages);
    });

    test("a role that no rule knows does nothing, and the application is told of it", async () => {
      const roles = ["stranger", "Viewer", "runner ", "*", "@roles"];
      const guest = await loadFrom([...entries.slice(1), entry(fresh, MOST, roles)]);
      assert.equal(seen(await request(guest, fresh, "/read")), 403);
      assert.equal(seen(await request(guest, fresh, "/write")), 403);
      const { forwarded } = await request(guest, fresh, "/me");
      assert.equal(forwarded?.headers.get("X-Roles"), "stranger,Viewer,runner%20,*,@roles");
    });
  });
}

test("one key too many: the configuration is wrong, the file is not taken", async () => {
  const tooMany = [...entries, entry(fresh, MOST)];
  const inline = await load({ apiKeys: tooMany });
  assert.match(
    inline
      .check()
      .logs.map(({ message }) => message)
      .join("\n"),
    /too_many/,
  );
  assert.equal(seen(await request(inline, keys[0], "/read")), 500);
  const guest = await inFile(tooMany);
  assert.equal(seen(await request(guest, keys[0], "/read")), 503);
});

describe("a file that changes", () => {
  test("takes effect within a second, and callers from the cache are looked up again", async () => {
    const guest = await inFile(entries);
    await request(guest, keys[0], "/read");
    assert.equal(step(await request(guest, keys[0], "/read"), "token")?.cached, true);
    replace([...entries.slice(1), entry(fresh, MOST, ["runner"])]);
    later();
    const gone = await request(guest, keys[0], "/read");
    assert.equal(reasonOf(gone), "api_key_unknown");
    assert.equal(seen(await request(guest, fresh, "/write")), `key-${MOST}`);
    assert.equal(seen(await request(guest, keys.at(-1), "/read")), `key-${MOST - 1}`);
  });

  test("a role taken from a key is gone, though its holder was known", async () => {
    const guest = await inFile([entry(keys[0]!, 0, ["runner"]), ...entries.slice(1)]);
    assert.equal(seen(await request(guest, keys[0], "/write")), "key-0");
    assert.equal(seen(await request(guest, keys[0], "/write")), "key-0");
    replace(entries);
    later();
    assert.equal(seen(await request(guest, keys[0], "/write")), 403);
    assert.equal(seen(await request(guest, keys[0], "/read")), "key-0");
  });

  test("an empty list leaves no key, those in the configuration stay", async () => {
    replace(entries.slice(1));
    const guest = await load({ apiKeysFile: "/state/api-keys.json", apiKeys: [entries[0]] });
    assert.equal(seen(await request(guest, keys[1], "/read")), "key-1");
    replace([]);
    later();
    assert.equal(seen(await request(guest, keys[1], "/read")), 401);
    assert.equal(seen(await request(guest, keys[0], "/read")), "key-0");
  });

  const whole = JSON.stringify([...entries.slice(1), entry(fresh, MOST)]);
  const WRONG: Record<string, string> = {
    "half-written": whole.slice(0, whole.length >> 1),
    "without its last byte": whole.slice(0, -1),
    empty: "",
    "cut off behind a key": `${whole.slice(0, whole.indexOf("},") + 1)}`,
    "a map": `{"apiKeys":${whole}}`,
    "an empty map": "{}",
    "an empty text": '""',
    null: "null",
    false: "false",
    "a number": "0",
    "with one entry of another form": whole.replace(/\]$/, ',{"name":"x","sha256":"00"}]'),
    "with a key twice": whole.replace(/\]$/, `,${JSON.stringify(entries[1])}]`),
    "too large": " ".repeat(1024 * 1024) + whole,
  };
  for (const [name, text] of Object.entries(WRONG)) {
    test(`${name}: the old keys stay, all of them and no other`, async () => {
      const guest = await inFile(entries);
      for (const write of [replace, (it: string) => writeFileSync(file, it)]) {
        write(text);
        later();
        const result = await request(guest, keys[0], "/read");
        assert.equal(seen(result), "key-0");
        const events = result.logs.flatMap(({ data }) => (data?.rolegate === "keys" ? [data] : []));
        assert.ok(events.every(({ event }) => event === "refused" || event === "unreadable"));
        assert.equal(seen(await request(guest, keys.at(-1), "/read")), `key-${MOST - 1}`);
        assert.equal(seen(await request(guest, fresh, "/read")), 401);
      }
      replace(whole);
      later();
      assert.equal(seen(await request(guest, fresh, "/read")), `key-${MOST}`, "no recovery");
      assert.equal(seen(await request(guest, keys[0], "/read")), 401);
    });
  }

  test("that was not there at first: whose key it may hold has to wait, until it comes", async () => {
    const guest = await load({ apiKeysFile: "/state/api-keys.json" });
    assert.equal(reasonOf(await request(guest, keys[0], "/read")), "keys_unavailable");
    replace(entries);
    later();
    assert.equal(seen(await request(guest, keys[0], "/read")), "key-0");
    assert.equal(reasonOf(await request(guest, fresh, "/read")), "api_key_unknown");
  });

  test("twenty times does not let the guest grow", async () => {
    const guest = await inFile(entries);
    const lists = [entries.slice(1), entries];
    let pages = 0;
    for (let i = 0; i < 20; i++) {
      replace(lists[i % 2]!);
      later();
      assert.equal(seen(await request(guest, keys[0], "/read")), i % 2 ? "key-0" : 401);
      if (i === 3) pages = guest.pages;
      else if (i > 3) assert.equal(guest.pages, pages);
    }
  });
});

test("a key that comes with another's name is in the trace, whether the guest knows it or not", async () => {
  const guest = await load({ apiKeys: entries.slice(0, 2) });
  const ask = (name: string) => {
    const pair = Buffer.from(`${name}:${keys[0]!}`).toString("base64");
    return guest.handle({ target: "/me", headers: { Authorization: `Basic ${pair}` } });
  };
  const [unknown, good, known] = [await ask("key-1"), await ask("key-0"), await ask("key-1")];
  assert.equal(reasonOf(good), "none");
  for (const result of [unknown, known]) {
    assert.equal(reasonOf(result), "api_key_unknown");
    assert.equal(step(result, "token")?.subject, "apikey:key-0");
  }
});
