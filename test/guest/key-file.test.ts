/** Keys from a file: read again when it changes; whatever is wrong with it, the last good keys stay. */
import assert from "node:assert/strict";
import fs, { renameSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import type { Guest } from "../../src/guest/guest.ts";
import { loadGate, reasonOf, request, step } from "../support/gate.ts";
import { ec, keySet, rsa, testKey } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";

const folder = temporaryFolder("keys");
const file = join(folder.path, "jwks.json");
const config = {
  issuer: ISSUER,
  clientId: CLIENT,
  jwksFile: "/state/jwks.json",
  logLevel: "debug",
};
const old = await token();
const fresh = await token({}, ec);
const oldSet = JSON.stringify(keySet(rsa));
const freshSet = JSON.stringify(keySet(ec));
after(() => folder.remove());

let now = Date.now();
/** The guest looks at the file once a second. */
const later = () => (now += 1_000);

beforeEach(() => {
  rmSync(file, { force: true });
  now = Date.now();
});

const load = (): Promise<Guest> =>
  loadGate(config, { mounts: [`${folder.path}:/state`], now: () => now });

/** As a key fetcher does: a new file under another name, then renamed. */
function replace(text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

const events = (logs: { data: Record<string, unknown> | null }[]) =>
  logs.flatMap(({ data }) => (data?.rolegate === "keys" ? [data.event] : []));

const privateJwk = { ...rsa.privateKey.export({ format: "jwk" }), kid: rsa.kid };
/** What a file may hold that is no key set to use. */
const WRONG: Record<string, string> = {
  empty: "",
  "half-written": freshSet.slice(0, freshSet.length >> 1),
  garbage: "\u0000\u0001 not JSON at all",
  "an HTML page": "<!doctype html><title>502</title>",
  "no keys": '{"keys":[]}',
  "a list": `[${freshSet}]`,
  "a private key": JSON.stringify({ keys: [ec.jwk, privateJwk] }),
  "only a weak key": JSON.stringify(keySet(testKey("weak", "RS256", 1024))),
  "only a secret": '{"keys":[{"kty":"oct","k":"AAAA"}]}',
  "too large": " ".repeat(600 * 1024) + freshSet,
};

for (const [name, text] of Object.entries(WRONG)) {
  test(`${name}: the last good keys stay`, async () => {
    writeFileSync(file, oldSet);
    const guest = await load();
    assert.equal((await request(guest, old)).response.status, 200);
    for (const write of [replace, (it: string) => writeFileSync(file, it)]) {
      write(text);
      later();
      const result = await request(guest, old);
      assert.equal(result.response.status, 200);
      assert.ok(!events(result.logs).includes("read"));
      assert.equal((await request(guest, fresh)).response.status, 401);
    }
    replace(freshSet);
    later();
    assert.equal((await request(guest, fresh)).response.status, 200, "it does not recover");
  });

  test(`${name}: 503 as long as there never were good keys`, async () => {
    writeFileSync(file, text);
    const guest = await load();
    const { response, forwarded } = await request(guest, old);
    assert.equal(response.status, 503);
    assert.equal(forwarded, null);
    assert.ok(Number(response.headers.get("Retry-After")) > 0);
    replace(oldSet);
    later();
    assert.equal((await request(guest, old)).response.status, 200);
  });
}

test("a file that is not there yet: 503, then its keys", async () => {
  const guest = await load();
  assert.deepEqual(events([...guest.startLogs]), ["missing"]);
  assert.equal(reasonOf(await request(guest, old)), "keys_unavailable");
  writeFileSync(file, oldSet);
  later();
  const result = await request(guest, old);
  assert.equal(result.response.status, 200);
  assert.deepEqual(events(result.logs), ["read"]);
});

test("a file that is taken away: the last good keys stay, and it is said once", async () => {
  writeFileSync(file, oldSet);
  const guest = await load();
  rmSync(file);
  later();
  const first = await request(guest, old);
  later();
  const second = await request(guest, old);
  assert.deepEqual([first.response.status, second.response.status], [200, 200]);
  assert.deepEqual([events(first.logs), events(second.logs)], [["missing"], []]);
});

test("other keys take effect, and tokens of the old ones no longer pass from the cache", async () => {
  writeFileSync(file, oldSet);
  const guest = await load();
  await request(guest, old);
  assert.equal(step(await request(guest, old), "token")?.cached, true);
  replace(freshSet);
  later();
  assert.equal(reasonOf(await request(guest, old)), "key_unknown");
  assert.equal((await request(guest, fresh)).response.status, 200);
});

test("a key added beside the old one: both pass, and the cache begins anew", async () => {
  writeFileSync(file, oldSet);
  const guest = await load();
  await request(guest, old);
  replace(JSON.stringify(keySet(rsa, ec)));
  later();
  assert.equal((await request(guest, fresh)).response.status, 200);
  const again = await request(guest, old);
  assert.equal(again.response.status, 200);
  assert.equal(step(again, "token")?.cached, false);
});

test("a file that did not change is not read again", async () => {
  writeFileSync(file, oldSet);
  const guest = await load();
  for (let i = 0; i < 3; i++) {
    later();
    const { calls } = await request(guest, old);
    assert.ok(!calls.includes("path_open"));
    assert.equal(calls.filter((call) => call === "path_filestat_get").length, 1);
  }
});

const NOW = 1_796_011_071_541_721_736n;

/** How one file differs from the one before: its inode, bytes, and times in nanoseconds. */
const NEAR: [inode: number, bytes: number, written: number, changed: number][] = [
  // A sum with powers of 31 takes these for the same file.
  ...[1, -1, 2, 4, 8, 16, 31, -31].map((n): [number, number, number, number] => [-n, 31 * n, 0, 0]),
  ...[1, -1, 8].map((n): [number, number, number, number] => [0, -n, 31 * n, 0]),
  ...[1, -1, 8].map((n): [number, number, number, number] => [0, 0, -n, 31 * n]),
  [-1, 0, 961, 0],
  [1, 0, 0, -29_791],
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 2],
  [8, -8, 0, 0],
  [0, 0, 8, -8],
];

for (const [inode, bytes, written, changed] of NEAR) {
  test(`another file: inode ${inode}, bytes ${bytes}, times ${written}, ${changed}`, async (t) => {
    let files = 0n;
    const { statSync } = fs;
    const { mock } = t.mock.method(fs, "statSync", (path: string, options: { bigint: true }) =>
      Object.assign(statSync(path, options), {
        ino: 10_013_126n + files * BigInt(inode),
        mtimeNs: NOW + files * BigInt(written),
        ctimeNs: NOW + files * BigInt(changed),
      }),
    );
    syncBuiltinESMExports();
    t.after(() => {
      mock.restore();
      syncBuiltinESMExports();
    });
    const length = oldSet.length + 1_000;
    writeFileSync(file, oldSet.padEnd(length));
    const guest = await load();
    assert.equal((await request(guest, old)).response.status, 200);
    files = 1n;
    replace(freshSet.padEnd(length + bytes));
    later();
    assert.equal((await request(guest, fresh)).response.status, 200);
    assert.equal(reasonOf(await request(guest, old)), "key_unknown");
  });
}

test("within a second it is not looked at, and a clock set back stops nothing", async () => {
  writeFileSync(file, oldSet);
  const guest = await load();
  later();
  await request(guest, old);
  assert.ok(!(await request(guest, old)).calls.includes("path_filestat_get"));
  now -= 5_000;
  assert.ok((await request(guest, old)).calls.includes("path_filestat_get"));
});

test("a hundred changes do not let the guest grow", async () => {
  writeFileSync(file, oldSet);
  const guest = await load();
  const sets = [freshSet, oldSet];
  let pages = 0;
  for (let i = 0; i < 100; i++) {
    replace(sets[i % 2]!);
    later();
    const result = await request(guest, i % 2 ? old : fresh);
    assert.equal(result.response.status, 200);
    if (i < 10) pages = result.pages;
    else assert.equal(result.pages, pages);
  }
});
