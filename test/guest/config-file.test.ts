/**
 * `configFile`: the block out of a JSON file on a mount decides as it would in Traefik's configuration; only `mode` may
 * stand beside it, and wins. What is wrong with the file, or in it, is found like anything else.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { BAD_CONFIGURATIONS } from "../cases/bad-configurations.ts";
import { GOOD, GOOD_CONFIGURATIONS } from "../cases/configurations.ts";
import { GOOD_SIGN_IN, SIGN_IN } from "../cases/sign-in.ts";
import { fileForm, labelForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { token } from "../support/tokens.ts";

const folder = temporaryFolder("config-file");
after(() => folder.remove());
const write = (name: string, content: string | Buffer) =>
  writeFileSync(join(folder.path, name), content);

const FILE = "/state/rolegate.json";

/** A guest under a block that names the file with that content. */
async function load(content: unknown, outer: unknown = { configFile: FILE }) {
  const isRaw = typeof content === "string" || Buffer.isBuffer(content);
  write("rolegate.json", isRaw ? content : JSON.stringify(content));
  const guest = await loadGate(outer, { mounts: [`${folder.path}:/state`] });
  const { logs } = guest.check();
  const findings = logs.flatMap(({ data }) => (data ? [data] : []));
  return { guest, findings, errors: findings.filter(({ severity }) => severity === "error") };
}

const place = ({ path, code }: { path?: unknown; code?: unknown }) => `${path}: ${code}`;

describe("the file is the configuration", () => {
  for (const [name, config] of Object.entries(GOOD_CONFIGURATIONS)) {
    test(name, async () => {
      const { guest, errors } = await load(config);
      assert.deepEqual(errors, []);
      const bearer = { target: "/", headers: { Authorization: `Bearer ${await token()}` } };
      assert.equal((await guest.handle(bearer)).response.status, 200);
      assert.equal((await guest.handle({ target: "/" })).response.status, 401);
    });
  }
  for (const [name, config] of Object.entries(GOOD_SIGN_IN)) {
    test(`sign-in: ${name}`, async () => {
      // One that names a file itself says so.
      const { configFile: _, ...rest } = config;
      assert.deepEqual((await load(rest)).errors, []);
    });
  }
  for (const { name, config, mistakes } of BAD_CONFIGURATIONS) {
    test(`mistakes: ${name}`, async () => {
      assert.deepEqual((await load(config)).errors.map(place).sort(), mistakes.map(place).sort());
    });
  }
});

describe("beside the file", () => {
  test("mode wins, in any case", async () => {
    for (const [outer, inner] of [
      [{ mode: "keys" }, {}],
      [{ Mode: "keys" }, { MODE: "protect" }],
      [{ mode: "keys" }, { mode: "no mode at all" }],
    ]) {
      const { errors } = await load({ ...GOOD, ...inner }, { ...outer, configFile: FILE });
      assert.deepEqual(errors.map(place), ["stateDir: missing"]);
    }
  });
  test("without one, the file's counts", async () => {
    const { errors } = await load({ ...GOOD, mode: "keys" });
    assert.deepEqual(errors.map(place), ["stateDir: missing"]);
  });
  test("a wrong mode is wrong", async () => {
    const { errors } = await load(GOOD, { mode: "keyes", configFile: FILE });
    assert.deepEqual(errors.map(place), ["mode: wrong_value"]);
  });
  test("two modes are one too many", async () => {
    const { errors } = await load(GOOD, { mode: "keys", MODE: "auth", configFile: FILE });
    assert.ok(errors.map(place).includes("mode: duplicate_key"));
  });
  test("nothing else may stand, and the file's mistakes are found too", async () => {
    const outer = { configfile: FILE, issuer: GOOD.issuer, xyzzy: "1" };
    const { errors } = await load({ ...GOOD, audit: "some" }, outer);
    assert.deepEqual(errors.map(place).sort(), [
      "audit: wrong_value",
      "issuer: misplaced",
      "xyzzy: misplaced",
    ]);
  });
  for (const [form, deliver] of Object.entries({ fileForm, labelForm })) {
    test(`as it is delivered: ${form}`, async () => {
      const { errors } = await load(SIGN_IN, deliver({ mode: "protect", configFile: FILE }));
      assert.deepEqual(errors, []);
    });
  }
});

describe("the file", () => {
  test("hides what stands in it in clear", async () => {
    assert.deepEqual((await load(SIGN_IN)).findings, []);
    const { findings } = await load("", SIGN_IN);
    assert.deepEqual(findings.map(place), ["session.secrets[0]: literal_secret"]);
  });
  test("may name what describes it to editors, which the block may not", async () => {
    const described = { $schema: "https://example.com/rolegate.schema.json", ...GOOD };
    assert.deepEqual((await load(described)).errors, []);
    assert.deepEqual((await load("", described)).errors.map(place), ["$schema: unknown_key"]);
  });
  test("names no other", async () => {
    const { errors } = await load({ ...GOOD, configFile: "/state/other.json" });
    assert.deepEqual(errors.map(place), ["configFile: misplaced"]);
  });

  const NO_MAPS: Record<string, string | Buffer> = {
    "is empty": "",
    "is a list": JSON.stringify([GOOD]),
    "is YAML": "issuer: https://sso.example.com",
    "is half there": JSON.stringify(GOOD).slice(0, 100),
    "has a key twice": '{"issuer":"https://a.example","issuer":"https://b.example"}',
    "is not UTF-8": Buffer.from('{"issuer":"\u00ff"}', "latin1"),
    "begins with a byte order mark": `\uFEFF${JSON.stringify(GOOD)}`,
  };
  for (const [what, content] of Object.entries(NO_MAPS)) {
    test(`${what}: no map`, async () => {
      assert.deepEqual((await load(content)).errors.map(place), ["configFile: not_a_map"]);
    });
  }

  const padded = (bytes: number) => JSON.stringify(GOOD).padEnd(bytes, " ");
  test("has at most 1 MiB", async () => {
    assert.deepEqual((await load(padded(1024 * 1024))).errors, []);
    const { errors } = await load(padded(1024 * 1024 + 1));
    assert.deepEqual(errors.map(place), ["configFile: unreadable"]);
  });

  const UNREADABLE: Record<string, string> = {
    "that is not there": "/state/nowhere.json",
    "on no mount": "/elsewhere/rolegate.json",
    "that is the mount": "/state",
    "outside its mount": "/state/../etc/passwd",
  };
  for (const [what, path] of Object.entries(UNREADABLE)) {
    test(`one ${what} cannot be read`, async () => {
      const { errors } = await load(GOOD, { configFile: path });
      assert.deepEqual(errors.map(place), ["configFile: unreadable"]);
    });
  }
  for (const [value, code] of [
    ["rolegate.json", "wrong_value"],
    ["<path>", "placeholder"],
    [["/state/rolegate.json"], "wrong_type"],
    [true, "wrong_type"],
  ] as const) {
    test(`${JSON.stringify(value)}: ${code}`, async () => {
      const { guest, errors } = await load(GOOD, { configFile: value });
      assert.deepEqual(errors.map(place), [`configFile: ${code}`]);
      const { response } = await guest.handle({ target: "/" });
      assert.equal(response.status, 500);
    });
  }
});
