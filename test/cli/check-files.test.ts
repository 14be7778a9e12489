/** `rolegate check`, where the block names files: the one of `configFile` with the block in it, and those with keys. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { HEALTHY_STATIC } from "./findings-table.ts";
import { complaint, rolegate } from "./run.ts";

const folder = temporaryFolder("check-files");
const path = (name: string) => join(folder.path, name);
const write = (name: string, text: string | object) =>
  writeFileSync(path(name), typeof text === "string" ? text : JSON.stringify(text, null, 2));
beforeEach(() => mkdirSync(path("state")));
afterEach(() => rmSync(path("state"), { recursive: true, force: true }));
after(() => folder.remove());

interface Found {
  findings: { code: string; severity: string; message: string; file: string; line: number }[];
  standIns: string[];
}

const run = (...args: string[]) => rolegate(args, { cwd: folder.path });

async function found(...args: string[]): Promise<Found> {
  const { stdout, stderr } = await run("check", "--format", "json", ...args);
  assert.equal(stderr, "");
  return JSON.parse(stdout) as Found;
}
const codesOf = ({ findings }: Found) => findings.map(({ code }) => code);

const dynamicWith = (block: string) => `http:
  routers:
    app: {rule: "Host(\`a.example\`)", service: app, middlewares: [gate]}
  services:
    app: {loadBalancer: {servers: [{url: "http://127.0.0.1:1"}]}}
  middlewares:
    gate:
      plugin:
        rolegate: ${block}
`;

const BLOCK = {
  issuer: "https://sso.example.com",
  clientId: "app",
  signingSecret: "env:HS_SECRET",
  algorithms: ["HS256"],
  rules: [{ match: "PathPrefix(`/`)", allow: "authenticated" }],
};

describe("configFile", () => {
  beforeEach(() => {
    write(
      "traefik.yml",
      HEALTHY_STATIC.replace("        mounts", "        envs: [HS_SECRET]\n        mounts"),
    );
    write("dynamic.yml", dynamicWith("{configFile: /state/rolegate.json}"));
    write("state/rolegate.json", BLOCK);
  });

  test("the block in the file is checked, and nothing is wrong with it", async () => {
    const result = await found("--strict", "traefik.yml", "dynamic.yml");
    assert.deepEqual(result.findings, []);
    assert.deepEqual(result.standIns, ["the environment variable HS_SECRET"]);
  });

  test("its mistakes have their places in the file", async () => {
    write("state/rolegate.json", {
      ...BLOCK,
      rules: [{ match: "Pat(`/`)", allow: "authenticated" }],
    });
    const { findings } = await found("traefik.yml", "dynamic.yml");
    assert.deepEqual(
      findings.map(({ code, file, line }) => [code, file, line]),
      [["syntax", "state/rolegate.json", 10]],
    );
  });

  test("--mount says where it is, without a static configuration", async () => {
    write("state/rolegate.json", { ...BLOCK, isuer: "x" });
    const result = await found("--mount", "./state:/state", "dynamic.yml");
    assert.deepEqual(codesOf(result), ["unknown_key"]);
    assert.equal(result.findings[0]!.file, "state/rolegate.json");
  });

  test("routers are judged by the block in it: sign-in without a login router", async () => {
    const more = {
      publicUrl: "https://a.example",
      session: { secrets: ["env:HS_SECRET"] },
      stateDir: "/state",
    };
    write("state/rolegate.json", { ...BLOCK, ...more, login: { clientAuth: "none" } });
    assert.deepEqual(codesOf(await found("traefik.yml", "dynamic.yml")).sort(), [
      "login_router_missing",
      "public_url_plain",
    ]);
  });

  test("what stands beside it is misplaced, in Traefik's file", async () => {
    write(
      "dynamic.yml",
      dynamicWith("{configFile: /state/rolegate.json, issuer: https://x.example}"),
    );
    const { findings } = await found("traefik.yml", "dynamic.yml");
    assert.deepEqual(
      findings.map(({ code, file, line }) => [code, file, line]),
      [["misplaced", "dynamic.yml", 9]],
    );
  });

  test("no mount is known: it says so, and that the block is not checked", async () => {
    write("state/rolegate.json", { isuer: 1 });
    const { findings } = await found("dynamic.yml");
    assert.deepEqual(
      findings.map(({ code, severity, message }) => [code, severity, message]),
      [
        [
          "config_file_unread",
          "warning",
          "no mount is known here that holds /state/rolegate.json: the block in it is not checked",
        ],
      ],
    );
  });

  test("the folder is on another machine: the same", async () => {
    rmSync(path("state"), { recursive: true });
    const { findings } = await found("traefik.yml", "dynamic.yml");
    assert.deepEqual(
      findings.map(({ code, message }) => [code, message]),
      [
        [
          "config_file_unread",
          "the folder ./state, mounted as /state, is not here: the block in it is not checked",
        ],
      ],
    );
  });

  test("no mount of the static configuration holds it, or there is no such file: the plugin's own error", async () => {
    write("dynamic.yml", dynamicWith("{configFile: /etc/rolegate.json}"));
    assert.deepEqual(codesOf(await found("traefik.yml", "dynamic.yml")), ["unreadable"]);
    write("dynamic.yml", dynamicWith("{configFile: /state/other.json}"));
    assert.deepEqual(codesOf(await found("traefik.yml", "dynamic.yml")), ["unreadable"]);
    write("dynamic.yml", dynamicWith("{configFile: state/rolegate.json}"));
    assert.equal(codesOf(await found("traefik.yml", "dynamic.yml")).length, 1);
  });

  test("a file that is no JSON is the plugin's own error as well", async () => {
    write("state/rolegate.json", "{");
    assert.deepEqual(codesOf(await found("traefik.yml", "dynamic.yml")), ["not_a_map"]);
  });

  test("explain and matrix decide by it", async () => {
    write("state/rolegate.json", {
      ...BLOCK,
      rules: [{ name: "open", match: "PathPrefix(`/x`)", allow: "public" }],
    });
    const config = ["-c", "traefik.yml", "-c", "dynamic.yml"];
    const explained = await run("explain", ...config, "GET", "https://a.example/x");
    assert.match(explained.stdout, /decision +allow, by rule open/, explained.stderr);
    write("routes.txt", "GET /x\n");
    const matrix = await run("matrix", ...config, "--routes", "routes.txt", "-f", "csv");
    assert.match(matrix.stdout, /open/, matrix.stderr);
    const without = await run("explain", "-c", "dynamic.yml", "GET", "https://a.example/x");
    assert.deepEqual([without.code, complaint(without).code], [2, "config_file_unread"]);
  });
});

/** A key's public half, made for this test; nothing is signed with it. */
const EC = {
  ...{ kty: "EC", crv: "P-256", kid: "one", use: "sig", alg: "ES256" },
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};

