/** What log, page, `check` and `doctor` say of common faults, in a real Traefik: each must name it who can see it. docs/faults.md has the table. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CATALOGUE } from "../../src/cli/check/catalogue-table.ts";
import { checkSetup } from "../../src/cli/check/run.ts";
import { FINDINGS } from "../../src/cli/doctor/catalogue-table.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { loopback } from "../../stack/machine/ports.ts";
import {
  type SignInOptions,
  type SignInStack,
  startSignInStack,
} from "../../stack/sign-in-stack.ts";
import { internalEntryPoint } from "../../stack/sign-in.ts";
import { merge, type Tree } from "../../stack/traefik/config.ts";
import { waitForKeys } from "../../stack/traefik/fetched-keys.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { root } from "../../tools/root.ts";
import { until } from "../browser/until.ts";
import { EngineServer, storeIsUnread } from "../support/engine-server.ts";
import { FakeEtcd } from "../support/fake-etcd.ts";
import { pluginWasm } from "../support/gate.ts";
import { HttpBrowser, type Visit } from "../support/http-browser.ts";
import { type Fault, NEWCOMERS, OTHERS, type Scene, STORES } from "./faults-table.ts";
import { rolegate } from "./run.ts";

const etcdPassword = randomBytes(24).toString("base64url");
const engine = new EngineServer(new FakeEtcd().upstream);
let stack: SignInStack;
let healthy: Tree;
/** Findings of the healthy set-up, about plain http on this machine. */
let usual: Set<string>;
let usualPaths: SignInStack["provider"]["clients"]["paths"];
const rows = new Map<Fault, string[]>();
/** Where people found the applications. */
const ports = new Set<string>();

before(() => engine.start());
after(() => engine.stop());

async function begin(options: SignInOptions): Promise<void> {
  stack = await startSignInStack(options);
  usualPaths = { ...stack.provider.clients.paths };
  healthy = JSON.parse(dynamicOf(stack.traefik)) as Tree;
  usual = new Set(await checked(stack.traefik));
  ports.add(new URL(stack.url).port);
  await mend();
}

const fileOf = (traefik: Traefik) => join(traefik.folder, "dynamic", "dynamic.yml");
const dynamicOf = (traefik: Traefik) => readFileSync(fileOf(traefik), "utf8");

async function checked(traefik: Traefik): Promise<string[]> {
  const files = [join(traefik.folder, "traefik.yml"), fileOf(traefik)];
  const sources = files.map((file) => new SourceFile(file, readFileSync(file, "utf8")));
  const { findings } = await checkSetup(setupOf(sources), pluginWasm);
  return [...new Set(findings.map(({ code }) => code))];
}

function scene(): Scene {
  const { provider, url, stateFolder } = stack;
  const remove = (prefix: string) => {
    for (const name of readdirSync(stateFolder)) {
      if (name.startsWith(prefix)) rmSync(join(stateFolder, name), { force: true });
    }
  };
  const forget = {
    all: () => remove(""),
    store: () => remove("store"),
    said: () => remove("store-said"),
  };
  return { provider, issuer: provider.issuer, url, engine, forget };
}

/** The configuration with the fault in it. */
function broken({ http, text }: Fault): Tree {
  const changed = JSON.stringify(merge(healthy, http ? { http } : {}));
  const [from, to] = text?.(scene()) ?? ["", ""];
  assert.ok(changed.includes(from), `nothing to replace: ${from}`);
  return JSON.parse(from ? changed.replaceAll(from, () => to) : changed) as Tree;
}

/** One beside the stack's own, which is at another port. */
async function another(fault: Fault): Promise<{ traefik: Traefik; url: string }> {
  // Its own, in which nothing has been fetched yet.
  const state = temporaryFolder("state");
  const mounts = { "/state": `${state.path}${fault.static === "read-only" ? ":ro" : ""}` };
  const envs = { SESSION_SECRET: stack.secret, CLIENT_SECRET: stack.provider.clients.secret };
  let url = "";
  const traefik = await startTraefik({
    dynamic: (ports) => {
      url = `http://localhost:${ports.web}`;
      const own = JSON.stringify(broken(fault)).replaceAll(stack.url, url);
      const inside = stack.traefik.ports[internalEntryPoint];
      return JSON.parse(
        own.replaceAll(`${loopback}:${inside}`, `${loopback}:${ports[internalEntryPoint]}`),
      ) as Tree;
    },
    mounts: fault.static === "no mounts" ? {} : mounts,
    envs: fault.static === "no envs" ? {} : envs,
    entryPoints: { web: 0, [internalEntryPoint]: 0 },
  });
  stack.provider.clients.serve(url);
  return { traefik, url };
}

