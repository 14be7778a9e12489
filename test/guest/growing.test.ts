/**
 * What grows a little from request to request: a guest takes the memory that the largest needs, not that of all of
 * them. Anybody can send such requests, and revocations are so by nature.
 */
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import type { Result } from "../../src/guest/guest.ts";
import { ENVIRONMENT, GATES, STATE } from "../cases/gates.ts";
import { ALICE, cookie, HOST, sealed } from "../cases/session-cookies.ts";
import { block } from "../login/configuration.ts";
import { digestOf } from "../support/api-keys.ts";
import { fileForm } from "../support/forms.ts";
import { rsa } from "../support/keys.ts";
import { loadGate } from "../support/gate.ts";
import { Clock, LoginHost } from "../support/login-host.ts";
import { revocation } from "../support/revocations.ts";
import { ISSUER, token } from "../support/tokens.ts";

/**
 * Of 64 KiB; also after a body of 1 MiB. What two regions leave between each other's chunks depends on the order in
 * which they grow: key files of 130 kB take 20 or 22.
 */
const PAGES = 24;
/** Of a guest that reads no body, with headers up to the limits. */
const LITTLE = 6;

function isBounded({ trap, pages }: Result, what: string): void {
  assert.equal(trap, null);
  assert.ok(pages <= PAGES, `${pages} pages at ${what}`);
}

const bearer = `Bearer ${await token({ realm_access: { roles: ["app-viewer"] } })}`;
const good = sealed(ALICE);
const options = { env: ENVIRONMENT };

/** Sizes from 2 kB on, each a little more than the one before. */
function* sizes(most: number, step: number): Generator<number> {
  for (let size = 2000; size <= most; size += step) yield size;
}

test("cookies", async () => {
  const guest = await loadGate(fileForm(GATES["session-gone"]), options);
  for (const size of sizes(60_000, 24)) {
    const headers = { Host: HOST, Cookie: cookie("b".repeat(size)) };
    isBounded(await guest.handle({ target: "/me", headers }), `${size} bytes`);
  }
});

test("tokens, with others between them that are remembered", async () => {
  const guest = await loadGate(fileForm(GATES.main), options);
  const others = await Promise.all(
    Array.from({ length: 40 }, (_, i) => token({ jti: `${i}`, pad: "x".repeat(40 * i) })),
  );
  let number = 0;
  for (const size of sizes(16_000, 12)) {
    const other = others[number++ % others.length]!;
    for (const text of ["t".repeat(size), other]) {
      const headers = { Authorization: `Bearer ${text}` };
      isBounded(await guest.handle({ target: "/me", headers }), `${size} bytes`);
    }
  }
});

test("targets", async () => {
  const guest = await loadGate(fileForm(GATES.main), options);
  for (const size of sizes(60_000, 24)) {
    const target = `/me?${"q".repeat(size)}`;
    isBounded(await guest.handle({ target, headers: { Authorization: bearer } }), `${size} bytes`);
  }
});

/** Of a few bytes each, up to the limit of 64 KiB. */
const PAIRS = ["a&", "a=b&", "%61&", "a+b=%41&", "secret&", "secrets=false&", "..........&"];

for (const gate of ["language", "query", "main"] as const) {
  test(`queries of many parameters, gate ${gate}`, async () => {
    for (const pair of PAIRS) {
      const guest = await loadGate(fileForm(GATES[gate]), options);
      const query = pair.repeat(Math.floor(65_000 / pair.length));
      for (const path of ["/only", "/query", "/api/a"]) {
        const { trap, pages } = await guest.handle({ target: `${path}?${query}` });
        assert.equal(trap, null);
        assert.ok(pages <= LITTLE, `${pages} pages at ${path} and ${pair}`);
      }
    }
  });
}

test("bodies", async () => {
  const guest = await loadGate(fileForm(GATES.bodies), options);
  for (const size of sizes(1024 * 1024, 4096)) {
    const body = `{"a":"${"x".repeat(size - 8)}"}`;
    const headers = { Authorization: bearer, "Content-Type": "application/json" };
    const request = { method: "POST", target: "/blocks/filter", headers, body };
    isBounded(await guest.handle(request), `${size} bytes`);
  }
});

test("revocations", async () => {
  const folder = temporaryFolder("growing");
  mkdirSync(join(folder.path, "sessions"));
  const clock = new Clock();
  const session = { ...GATES.session.session, revocationTtl: "1s" };
  const guest = await loadGate(fileForm({ ...GATES.session, session }), {
    ...options,
    mounts: [`${folder.path}:${STATE}`],
    now: () => clock.ms,
  });
  // Both files of sessions' longest life, of 12 hours; a step is what is new when a guest looks again.
  const period = Math.floor(clock.seconds / 43_200);
  const record = revocation("sid", ISSUER, "another", clock.seconds);
  for (const before of [true, false]) {
    let records = Buffer.alloc(0);
    while (records.length < 4096 * record.length) {
      records = Buffer.concat([records, record, record, record, record]);
      const file = join(folder.path, `sessions/revoked-${before ? period - 1 : period}`);
      writeFileSync(`${file}.new`, records);
      renameSync(`${file}.new`, file);
      clock.pass(1);
      const headers = { Host: HOST, Cookie: cookie(good) };
      const result = await guest.handle({ target: "/me", headers });
      isBounded(result, `${records.length} bytes`);
      assert.equal(result.response.status, 200);
    }
  }
  folder.remove();
});

test("API keys and key sets in files", async () => {
  const folder = temporaryFolder("growing");
  const clock = new Clock();
  const write = (name: string, content: unknown) => {
    const file = join(folder.path, name);
    writeFileSync(`${file}.new`, JSON.stringify(content));
    renameSync(`${file}.new`, file);
  };
  const config = { ...GATES.file, apiKeysFile: `${STATE}/api-keys.json` };
  const guest = await loadGate(fileForm(config), {
    ...options,
    mounts: [`${folder.path}:${STATE}`],
    now: () => clock.ms,
  });
  const keys: object[] = [];
  const entries: object[] = [];
  for (let i = 0; i < 300; i++) {
    entries.push({ name: `key-${i}`, sha256: digestOf(`${i}`), roles: ["runner"] });
    if (i % 5 === 0) keys.push({ ...rsa.jwk, kid: `${i}`, x5c: ["A".repeat(1200)] });
    write("api-keys.json", entries);
    write("keys.json", { keys: [...keys, rsa.jwk] });
    clock.pass(1);
    const result = await guest.handle({ target: "/me", headers: { Authorization: bearer } });
    isBounded(result, `${i} of 300`);
    assert.equal(result.response.status, 200, result.logs.map(({ message }) => message).join());
  }
  folder.remove();
});

test("sign-outs that mode login writes down", async () => {
  const folder = temporaryFolder("growing");
  const login = await LoginHost.start(block({ stateDir: STATE }), {
    mounts: [`${folder.path}:${STATE}`],
  });
  const period = Math.floor(login.clock.seconds / 43_200);
  const file = join(folder.path, `unproven-${period}`);
  for (let i = 0; i < 300; i++) {
    // Others', by other guests.
    const records = Array.from({ length: 3 }, (_, j) =>
      revocation("sid", ISSUER, `${i}-${j}`, login.clock.seconds),
    );
    appendFileSync(file, Buffer.concat(records));
    const query = new URLSearchParams({ iss: ISSUER, sid: `session-${i}` });
    isBounded(await login.visit(`/oidc/frontchannel-logout?${query}`), `${i} of 300`);
  }
  assert.ok(statSync(file).size > 300 * 3 * 32, "nothing was written");
  folder.remove();
});
