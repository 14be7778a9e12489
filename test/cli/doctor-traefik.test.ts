/** `rolegate doctor` and a real Traefik whose dynamic configuration has one thing wrong at a time, and a token that it gets itself. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { type SignInStack, startSignInStack } from "../../stack/sign-in-stack.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { merge, type Tree } from "../../stack/traefik/config.ts";
import { TRAEFIK_FAULTS } from "./doctor-faults-table.ts";
import { rolegate } from "./run.ts";

const folder = temporaryFolder("doctor-traefik");
let stack: SignInStack;
let healthy: Tree;
let files: string[] = [];

before(async () => {
  stack = await startSignInStack();
  const configuration = join(stack.traefik.folder, "dynamic", "dynamic.yml");
  healthy = JSON.parse(readFileSync(configuration, "utf8")) as Tree;
  // As it is when it is healthy: what is in force may be broken.
  const block = join(folder.path, "dynamic.yml");
  writeFileSync(block, JSON.stringify(healthy));
  files = ["-c", join(stack.traefik.folder, "traefik.yml"), "-c", block, "-m", "rolegate@file"];
});
after(async () => {
  await stack?.stop();
  folder.remove();
});

interface Report {
  findings: { code: string; evidence: string; severity: string; remedy: string; docs: string }[];
  skipped: { what: string; needs: string }[];
}

async function doctor(args: string[], env: Record<string, string> = {}) {
  const ran = await rolegate(["doctor", "--json", stack.url, "-p", "/api/runs", ...args], { env });
  assert.equal(ran.stderr, "");
  const report = JSON.parse(ran.stdout) as Report;
  return { ...report, code: ran.code, codes: report.findings.map((it) => it.code).sort() };
}

const token = () => stack.provider.token("bob");
const everything = async () => [
  ...files,
  ...["--token", await token(), "--websocket", "/api/runs", "--api", stack.traefik.api],
];

describe("a real Traefik", () => {
  for (const { name, codes, http } of TRAEFIK_FAULTS) {
    test(name, async () => {
      await stack.traefik.configure(merge(healthy, { http }));
      const found = await doctor(await everything());
      assert.deepEqual(found.codes, codes, JSON.stringify(found.findings, null, 2));
    });
  }
  test("that is as it should be, again", async () => {
    await stack.traefik.configure(healthy);
    const { code, findings } = await doctor(await everything());
    assert.deepEqual([code, findings], [0, []]);
  });
  test("under an address that publicUrl does not have", async () => {
    const rule = { http: { routers: { app: { rule: "PathPrefix(`/`)" } } } };
    const login = { http: { routers: { login: { rule: "PathPrefix(`/oidc`)" } } } };
    await stack.traefik.configure(merge(merge(healthy, rule), login));
    const at = stack.url.replace("localhost", "127.0.0.1");
    const ran = await rolegate(["doctor", "--json", at, "-p", "/api/runs", ...files]);
    const { findings } = JSON.parse(ran.stdout) as Report;
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["public_url_differs"],
    );
    assert.match(findings[0]!.evidence, /421; publicUrl is http:\/\/localhost:\d+$/);
    await stack.traefik.configure(healthy);
  });
  test("sign-in is followed without the block, where refusals say where it is", async () => {
    const http = { routers: { login: { rule: "Host(`other.example`)" } } };
    await stack.traefik.configure(merge(healthy, { http }));
    assert.deepEqual((await doctor([])).codes, ["login_router_missing"]);
    await stack.traefik.configure(healthy);
    const { codes, skipped } = await doctor([]);
    assert.deepEqual(codes, []);
    assert.ok(!skipped.some(({ what }) => what.startsWith("sign-in")), JSON.stringify(skipped));
  });
  test("a key file that lags behind, found by the mounts", async () => {
    const old = join(folder.path, "state");
    mkdirSync(old);
    const file = join(old, stateFile("jwks", stack.provider.issuer));
    writeFileSync(file, JSON.stringify({ keys: [{ kid: "old" }] }));
    const { codes, findings } = await doctor([...files, "--mount", `${old}:/state`]);
    assert.deepEqual(codes, ["keys_stale"]);
    assert.ok(findings[0]!.evidence.startsWith(`${file} lacks `), findings[0]!.evidence);
  });
});

test("over TLS, as it should be, and with a certificate that nobody vouches for", async () => {
  const secure = await startSignInStack({ tls: true });
  try {
    const ask = async (...args: string[]) => {
      const ran = await rolegate(["doctor", "--json", secure.url, ...args]);
      const { findings } = JSON.parse(ran.stdout) as Report;
      return [ran.code, ...findings.map(({ code }) => code)];
    };
    assert.deepEqual(await ask("--insecure", "--api", secure.traefik.api), [0]);
    assert.deepEqual(await ask(), [1, "unreachable"]);
  } finally {
    await secure.stop();
  }
});

describe("a token that doctor gets itself", () => {
  const args = () => [...files, "--user", "bob", "--client-id", "app", "--secret-env", "SECRET"];
  const SECRET = () => stack.provider.clients.secret;

  test("by name and password", async () => {
    const { codes, skipped } = await doctor(args(), { PASSWORD: "bob", SECRET: SECRET() });
    assert.deepEqual(codes, []);
    // It has one, or it would say that there is none.
    assert.ok(!skipped.some(({ needs }) => needs.includes("--token")), JSON.stringify(skipped));
  });
  test("whose roles are somewhere else", async () => {
    const block = join(folder.path, "roles.yml");
    const text = JSON.stringify(healthy);
    const changed = text.replaceAll(/"rolesFrom":(\[[^\]]*\]|"[^"]*")/g, '"rolesFrom":"nowhere"');
    assert.notEqual(changed, text);
    writeFileSync(block, changed);
    const own = args().map((it) => (it.endsWith("dynamic.yml") ? block : it));
    const { code, codes } = await doctor(own, { PASSWORD: "bob", SECRET: SECRET() });
    assert.deepEqual([code, codes], [4, ["roles_missing"]]);
  });
  test("and does not get", async () => {
    const { code, codes } = await doctor(args(), { PASSWORD: "wrong", SECRET: SECRET() });
    assert.deepEqual([code, codes], [1, ["token_not_given"]]);
  });
});
