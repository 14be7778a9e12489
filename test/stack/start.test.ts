/** `npm start` as a newcomer meets it: the printed lines are pasted, and Ctrl-C leaves nothing behind. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { onExit, temporaryFolder, type TemporaryFolder } from "../../stack/machine/cleanup.ts";
import { outputOf } from "../../stack/machine/command.ts";
import { freePorts, isFree, loopback } from "../../stack/machine/ports.ts";
import { root } from "../../tools/root.ts";
import { HttpBrowser } from "../support/http-browser.ts";

interface Program {
  child: ChildProcess;
  /** All of standard output and standard error so far. */
  output: () => string;
  /** Sends a signal to the whole process group, as a terminal does. */
  toGroup: (signal: NodeJS.Signals | 0) => void;
}

function isThere(toGroup: Program["toGroup"]): boolean {
  try {
    toGroup(0);
    return true;
  } catch {
    return false;
  }
}

function run(temporary: TemporaryFolder, program: string, args: string[]): Program {
  const child = spawn(program, args, {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary.path },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (text += chunk));
  }
  const toGroup = (signal: NodeJS.Signals | 0) => process.kill(-child.pid!, signal);
  // After a failed test; the group can outlive its first process.
  onExit(() => isThere(toGroup) && toGroup("SIGKILL"));
  return { child, output: () => text, toGroup };
}

/** Waits until the program has said what it has to say. */
async function ready({ child, output }: Program): Promise<void> {
  for (const end = Date.now() + 120_000; !output().includes("Ctrl-C ends it.");) {
    assert.equal(child.exitCode, null, output());
    assert.ok(Date.now() < end, output());
    await sleep(50);
  }
}

const curls = (text: string) => text.split("\n").filter((line) => line.includes("curl -i "));
const urlOf = (line: string) => line.split(" ").at(-1)!;

/** What a printed line sends. */
async function authorizationIn(line: string): Promise<string | undefined> {
  const [, at] = /^T=\$\(curl -s (\S+)\);/.exec(line) ?? [];
  return at && `Bearer ${await (await fetch(at)).text()}`;
}

/** Status and body of a printed line, pasted into a shell; by `fetch` where there is no curl. */
async function paste(line: string): Promise<{ status: number; body: string }> {
  const reply = await outputOf({ program: "sh", args: ["-c", line] });
  if (reply !== null) {
    const end = reply.indexOf("\r\n\r\n");
    return { status: Number(reply.split(" ")[1]), body: reply.slice(end + 4) };
  }
  const authorization = await authorizationIn(line);
  const headers: Record<string, string> = authorization ? { authorization } : {};
  const response = await fetch(urlOf(line), { headers });
  return { status: response.status, body: await response.text() };
}

/** esbuild's service notices the end of its parent, and the system buries it: a moment is allowed for that. */
async function assertNoProcess({ toGroup }: Program): Promise<void> {
  for (const end = Date.now() + 10_000; isThere(toGroup); await sleep(20)) {
    assert.ok(Date.now() < end, "a process is left");
  }
}

async function assertNothingLeft(program: Program, folder: string): Promise<void> {
  await assertNoProcess(program);
  assert.deepEqual(readdirSync(folder), []);
  for (const [, port] of program.output().matchAll(/http:\/\/(?:127\.0\.0\.1|localhost):(\d+)/g)) {
    assert.equal(await isFree(Number(port)), true, `port ${port} is still taken`);
  }
}