/** What a page says in its head, and whose it is. */
function shown({ status, body, url }: Visit, at: string): string {
  const title = /<h1[^>]*>(.*?)<\/h1>/.exec(body)?.[1];
  if (url.startsWith(stack.provider.issuer)) {
    const error = /\b(invalid_\w+)\b/.exec(body)?.[1];
    return `the provider's own: ${status}${error ? ` ${error}` : ""}`;
  }
  if (title === undefined) {
    const isJson = body.startsWith("{");
    const text = isJson ? "the application" : body.trim().split("\n")[0]!.slice(0, 60);
    return text.startsWith(`${status}`) ? text : `${status} ${text || "without a page"}`;
  }
  return `${status} ${title}${url.startsWith(at) ? "" : ` (at ${url})`}`;
}

async function person({ does }: Fault, url: string): Promise<string> {
  const browser = new HttpBrowser({ address: loopback });
  try {
    let visit = await browser.go(`${url}/api/runs`, { from: null });
    if (/\/interaction\//.test(visit.url)) visit = await browser.submit({ user: "bob" });
    if (does === "sign-out") visit = await browser.go(`${url}/oidc/logout`);
    return shown(visit, url);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return `none: the browser cannot connect${code ? ` (${code})` : ""}`;
  } finally {
    browser.close();
  }
}

async function program(url: string): Promise<string> {
  const Authorization = `Bearer ${await stack.provider.token("alice")}`;
  const answer = await fetch(`${url}/api/x`, { headers: { Authorization } });
  return `program: ${answer.status} ${((await answer.json()) as { code?: string }).code ?? ""}`;
}

async function examined(fault: Fault, traefik: Traefik, url: string) {
  const args = [...["-c", join(traefik.folder, "traefik.yml")], ...["-c", fileOf(traefik)]];
  args.push("-m", "rolegate@file", "-p", "/api/runs", "--api", traefik.api);
  if (fault.with === "--token") args.push("--token", await stack.provider.token("alice"));
  if (fault.with === "--user") args.push("--user", "bob", "--secret-env", "SECRET");
  const env = { PASSWORD: "bob", SECRET: stack.provider.clients.secret };
  const ran = await rolegate(["doctor", "--json", url, ...args], { env });
  assert.equal(ran.stderr, "");
  const { findings } = JSON.parse(ran.stdout) as { findings: { code: string }[] };
  return [...new Set(findings.map(({ code }) => code))];
}

const codesIn = (line: Record<string, unknown>) => [line.event, line.reason, line.code];

/** Makes the row, and holds it to what it must name. */
async function look(fault: Fault): Promise<void> {
  const own = fault.static ? await another(fault) : null;
  const traefik = own?.traefik ?? stack.traefik;
  try {
    const mark = traefik.log.length;
    if (!own) await traefik.configure(broken(fault));
    if (fault.break) await afresh(fault, traefik);
    if (/^store_(down|refused)$/.test(fault.doctor ?? "")) await storeIsUnread(traefik.api);
    const url = fault.at?.(scene()) ?? own?.url ?? stack.url;
    const page = fault.does === "program" ? await program(url) : await person(fault, url);
    const [checks, doctor] = [await checked(traefik), await examined(fault, traefik, url)];
    const check = checks.filter((code) => !usual.has(code) || code === fault.check);
    rows.set(fault, [
      fault.log ? `\`${fault.log}\`` : "–",
      page,
      cell(check, "cli.md", CATALOGUE),
      cell(doctor, "doctor.md", FINDINGS) + (fault.with ? ` (${fault.with})` : ""),
    ]);
    const said = JSON.stringify({ page, check, doctor });
    if (fault.log) {
      // Anywhere since the fault is there: config errors come when a guest starts.
      const from = own ? 0 : mark;
      await traefik.log.waitForGuest((line) => codesIn(line).includes(fault.log), from, 10_000);
    }
    if (fault.check) assert.ok(check.includes(fault.check), said);
    // The root cause, and nothing that only comes of it.
    assert.deepEqual(doctor, fault.doctor ? [fault.doctor] : doctor, said);
  } finally {
    await own?.traefik.stop();
    await mend();
  }
}

/** With guests that know nothing from before; a visit that was under way may still have written what it got. */
async function afresh(fault: Fault, traefik: Traefik): Promise<void> {
  const { forget, ...around } = scene();
  let gone: string[] = [];
  const all = () => ((gone = [keysFile()]), forget.all());
  const store = () => ((gone = [readFile()]), forget.store());
  for (let turn = 0; ; turn++) {
    await fault.break!({ ...around, forget: { ...forget, all, store } });
    const unused = { [`unused-${turn}`]: { loadBalancer: { servers: [] } } };
    await traefik.configure(merge(broken(fault), { http: { services: unused } }));
    if (!gone.some((file) => existsSync(file))) return;
  }
}

const readFile = () => join(stack.stateFolder, stateFile("store-read", "rolegate/"));
const keysFile = () => join(stack.stateFolder, stateFile("jwks", stack.provider.issuer));

async function mend(): Promise<void> {
  const { provider, traefik } = stack;
  provider.network.reset();
  provider.faults.end();
  provider.clients.paths = { ...usualPaths };
  const etcd = new FakeEtcd();
  etcd.users = { rolegate: etcdPassword };
  let isRead = false;
  engine.upstream = async (request) => {
    const answer = await etcd.upstream(request);
    isRead ||= request.target.endsWith("/kv/range") && (answer.status ?? 200) === 200;
    return answer;
  };
  await engine.start();
  await traefik.configure(healthy);
  await waitForKeys(keysFile(), traefik);
  if (!JSON.stringify(healthy).includes('"mode":"store"')) return;
  await until("the store is read", () => isRead && existsSync(readFile()));
  // The token of the engine before may have been refused on the way here. A failure is told once a minute, and the
  // next fault's is to be told.
  scene().forget.said();
}

const cell = (codes: string[], page: string, known: object) =>
  codes
    .map((code) => (Object.hasOwn(known, code) ? `[\`${code}\`](${page}#${code})` : `\`${code}\``))
    .join(", ") || "–";

/** The marks of each table in docs/faults.md. */
const TABLES: [name: string, faults: Fault[], options: () => SignInOptions][] = [
  ["newcomers", NEWCOMERS, () => ({})],
  ["others", OTHERS, () => ({})],
  ["stores", STORES, withStore],
];

function withStore(): SignInOptions {
  const block = { kind: "etcd", username: "rolegate", password: "env:ETCD_PASSWORD" };
  const envs = { ETCD_PASSWORD: etcdPassword };
  return { store: { block, envs, urls: [engine.url], interval: "1s" } };
}

for (const [name, faults, options] of TABLES) {
  describe(name, () => {
    before(() => begin(options()));
    after(() => stack.stop());
    for (const fault of faults) test(fault.name, () => look(fault));
  });
}

test("docs/faults.md has the tables that came out", () => {
  const path = join(root, "docs/faults.md");
  const page = existsSync(path) ? readFileSync(path, "utf8") : "";
  const port = new RegExp(`:(${[...ports].join("|")})\\b`, "g");
  let whole = page;
  for (const [name, faults] of TABLES) {
    const lines = faults.map((it) => `| ${[it.name, ...(rows.get(it) ?? [])].join(" | ")} |`);
    const head = "| What is wrong | Log | Page | `check` | `doctor` |\n|---|---|---|---|---|";
    const table = `${head}\n${lines.join("\n")}\n`.replace(port, "");
    const marks = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
    assert.match(page, marks);
    whole = whole.replace(marks, (_, from: string, to: string) => from + table + to);
  }
  if (process.env.ROLEGATE_GOLDEN === "write") writeFileSync(path, whole);
  assert.equal(readFileSync(path, "utf8"), whole, "ROLEGATE_GOLDEN=write makes it anew");
});