describe("files with keys", () => {
  const jwks = (keys: unknown) => write("state/jwks.json", { keys });
  const check = (more = "") => {
    write(
      "dynamic.yml",
      dynamicWith(
        `{issuer: "https://sso.example.com", clientId: app, jwksFile: /state/jwks.json${more}}`,
      ),
    );
    return found("--mount", "./state:/state", "dynamic.yml");
  };
  const summary = ({ findings }: Found) =>
    findings.map(({ code, severity, line, message }) => [code, severity, line, message]);

  test("good ones: nothing is said", async () => {
    jwks([EC]);
    assert.deepEqual((await check()).findings, []);
  });

  test("none there", async () => {
    const result = await check();
    const message = "/state/jwks.json: the file is not there";
    assert.deepEqual(summary(result), [["keys_missing", "warning", 9, message]]);
  });

  test("none that the plugin can use", async () => {
    jwks([{ kty: "oct", k: "AAAA" }]);
    const [first] = summary(await check());
    assert.deepEqual(first!.slice(0, 2), ["keys_refused", "error"]);
    assert.match(String(first![3]), /^\/state\/jwks\.json: it has no usable key/);
  });

  test("one that it cannot use, beside a good one", async () => {
    jwks([EC, { ...EC, kid: "two", x: "AAAA" }]);
    const [first, ...rest] = summary(await check());
    assert.deepEqual([first!.slice(0, 2), rest], [["keys_skipped", "note"], []]);
    assert.match(String(first![3]), /keys\[1\]/);
  });

  test("API keys that are no list", async () => {
    jwks([EC]);
    write("state/api-keys.json", {});
    const [first, ...rest] = summary(await check(", apiKeysFile: /state/api-keys.json"));
    assert.deepEqual([first!.slice(0, 2), rest], [["keys_refused", "error"], []]);
  });

  test("where the mount is made up, nothing is said of what cannot be there", async () => {
    await check();
    const result = await found("dynamic.yml");
    assert.deepEqual([result.findings, result.standIns], [[], ["a mount at /state"]]);
  });

  test("fetched ones: not there yet is no finding, too old is one", async () => {
    write(
      "dynamic.yml",
      dynamicWith(
        `{issuer: "https://sso.example.com", clientId: app, stateDir: /state, keys: {maxStale: 1h}}`,
      ),
    );
    const args = ["--mount", "./state:/state", "dynamic.yml"];
    assert.deepEqual(codesOf(await found(...args)), ["keys_router_missing"]);
    const name = `state/${stateFile("jwks", "https://sso.example.com")}`;
    write(name, { keys: [EC] });
    assert.deepEqual(codesOf(await found(...args)), ["keys_router_missing"]);
    const old = Date.now() / 1000 - 7200;
    utimesSync(path(name), old, old);
    assert.deepEqual(codesOf(await found(...args)).sort(), ["keys_router_missing", "keys_stale"]);
  });
});

test("a mount that is none is said to be none", async () => {
  write("dynamic.yml", dynamicWith("{configFile: /state/rolegate.json}"));
  const ran = await run("check", "--mount", "a:b:c", "dynamic.yml");
  const { code, message } = complaint(ran);
  assert.deepEqual([ran.code, code, message], [2, "mount_invalid", "a:b:c is no mount"]);
});
