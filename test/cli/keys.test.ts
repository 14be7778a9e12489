/** `rolegate secret`, `apikey` and `keys`: what is written, by whom it may be read, and that the plugin takes it. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { crc32 } from "../../src/cli/middleware/caller.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { type Provider, startProvider } from "../../stack/provider/provider.ts";
import { loadGate, request } from "../support/gate.ts";
import { digestOf } from "../support/api-keys.ts";
import { keySet, rsa } from "../support/keys.ts";
import { complaint, rolegate } from "./run.ts";

const folder = temporaryFolder("keys");
const path = (name: string) => join(folder.path, name);
const run = (...args: string[]) => rolegate(args, { cwd: folder.path });
afterEach(() => {
  rmSync(folder.path, { recursive: true });
  mkdirSync(folder.path);
});
after(() => folder.remove());

describe("secret", () => {
  test("256 random bits, another every time", async () => {
    const [one, other] = [await run("secret"), await run("secret")];
    assert.match(one.stdout, /^[A-Za-z0-9_-]{43}\n$/);
    assert.notEqual(one.stdout, other.stdout);
  });
  test("a file that only its owner can read, never over another, and nothing on the terminal", async () => {
    const made = await run("secret", "-o", "state/secret");
    assert.deepEqual([made.code, made.stdout], [0, ""]);
    assert.equal(statSync(path("state/secret")).mode & 0o777, 0o600);
    const kept = readFileSync(path("state/secret"), "utf8");
    const again = await run("secret", "-o", "state/secret");
    assert.deepEqual([again.code, complaint(again).code], [2, "file_exists"]);
    assert.equal(readFileSync(path("state/secret"), "utf8"), kept);
  });
  test("a Secret for Kubernetes, a line for an environment file", async () => {
    const { stdout } = await run("secret", "-f", "kubernetes", "--name", "rolegate");
    assert.match(
      stdout,
      /^kind: Secret$[\s\S]*name: rolegate[\s\S]*^ {2}session-secret: [\w-]{43}$/m,
    );
    assert.match((await run("secret", "-f", "env")).stdout, /^SESSION_SECRET=[\w-]{43}\n$/);
  });
});

describe("apikey", () => {
  const file = ["--file", "keys.json"];
  const kept = () =>
    JSON.parse(readFileSync(path("keys.json"), "utf8")) as { name: string; sha256: string }[];

  const NAMES: [name: string, isGood: boolean][] = [
    ...["ci", "build-7", "a.b_c", "team/ci", "ci@example.com", "Überwachung", "a b"].map(
      (it) => [it, true] as [string, boolean],
    ),
    ...[
      "bad name`",
      "`",
      "a`) || Role(`b",
      "{tenant}",
      "a{b",
      "a\nb",
      "a\tb",
      " ci",
      "ci ",
      "",
    ].map((it) => [it, false] as [string, boolean]),
  ];
  for (const [name, isGood] of NAMES) {
    test(`a key of ${JSON.stringify(name)} is ${isGood ? "made" : "refused: no rule could name it"}`, async () => {
      const made = await run("apikey", "new", name, "-r", "runner", ...file);
      assert.equal(made.code, isGood ? 0 : 2, made.stderr);
      if (!isGood) assert.equal(complaint(made).code, "api_key_name");
      assert.equal(existsSync(path("keys.json")), isGood);
    });
  }
  test("a new key is printed once, its digest kept, and the plugin lets its bearer in", async () => {
    const made = await run("apikey", "new", "ci", "-r", "runner", "-e", "90d", ...file);
    assert.equal(made.code, 0);
    const key = made.stdout.trim();
    const [, text, checksum] = /^(rg_[\w-]{43})([0-9a-f]{8})$/.exec(key)!;
    assert.equal(checksum, crc32(text!).toString(16).padStart(8, "0"));
    assert.deepEqual(
      kept().map(({ name, sha256 }) => [name, sha256]),
      [["ci", digestOf(key)]],
    );
    assert.ok(!readFileSync(path("keys.json"), "utf8").includes(key));
    assert.equal(statSync(path("keys.json")).mode & 0o777, 0o600);
    const guest = await loadGate(
      {
        ...{ issuer: "https://i.example", audience: "a", jwks: JSON.stringify(keySet(rsa)) },
        apiKeysFile: "/state/keys.json",
        rules: [{ match: "PathPrefix(`/`)", allow: "Role(`runner`)" }],
      },
      { mounts: [`${folder.path}:/state`] },
    );
    assert.equal((await request(guest, key)).response.status, 200);
    assert.equal((await request(guest, `${key.slice(0, -1)}x`)).response.status, 401);
  });
  test("list shows who has one, until when; revoke takes all of a name away, or one by its digest", async () => {
    await run("apikey", "new", "ci", "-r", "runner", "-r", "viewer", ...file);
    await run("apikey", "new", "ci", "-r", "runner", "-e", "2999-01-01", ...file);
    await run("apikey", "new", "cd", "-r", "runner", ...file);
    const { stdout } = await run("apikey", "list", ...file);
    assert.match(
      stdout,
      /^ci +runner, viewer +- +good +[0-9a-f]{12}\nci +runner +2999-01-01T00:00:00Z +good/m,
    );
    const [first] = kept();
    assert.equal((await run("apikey", "revoke", first!.sha256.slice(0, 10), ...file)).code, 0);
    assert.deepEqual(
      kept().map(({ name }) => name),
      ["ci", "cd"],
    );
    assert.equal((await run("apikey", "revoke", "ci", ...file)).code, 0);
    assert.deepEqual(
      kept().map(({ name }) => name),
      ["cd"],
    );
    const gone = await run("apikey", "revoke", "ci", ...file);
    assert.deepEqual(
      [gone.code, complaint(gone)],
      [2, { code: "api_key_unknown", message: "keys.json has no key ci", hint: "it has cd" }],
    );
  });
  test("a key that has ended says so", async () => {
    writeFileSync(
      path("keys.json"),
      JSON.stringify([
        { name: "old", sha256: "a".repeat(64), roles: "x", expires: "2020-01-01T00:00:00Z" },
      ]),
    );
    assert.match(
      (await run("apikey", "list", ...file)).stdout,
      /^old +x +2020-01-01T00:00:00Z +ended/m,
    );
  });
  test("without a file, the entry for the block", async () => {
    const { stdout, stderr } = await run("apikey", "new", "ci", "-r", "runner");
    assert.match(stderr, new RegExp(`sha256: "${digestOf(stdout.trim())}"`));
  });
  test("what the plugin would refuse is not written", async () => {
    const ran = await run("apikey", "new", "<name>", "-r", "runner", ...file);
    assert.deepEqual([ran.code, complaint(ran).code], [2, "api_key_refused"]);
    assert.ok(!existsSync(path("keys.json")));
    for (const [args, code] of [
      [["-e", "soon"], "time_invalid"],
      [["-e", "2020-01-01"], "time_past"],
    ] as const) {
      assert.equal(
        complaint(await run("apikey", "new", "a", "-r", "b", ...args, ...file)).code,
        code,
      );
    }
    writeFileSync(path("keys.json"), "{}");
    assert.equal(
      complaint(await run("apikey", "new", "a", "-r", "b", ...file)).code,
      "no_api_keys",
    );
    assert.equal(readFileSync(path("keys.json"), "utf8"), "{}");
  });
});

const encryption = { ...rsa.jwk, kid: "enc-1", use: "enc", alg: "RSA-OAEP" };

describe("keys", () => {
  let provider: Provider;
  let url = "";
  let document: unknown = {};
  const server = createServer((request, response) => {
    const metadata = { issuer: `${url}/other`, jwks_uri: `${url}/jwks` };
    const isTenants = request.url!.startsWith("/organizations/v2.0/.well-known/");
    const about = isTenants ? { ...metadata, issuer: `${url}/{tenantid}/v2.0` } : metadata;
    response.end(JSON.stringify(request.url === "/jwks" ? document : about));
  });
  before(async () => {
    provider = await startProvider();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await provider.stop();
    server.close();
  });

  test("sync brings them into a file for everybody to read, and leaves one alone that is the same", async () => {
    const first = await run("keys", "sync", provider.issuer, "-o", "jwks.json");
    assert.deepEqual([first.code, first.stderr], [0, "jwks.json: 2 usable, written\n"]);
    assert.deepEqual(JSON.parse(readFileSync(path("jwks.json"), "utf8")), provider.keys());
    assert.equal(statSync(path("jwks.json")).mode & 0o777, 0o644);
    const second = await run("keys", "sync", provider.issuer, "-o", "jwks.json");
    assert.equal(second.stderr, "jwks.json: 2 usable, unchanged\n");
  });
  test("--watch goes on until it is told to stop, and notices new keys", async () => {
    let ended = false;
    const watching = rolegate(
      ["keys", "sync", "--watch", "--interval", "1s", provider.issuer, "-o", "jwks.json"],
      {
        cwd: folder.path,
        started: (child) => {
          void (async () => {
            const read = () =>
              existsSync(path("jwks.json")) ? readFileSync(path("jwks.json"), "utf8") : "";
            const until = async (is: () => boolean) => {
              while (!is() && !ended) await new Promise((resolve) => setTimeout(resolve, 50));
            };
            await until(() => read() !== "");
            const old = read();
            await provider.rotate();
            await until(() => read() !== old && read() !== "");
            child.kill("SIGINT");
          })();
        },
      },
    );
    const { code, stderr } = await watching;
    ended = true;
    assert.equal(code, 130, stderr);
    assert.deepEqual(JSON.parse(readFileSync(path("jwks.json"), "utf8")), provider.keys());
  });
  test("what is no good leaves the file as it is", async () => {
    writeFileSync(path("jwks.json"), "good");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const BAD: [unknown, string][] = [
      [{ keys: [] }, "no_usable_key"],
      [{ keys: [{ kty: "oct", k: "AAAA" }] }, "no_usable_key"],
      // Keycloak publishes one beside its others; a token that is signed by it is refused.
      [{ keys: [encryption] }, "no_usable_key"],
      [{ keys: [{ ...privateKey.export({ format: "jwk" }), kid: "p" }] }, "private_key"],
      [{ error: "x" }, "no_key_set"],
      [`${" ".repeat(600_000)}`, "too_large"],
    ];
    for (const [body, code] of BAD) {
      document = body;
      const ran = await run("keys", "sync", "--jwks-url", `${url}/jwks`, "-o", "jwks.json");
      assert.deepEqual([ran.code, complaint(ran).code], [3, code]);
    }
    assert.equal(readFileSync(path("jwks.json"), "utf8"), "good");
  });
  test("only keys that verify are counted, and a private member that is null is none", async () => {
    document = { keys: [{ ...rsa.jwk, d: null, k: null }, encryption] };
    const ran = await run("keys", "sync", "--jwks-url", `${url}/jwks`, "-o", "jwks.json");
    assert.deepEqual([ran.code, ran.stderr], [0, "jwks.json: 1 usable, written\n"]);
  });
  test("an issuer of several tenants, whose metadata is at organizations", async () => {
    document = { keys: [rsa.jwk] };
    const ran = await run("keys", "sync", `${url}/{tenantid}/v2.0`, "-o", "jwks.json");
    assert.deepEqual([ran.code, ran.stderr], [0, "jwks.json: 1 usable, written\n"]);
  });
  test("an issuer that calls itself otherwise, and one that is not https", async () => {
    const other = await run("keys", "sync", url, "-o", "jwks.json");
    assert.deepEqual([other.code, complaint(other).code], [3, "issuer_differs"]);
    const open = await run("keys", "sync", "http://sso.example.com", "-o", "jwks.json");
    assert.deepEqual([open.code, complaint(open).code], [2, "not_https"]);
  });
  test("show says of each what it is, and what the plugin makes of it", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const set = {
      keys: [
        rsa.jwk,
        { ...publicKey.export({ format: "jwk" }), kid: "short" },
        { kty: "oct", k: "AA" },
        encryption,
      ],
    };
    writeFileSync(path("set.json"), JSON.stringify(set));
    const { code, stdout } = await run("keys", "show", "set.json");
    assert.equal(code, 0);
    assert.match(stdout, /^rsa-1 +RSA 2048 +RS256 +sig +usable +[\w-]{43}$/m);
    assert.match(stdout, /^short +RSA 1024 +- +- +its RSA modulus is shorter than 2048/m);
    assert.match(stdout, /^- +oct +- +- +it is a symmetric key/m);
    assert.match(stdout, /^enc-1 .* enc +none of its keys is for verifying signatures/m);
    const shown = await run("keys", "show", provider.issuer);
    assert.equal(shown.code, 0);
  });
});
