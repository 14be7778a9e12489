/** `rolegate doctor --preset prefect` against a real Prefect behind a real Traefik: silent when it is healthy, one thing wrong at a time. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { PREFECT } from "../../src/cli/doctor/prefect/catalogue-table.ts";
import { installPrefect } from "../../stack/prefect/package.ts";
import { type Prefect, startPrefect } from "../../stack/prefect/prefect.ts";
import { type SignInStack, startSignInStack } from "../../stack/sign-in-stack.ts";
import { Undo } from "../../stack/machine/undo.ts";
import { merge, type Tree } from "../../stack/traefik/config.ts";
import { defaults, hierarchy, rulesOf } from "../../src/presets/prefect/preset.ts";
import { rolegate } from "../cli/run.ts";
import { PREFECT_FAULTS, type Rule } from "./doctor-faults-table.ts";

const password = "admin:second-lock";
const rules: Rule[] = rulesOf(defaults).map(({ name, match, allow }) => ({
  name,
  match: match.join("\n"),
  allow,
}));
const undo = new Undo();
const folder = temporaryFolder("doctor");
undo.add(() => folder.remove());
const seen = new Set<string>();
let stack: SignInStack;
let prefect: Prefect;
/** With settings that are wrong behind Rolegate. */
let other: Prefect;
let healthy: Tree;
let files: string[];

const service = (url: string): Tree => ({ app: { loadBalancer: { servers: [{ url }] } } });
/** Of all three modes, whose blocks must be the same. */
const block = (change: Tree): Tree => ({
  http: {
    middlewares: Object.fromEntries(
      ["rolegate", "rolegate-login", "rolegate-keys"].map((name) => [
        name,
        { plugin: { rolegate: change } },
      ]),
    ),
  },
});

async function start(): Promise<void> {
  stack = await startSignInStack({
    block: {
      roles: {
        viewer: ["app-viewer"],
        runner: ["app-runner"],
        worker: ["app-worker"],
        developer: ["app-developer"],
        owner: ["app-owner"],
      },
      roleHierarchy: hierarchy,
      rules,
    },
  });
  undo.add(() => stack.stop());
  await installPrefect();
  // Both at once, on a machine that has other work as well.
  const timeout = 300_000;
  const starting = [
    startPrefect({ timeout }),
    startPrefect({
      timeout,
      settings: {
        PREFECT_SERVER_API_AUTH_STRING: password,
        PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true",
        // The same Traefik under another name: another host for browsers.
        PREFECT_UI_API_URL: `${stack.url.replace("localhost", "127.0.0.1")}/api`,
      },
    }),
  ];
  // Whichever fails, the other one is stopped.
  for (const one of starting) {
    const stop = async () => (await one.catch(() => null))?.stop();
    undo.add(stop);
  }
  [prefect, other] = (await Promise.all(starting)) as [Prefect, Prefect];
  const configuration = join(stack.traefik.folder, "dynamic", "dynamic.yml");
  const made = JSON.parse(readFileSync(configuration, "utf8")) as Tree;
  healthy = merge(made, { http: { services: service(prefect.url) } });
  const file = join(folder.path, "dynamic.yml");
  writeFileSync(file, JSON.stringify(healthy));
  files = ["-c", join(stack.traefik.folder, "traefik.yml"), "-c", file, "-m", "rolegate@file"];
}

before(() => undo.orKeep(start));
after(() => undo.all());

interface Finding {
  code: string;
  evidence: string;
}

/** As `alice`, a viewer, with all that can be given. */
async function doctor(user: string, ...more: string[]) {
  const args = ["--token", await stack.provider.token(user), "--api", stack.traefik.api, ...files];
  const all = ["doctor", "--json", stack.url, "--preset", "prefect", ...args, ...more];
  const ran = await rolegate(all);
  assert.equal(ran.stderr, "");
  const { findings } = JSON.parse(ran.stdout) as { findings: Finding[] };
  for (const it of findings) seen.add(it.code);
  return { code: ran.code, findings, codes: findings.map(({ code }) => code).sort() };
}

