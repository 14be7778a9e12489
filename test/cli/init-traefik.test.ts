/** What `rolegate init` writes, in a real Traefik: files, labels over a fake Docker API, resources over a fake Kubernetes API. Somebody signs in. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { type Child, startChild } from "../../stack/machine/child.ts";
import { type TemporaryFolder, temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { type Provider, startProvider } from "../../stack/provider/provider.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { startDockerApi } from "../stack/docker-api.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { type Manifest, startKubernetesApi } from "./kubernetes-api.ts";
import { complaint, rolegate } from "./run.ts";

let provider: Provider;
let upstream: Upstream;
before(async () => {
  provider = await startProvider();
  upstream = await startUpstream();
});
after(async () => {
  await upstream?.stop();
  await provider?.stop();
});

describe("init", () => {
  const undo: (() => unknown)[] = [];
  const lines: string[] = [];
  afterEach(async () => {
    lines.length = 0;
    for (let last = undo.pop(); last; last = undo.pop()) await last();
  });

  async function initialised(target: string, service = upstream.url, ...more: string[]) {
    const folder: TemporaryFolder = temporaryFolder("init");
    undo.push(() => folder.remove());
    const [port, keysPort] = (await freePorts(2)) as [number, number];
    const url = `http://localhost:${port}`;
    provider.clients.serve(url);
    const made = await rolegate(
      [
        ...["init", "--yes", "--target", target, "--issuer", provider.issuer],
        ...["--client-id", provider.clients.id, "--public-url", url],
        ...["--service", service, "--keys-port", String(keysPort), ...more],
      ],
      { cwd: folder.path },
    );
    assert.equal(made.code, 0, made.stderr);
    return { folder: folder.path, url };
  }

  async function traefik(folder: string, args: string[]): Promise<Child> {
    const child = await startChild(await findTraefik(), args, {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", CLIENT_SECRET: provider.clients.secret },
      onLine: (line) => lines.push(line),
    });
    undo.push(() => child.stop());
    return child;
  }

  async function keysAreThere(folder: string) {
    const end = Date.now() + 60_000;
    // The first visit for keys comes one interval after the start.
    while (!existsSync(join(folder, "state", stateFile("jwks", provider.issuer)))) {
      assert.ok(Date.now() < end, lines.slice(-20).join("\n"));
      await sleep(100);
    }
  }

  async function someoneSignsIn(url: string, folder: string) {
    await keysAreThere(folder);
    const browser = new HttpBrowser({ address: "127.0.0.1" });
    try {
      const stranger = await browser.fetch(`${url}/api/runs`, { from: null });
      assert.equal(stranger.status, 401, lines.slice(-20).join("\n"));
      const page = await browser.go(`${url}/api/runs?x=1`, { from: null });
      assert.ok(
        page.url.startsWith(`${provider.issuer}/interaction/`),
        `${page.status} ${page.url}\n${page.body}\n${lines.slice(-20).join("\n")}`,
      );
      const visit = await browser.submit({ user: "bob" });
      assert.equal(visit.status, 200, visit.body);
      assert.equal(visit.url, `${url}/api/runs?x=1`);
      const { headers } = JSON.parse(visit.body) as { headers: [string, string][] };
      assert.deepEqual(
        headers
          .filter(([name]) => name.toLowerCase() === "x-forwarded-user")
          .map(([, value]) => value),
        ["bob"],
      );
      await theirCookiesOpen(browser, url, folder);
    } finally {
      browser.close();
    }
  }

  /** `rolegate session open`, with the secret that init made. */
  async function theirCookiesOpen(browser: HttpBrowser, url: string, folder: string) {
    const header = browser.cookies(`${url}/oidc/x`).map(({ key, value }) => `${key}=${value}`);
    const file = ["dynamic.yml", "compose.yml", "rolegate.yml"].find((it) =>
      existsSync(join(folder, it)),
    )!;
    const open = (secret: string, input: string) =>
      rolegate(["session", "open", "--json", "-c", file, "--secret-env", "SECRET", "-"], {
        ...{ cwd: folder, input, env: { SECRET: secret } },
      });
    const secret = readFileSync(join(folder, "state/session-secret"), "utf8");
    const { code, stdout } = await open(secret, `Cookie: ${header.join("; ")}`);
    assert.equal(code, 0);
    const opened = JSON.parse(stdout) as { kind: string; content: Record<string, string> }[];
    assert.deepEqual(opened.map(({ kind }) => kind).sort(), ["refresh", "session"]);
    const [session, refresh] = ["session", "refresh"].map(
      (it) => opened.find(({ kind }) => kind === it)!.content,
    );
    assert.equal(session!.user, "bob");
    assert.equal(session!.sessionId, refresh!.sessionId);
    const minutes = (Date.parse(session!.end!) - Date.now()) / 60_000;
    assert.ok(minutes > 0 && minutes < 60, session!.end!);
    assert.match(refresh!.refreshToken!, /^\d+ bytes$/);
    const other = await open("B".repeat(43), header.join("; "));
    assert.deepEqual([other.code, complaint(other).code], [1, "not_opened"]);
  }

  test("files: Traefik starts with them, fetches the keys by itself, and bob signs in", async () => {
    const { folder, url } = await initialised("file");
    await traefik(folder, ["--configFile=traefik.yml"]);
    await someoneSignsIn(url, folder);
  });

  /** With the labels and the flags of compose.yml, over a fake Docker API. */
  async function traefikOfCompose(folder: string) {
    const { services } = parse(readFileSync(join(folder, "compose.yml"), "utf8")) as {
      services: { traefik: { command: string[] }; app: { labels: string[] } };
    };
    const labels = Object.fromEntries(
      services.app.labels.map((label) => {
        const equals = label.indexOf("=");
        return [label.slice(0, equals), label.slice(equals + 1).replaceAll("$$", "$")];
      }),
    );
    const docker = await startDockerApi([{ name: "app", port: upstream.port, labels }]);
    undo.push(() => docker.stop());
    const command = services.traefik.command.map((flag) =>
      flag.replace("mounts=/state:", `mounts=${folder}/state:`),
    );
    await traefik(folder, [...command, `--providers.docker.endpoint=${docker.endpoint}`]);
  }

  test("labels: the same over a fake Docker API, with the command's own flags", async () => {
    const { folder, url } = await initialised("docker");
    await traefikOfCompose(folder);
    await someoneSignsIn(url, folder);
  });

  test("labels of the preset for Prefect: all its rules, in their order", async () => {
    const { folder, url } = await initialised("docker", upstream.url, "--preset", "prefect");
    await traefikOfCompose(folder);
    await keysAreThere(folder);
    const statusFor = async (role: string, method: string, path: string) => {
      provider.people.setRoles("carol", [role]);
      const headers = { Authorization: `Bearer ${await provider.token("carol")}` };
      return (await fetch(`${url}${path}`, { method, headers })).status;
    };
    const flow = "/api/flows/0b1ec5b4-1de7-4c4e-9a52-3a6d5b8b8f11";
    assert.equal((await fetch(`${url}/api/health`)).status, 200);
    assert.equal((await fetch(`${url}${flow}`)).status, 401);
    assert.equal(await statusFor("prefect-viewer", "GET", flow), 200);
    assert.equal(await statusFor("prefect-viewer", "DELETE", flow), 403);
    assert.equal(await statusFor("prefect-owner", "DELETE", flow), 200);
    // The last rule: what no other knows.
    assert.equal(await statusFor("prefect-developer", "GET", "/api/of/tomorrow"), 403);
    assert.equal(await statusFor("prefect-owner", "GET", "/api/of/tomorrow"), 200);
  });

  /** With the resources and the chart values' own flags, over a fake Kubernetes API. */
  async function traefikOfResources(folder: string, url: string) {
    const manifests = parseAllDocuments(readFileSync(join(folder, "rolegate.yml"), "utf8")).map(
      (it) => it.toJS() as Manifest,
    );
    // The application's own service, which is not Rolegate's business.
    const app = {
      type: "ExternalName",
      externalName: "127.0.0.1",
      ports: [{ port: upstream.port }],
    };
    manifests.push({ apiVersion: "v1", kind: "Service", metadata: { name: "app" }, spec: app });
    const api = await startKubernetesApi(manifests);
    undo.push(() => api.stop());
    const secret = parse(readFileSync(join(folder, "rolegate-secret.yml"), "utf8")) as {
      stringData: Record<string, string>;
    };
    for (const name of ["state", "secret"]) mkdirSync(join(folder, name));
    for (const name of ["state", "secret"]) {
      writeFileSync(join(folder, name, "session-secret"), secret.stringData["session-secret"]!);
    }
    const values = parse(readFileSync(join(folder, "values.yml"), "utf8")) as {
      additionalArguments: string[];
    };
    const flags = values.additionalArguments.map((flag) =>
      flag.replace("=/state:", `=${folder}/state:`).replace(",/secret:", `,${folder}/secret:`),
    );
    await traefik(folder, [
      ...flags,
      // What the chart makes of the values, and of its defaults.
      `--entryPoints.web.address=:${new URL(url).port}`,
      ...[
        `--providers.kubernetesCRD.endpoint=${api.endpoint}`,
        "--providers.kubernetesCRD.token=x",
      ],
      "--providers.kubernetesCRD.allowExternalNameServices=true",
    ]);
  }

  test("resources: the same over a fake Kubernetes API", async () => {
    const { folder, url } = await initialised("helm", `http://app:${upstream.port}`);
    await traefikOfResources(folder, url);
    await someoneSignsIn(url, folder);
  });

  /** As much of etcd as a reading of nothing needs; test/fleet has a real one. */
  async function emptyEngine() {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += String(chunk)));
      request.on("end", () => {
        asked.push(`${request.method} ${request.url} ${body === "" ? "without" : "with"} a body`);
        response.setHeader("Content-Type", "application/json");
        response.end('{"header":{"cluster_id":"1","revision":"1"}}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    undo.push(() => void server.close().closeAllConnections());
    return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  for (const [target, start] of [
    ["docker", (folder: string) => traefikOfCompose(folder)],
    ["helm", (folder: string, url: string) => traefikOfResources(folder, url)],
  ] as const) {
    test(`${target}, one of several Traefiks: the engine is read, and bob signs in`, async () => {
      const engine = await emptyEngine();
      const service = target === "helm" ? `http://app:${upstream.port}` : upstream.url;
      const several = ["--replicas", "2", "--store", `etcd=${engine.url}`];
      const { folder, url } = await initialised(target, service, ...several);
      await start(folder, url);
      const end = Date.now() + 60_000;
      while (!engine.asked.includes("POST /v3/kv/range with a body")) {
        assert.ok(Date.now() < end, `${engine.asked.join("\n")}\n${lines.slice(-9).join("\n")}`);
        await sleep(100);
      }
      await someoneSignsIn(url, folder);
      // What people send goes to the engine by the login middleware, and nothing of it is passed on.
      engine.asked.length = 0;
      const probe = await fetch(`${url}/oidc/store?probe`, { redirect: "manual" });
      assert.equal(probe.status, 404);
      assert.ok(engine.asked.every((it) => !it.includes("probe")));
    });
  }
});
