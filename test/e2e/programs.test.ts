/**
 * Programs that send a password only after they were asked for one (RFC 9110 §11.6.1): git, wget and `curl --anyauth`, as
 * Debian has them, with an API key through real Traefik.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { installFromDebian } from "../../stack/fetch/debian.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { loopback } from "../../stack/machine/ports.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { apiKey, digestOf } from "../support/api-keys.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

const PROGRAMS = ["git", "wget", "curl"];
const KEY = apiKey();
const folder = temporaryFolder("programs");
/** Credentials of what came to the application, in order; null: none. */
let came: (string | null)[] = [];
let application: Server;
let traefik: Traefik;

const isThere = (program: string) =>
  process.env.PATH!.split(delimiter).some((path) => existsSync(join(path, program)));

/** Serves a bare repository as files, which git reads as well (gitprotocol-http, "dumb" servers). */
async function startApplication(): Promise<Server> {
  const server = createServer(({ url, headers }, response) => {
    came.push(headers["x-user"] as string | null);
    const path = join(folder.path, new URL(url!, "http://app").pathname);
    const isFile = existsSync(path) && statSync(path).isFile();
    response.writeHead(isFile ? 200 : 404);
    response.end(isFile ? readFileSync(path) : "nothing");
  });
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  return server;
}

/** A commit in a bare repository; gives back its name. */
async function makeRepository(): Promise<string> {
  const git = async (...args: string[]) => {
    const identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"];
    const done = await ask("git", ["-C", folder.path, ...identity, ...args]);
    assert.equal(done.code, 0, done.said);
    return done.said.trim();
  };
  await git("init", "-q", "work");
  await git("-C", "work", "commit", "-q", "--allow-empty", "-m", "first");
  await git("clone", "-q", "--bare", "work", "r.git");
  await git("-C", "r.git", "update-server-info");
  return git("-C", "work", "rev-parse", "HEAD");
}

interface Done {
  code: number | null;
  said: string;
}

/** Runs a program that asks nobody, and has no settings of the machine's. */
function ask(program: string, args: string[]): Promise<Done> {
  const env = {
    ...{ PATH: process.env.PATH!, HOME: folder.path, GIT_TERMINAL_PROMPT: "0" },
    ...{ GIT_CONFIG_NOSYSTEM: "1" },
  };
  return new Promise((resolve) => {
    const child = execFile(program, args, { env }, (_, output, errors) =>
      resolve({ code: child.exitCode, said: output + errors }),
    );
  });
}

let commit = "";
before(async () => {
  const missing = PROGRAMS.filter((program) => !isThere(program));
  if (missing.length > 0) await installFromDebian(missing.join(", "), [missing]);
  const lacking = PROGRAMS.filter((program) => !isThere(program));
  assert.deepEqual(lacking, [], `install ${lacking.join(" and ")}: the tests run the programs`);
  commit = await makeRepository();
  application = await startApplication();
  const { port } = application.address() as AddressInfo;
  const block = {
    ...{ issuer: ISSUER, clientId: CLIENT, jwks: JSON.stringify(keySet(rsa)) },
    apiKeys: [{ name: "ci", sha256: digestOf(KEY), roles: ["runner"] }],
    rules: [{ match: "PathPrefix(`/`)", allow: "Role(`runner`)" }],
    forwardHeaders: { "X-User": "@apiKey" },
  };
  traefik = await startTraefik({
    dynamic: {
      http: {
        routers: { app: { rule: "PathPrefix(`/`)", middlewares: ["rolegate"], service: "app" } },
        middlewares: { rolegate: { plugin: { rolegate: block } } },
        services: { app: { loadBalancer: { servers: [{ url: `http://${loopback}:${port}` }] } } },
      },
    },
  });
});
beforeEach(() => (came = []));
after(async () => {
  await traefik?.stop();
  application?.close();
  folder.remove();
});

const at = (path: string, credentials = "") =>
  `${traefik.url.replace("://", credentials ? `://${credentials}@` : "://")}${path}`;

/** Name, program, arguments by password. */
const CLIENTS: [string, string, (password: string) => string[]][] = [
  ["git ls-remote", "git", (it) => ["ls-remote", at("/r.git", `ci:${it}`)]],
  [
    ...(["git clone", "git"] as const),
    (it) => ["clone", "-q", at("/r.git", `ci:${it}`), join(folder.path, `clone-${it.length}`)],
  ],
  [
    "wget",
    "wget",
    (it) => ["-nv", "-O-", "--no-config", "--user=ci", `--password=${it}`, at("/r.git/HEAD")],
  ],
  [
    ...(["curl --anyauth", "curl"] as const),
    (it) => ["-sSf", "--anyauth", "-u", `ci:${it}`, at("/r.git/HEAD")],
  ],
];

describe("with the key as the password", () => {
  for (const [name, program, args] of CLIENTS) {
    test(`${name} is asked for it, sends it, and gets what it wants`, async () => {
      const { code, said } = await ask(program, args(KEY));
      assert.equal(code, 0, said);
      if (name === "git ls-remote") assert.match(said, new RegExp(commit));
      if (program !== "git") assert.match(said, /^ref: refs\/heads\//);
      assert.ok(came.length > 0);
      assert.ok(
        came.every((user) => user === "ci"),
        "nothing came without it",
      );
    });
  }
});

describe("with another password", () => {
  for (const [name, program, args] of CLIENTS) {
    test(`${name} fails, and nothing reaches the application`, async () => {
      const { code, said } = await ask(program, args("rg_nothing"));
      assert.notEqual(code, 0, said);
      assert.match(said, /401|Authentication failed/i);
      assert.deepEqual(came, []);
    });
  }
});

test("a browser is not asked: it would open a window of its own", async () => {
  const headers = ["Sec-Fetch-Mode: navigate", "User-Agent: Mozilla/5.0"];
  for (const header of headers) {
    const { said } = await ask("curl", ["-sSi", "-H", header, at("/r.git/HEAD")]);
    assert.match(said, /^HTTP\/1.1 401/);
    assert.doesNotMatch(said, /^WWW-Authenticate: Basic/im, header);
  }
});