async function clientOf(user: string): Promise<string> {
  const file = join(folder.path, "client.env");
  const headers = JSON.stringify({ Authorization: `Bearer ${await stack.provider.token(user)}` });
  writeFileSync(
    file,
    `PREFECT_API_URL=${stack.url}/api\nPREFECT_CLIENT_CUSTOM_HEADERS=${headers}\nVersion: 3.8.8\n`,
  );
  return file;
}

describe("a Prefect that is as it should be", () => {
  before(() => stack.traefik.configure(healthy));
  // A viewer, a runner, an owner. Tokens of the development provider are good for an hour, and a worker's should be longer.
  for (const user of ["alice", "bob", "carol"]) {
    test(`${user} is told of nothing`, async () => {
      const { code, findings } = await doctor(user);
      assert.deepEqual([code, findings], [0, []]);
    });
  }
  test("a client's environment", async () => {
    const { findings } = await doctor("alice", "--client-env", await clientOf("alice"));
    assert.deepEqual(
      findings.filter(({ code }) => code !== "prefect_client_expiry"),
      [],
    );
  });
  test("whose port is open", async () => {
    const { code, codes } = await doctor("alice", "--upstream", prefect.url);
    assert.deepEqual([code, codes], [1, ["application_exposed"]]);
  });
});

describe("one thing wrong", () => {
  for (const { name, codes, http = {}, rules: changed } of PREFECT_FAULTS) {
    test(name, async () => {
      const own = changed ? block({ rules: changed(rules) }) : {};
      await stack.traefik.configure(merge(merge(healthy, own), { http }));
      const found = await doctor("alice");
      assert.deepEqual(found.codes, codes, JSON.stringify(found.findings, null, 2));
    });
  }
});

test("all five WebSockets are open where the API is", async () => {
  await stack.traefik.configure(
    merge(healthy, { http: { routers: { app: { middlewares: [] } } } }),
  );
  const { findings } = await doctor("alice");
  const open = findings.find(({ code }) => code === "prefect_socket_open")!;
  assert.equal(open.evidence.split(", ").length, 5, open.evidence);
});

describe("a server with a password of its own, CSRF protection, and pages that ask another host", () => {
  const configure = (...changes: Tree[]) =>
    stack.traefik.configure(
      changes.reduce(merge, merge(healthy, { http: { services: service(other.url) } })),
    );
  const both = { http: { routers: { app: { rule: "Host(`localhost`) || Host(`127.0.0.1`)" } } } };

  test("where nobody answers", async () => {
    await configure();
    const { codes, findings } = await doctor("alice");
    assert.deepEqual(codes, ["prefect_csrf", "prefect_password", "prefect_ui_url"]);
    const { evidence } = findings.find(({ code }) => code === "prefect_ui_url")!;
    assert.match(evidence, /^\/ui-settings names http:\/\/127\.0\.0\.1:\d+\/api$/);
  });
  test("where Rolegate answers too", async () => {
    await configure(both);
    const { codes } = await doctor("alice");
    assert.deepEqual(codes, ["prefect_csrf", "prefect_password", "prefect_two_hosts"]);
  });
  test("the password, which Rolegate brings along", async () => {
    const upstreamAuthorization = `Basic ${Buffer.from(password).toString("base64")}`;
    await configure(both, block({ upstreamAuthorization }));
    const { codes, findings } = await doctor("alice");
    assert.deepEqual(codes, [
      "prefect_csrf",
      "prefect_second_lock",
      "prefect_two_hosts",
      // In each of the three middlewares.
      ...["secret_shown", "secret_shown", "secret_shown"],
    ]);
    assert.ok(!JSON.stringify(findings).includes(upstreamAuthorization));
  });
});

test("every finding about a server was brought about with this one; an old one is not here", () => {
  const all = Object.keys(PREFECT).filter((it) => !/^prefect_(client|server)_/.test(it));
  assert.deepEqual(
    all.filter((code) => !seen.has(code)),
    ["prefect_version"],
  );
});