describe("npm start", () => {
  let temporary: TemporaryFolder;
  let program: Program;
  let lines: string[];

  before(async () => {
    temporary = temporaryFolder("start");
    const [port] = await freePorts(1);
    program = run(temporary, "npm", ["start", "--", "--port", String(port)]);
    await ready(program);
    lines = curls(program.output());
    assert.ok(urlOf(lines[0]!).startsWith(`http://localhost:${port}/`));
  });
  after(() => temporary.remove());

  test("prints four lines that can be pasted anywhere", () => {
    assert.equal(lines.length, 4);
    for (const line of lines) {
      assert.match(
        line,
        /^(T=\$\(curl -s http:\S+\); )?curl -i (-H "Authorization: Bearer \$T" )?http:\/\/localhost:\d+\/api\/runs$/,
      );
      assert.ok(line.length < 150, line);
    }
  });

  test("they get what is printed above them: 401, 403, 200, 200", async () => {
    const announced = [...program.output().matchAll(/: (\d{3})\n.*curl -i /g)].map(([, n]) =>
      Number(n),
    );
    const answers = await Promise.all(lines.map(paste));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 403, 200, 200],
    );
    assert.deepEqual(announced, [401, 403, 200, 200]);
  });

  test("each request is shown while it runs", async () => {
    const line =
      /^\d\d:\d\d:\d\d {2}403 {2}GET \/api\/runs {2}alice \(viewer\) {2}rule_not_satisfied$/m;
    for (const end = Date.now() + 5_000; !line.test(program.output()); await sleep(20)) {
      assert.ok(Date.now() < end, program.output());
    }
  });

  test("the application is told who calls, and does not get the token", async () => {
    const { body } = await paste(lines[2]!);
    const { headers } = JSON.parse(body) as { headers: [string, string][] };
    const value = (wanted: string) =>
      headers.filter(([name]) => name.toLowerCase() === wanted).map(([, text]) => text);
    assert.deepEqual(value("x-forwarded-user"), ["bob"]);
    assert.deepEqual(value("x-forwarded-email"), ["bob@example.com"]);
    assert.deepEqual(value("authorization"), []);
  });

  test("the other rules that it names hold", async () => {
    const base = urlOf(lines[0]!).replace("/api/runs", "");
    const tokens = await Promise.all(lines.map(authorizationIn));
    const status = async (path: string, token?: string, method = "GET") => {
      const headers: Record<string, string> = token ? { authorization: token } : {};
      return (await fetch(base + path, { method, headers })).status;
    };
    const [, alice, bob, carol] = tokens;
    assert.equal(await status("/health"), 200);
    assert.deepEqual(
      [await status("/api/x", alice), await status("/api/x", alice, "POST")],
      [200, 403],
    );
    assert.equal(await status("/api/x", bob, "POST"), 200);
    assert.deepEqual([await status("/admin", bob), await status("/admin", carol)], [403, 200]);
    assert.equal(await status("/elsewhere", carol), 403);
  });

  for (const [user, answers] of Object.entries({
    alice: [200, 403, 403],
    bob: [200, 200, 403],
    carol: [200, 200, 200],
  })) {
    test(`in a browser, ${user} signs in, sees what ${user} may, and signs out`, async () => {
      const browser = new HttpBrowser({ address: loopback });
      const base = urlOf(lines[0]!).replace("/api/runs", "");
      const page = await browser.go(`${base}/`, { from: null });
      assert.match(page.body, /<h1>Sign in<\/h1>/);
      const home = await browser.submit({ user });
      assert.equal(home.url, `${base}/`);
      assert.match(home.body, new RegExp(`<h1>Hello, ${user}</h1>`));
      const paths = ["/api/anything", "/api/runs", "/admin"];
      const got = [];
      for (const path of paths) got.push((await browser.go(base + path)).status);
      assert.deepEqual(got, answers);
      assert.match(home.body, /href="\/oidc\/session"/);
      const session = await browser.go(`${base}/oidc/session`);
      assert.equal((JSON.parse(session.body) as { user: string }).user, user);
      await browser.go(`${base}/oidc/logout`);
      const out = await browser.submit({ logout: "yes" });
      assert.match(out.body, /<h1>Sign in<\/h1>/);
      const nobody = await browser.go(`${base}/oidc/session`, { from: null });
      assert.match(nobody.body, /<h1>Sign in<\/h1>/);
      browser.close();
    });
  }

  test("at 127.0.0.1 people sign in and out as well", async () => {
    const browser = new HttpBrowser({ address: loopback });
    const base = urlOf(lines[0]!).replace("/api/runs", "").replace("localhost", loopback);
    await browser.go(`${base}/`, { from: null });
    const home = await browser.submit({ user: "alice" });
    assert.deepEqual([home.status, home.url], [200, `${base}/`]);
    await browser.go(`${base}/oidc/logout`);
    const out = await browser.submit({ logout: "yes" });
    assert.match(out.body, /<h1>Sign in<\/h1>/);
    browser.close();
  });

  test("what browsers ask for by themselves is answered, and not shown", async () => {
    const base = urlOf(lines[0]!).replace("/api/runs", "");
    assert.equal((await fetch(`${base}/favicon.ico`)).status, 204);
    assert.equal((await fetch(`${base}/health?after`)).status, 200);
    for (const end = Date.now() + 5_000; !/GET \/health/.test(program.output()); await sleep(20))
      assert.ok(Date.now() < end, program.output());
    assert.doesNotMatch(program.output(), /favicon/);
  });

  test("Ctrl-C leaves nothing behind", async () => {
    program.toGroup("SIGINT");
    const [code, signal] = await once(program.child, "exit");
    // npm waits for its script, and then ends by the signal itself.
    assert.ok(code === 0 || signal === "SIGINT", `${code} ${signal}`);
    await assertNothingLeft(program, temporary.path);
  });
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const) {
  test(`${signal} to npm alone leaves nothing behind`, async () => {
    const temporary = temporaryFolder("start");
    try {
      const [port] = await freePorts(1);
      const program = run(temporary, "npm", ["start", "--", "--port", String(port)]);
      await ready(program);
      program.child.kill(signal);
      await once(program.child, "exit");
      await assertNothingLeft(program, temporary.path);
    } finally {
      temporary.remove();
    }
  });
}

test("a port that is taken, or is none, ends it with a word about it", async () => {
  const temporary = temporaryFolder("start");
  const server = createServer().listen(0, loopback);
  try {
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const cases: [string[], number, RegExp][] = [
      [
        ["--port", String(port)],
        1,
        new RegExp(`Port ${port} is taken\n.*npm start -- --port NUMBER`),
      ],
      [["--port", "70000"], 2, /number from 1 to 65535/],
      [["--prot", "8000"], 2, /--prot/],
    ];
    for (const [args, expected, words] of cases) {
      const all = ["tools/run.mjs", "stack/start.ts", ...args];
      const program = run(temporary, process.execPath, all);
      const [code] = await once(program.child, "close");
      assert.equal(code, expected, program.output());
      assert.match(program.output(), words);
      await assertNoProcess(program);
    }
    assert.deepEqual(readdirSync(temporary.path), []);
  } finally {
    server.close();
    temporary.remove();
  }
});
