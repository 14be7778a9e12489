/** `rolegate init`: what it writes for every target passes `check` without a word, and it overwrites and prints nothing that it should not. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { type Provider, startProvider } from "../../stack/provider/provider.ts";
import { root } from "../../tools/root.ts";
import { initFolder } from "./init-folder.ts";
import { complaint, golden, rolegate } from "./run.ts";
import { takenByOthers } from "./taken-by-others.ts";

const { folder, path, init, offline, answers: ANSWERS } = initFolder("init");

describe("what it writes passes check, warnings included", () => {
  for (const target of ["file", "docker", "kubernetes", "helm"]) {
    for (const preset of ["signed-in", "admin", "read-write", "prefect"]) {
      for (const more of [[], ["--bearer-only"], ["--public-client"]]) {
        test([target, preset, ...more].join(" "), async () => {
          const made = await offline("--target", target, "--preset", preset, ...more);
          assert.equal(made.code, 0, made.stderr);
          const files = readdirSync(folder.path).filter(
            (it) => it.endsWith(".yml") && !it.includes("secret"),
          );
          const checked = await rolegate(["check", "--strict", ...files], { cwd: folder.path });
          const count = more[0] === "--bearer-only" ? 2 : 3;
          assert.match(checked.stdout, new RegExp(`^${count} middlewares: 0 errors, 0 warnings\n`));
          assert.equal(checked.code, 0);
          takenByOthers(target, folder.path);
          const tried = await rolegate(["test", "--strict", "rolegate.test.yml"], {
            cwd: folder.path,
          });
          assert.equal(tried.code, 0, tried.stdout + tried.stderr);
        });
      }
    }
  }
});

describe("where Traefik gets the plugin", () => {
  const files = [
    "plugins-local/src/rolegate/.traefik.yml",
    "plugins-local/src/rolegate/plugin.wasm",
  ];
  const { version, repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const module = /github\.com\/[^/]+\/\w+/.exec(repository.url)![0];

  for (const target of ["file", "docker", "helm"]) {
    test(`${target}, from a folder: its files are written as well`, async () => {
      assert.equal((await offline("--target", target)).code, 0);
      for (const file of files) assert.ok(existsSync(path(file)), file);
    });
    test(`${target}, from the catalogue: module and version, and no file`, async () => {
      const made = await offline("--target", target, "--install", "catalogue");
      assert.equal(made.code, 0, made.stderr);
      assert.ok(!existsSync(path("plugins-local")));
      const [name] = { file: ["traefik.yml"], docker: ["compose.yml"], helm: ["values.yml"] }[
        target
      ]!;
      const text = readFileSync(path(name!), "utf8");
      assert.match(text, new RegExp(`moduleName[:=] ?${module}\n`));
      assert.match(text, new RegExp(`version[:=] ?v${version}\n`));
      assert.doesNotMatch(text, /localPlugins|plugins-local/);
      const sources = readdirSync(folder.path).filter(
        (it) => /\.yml$/.test(it) && !/secret/.test(it),
      );
      const checked = await rolegate(["check", "--strict", ...sources], { cwd: folder.path });
      assert.match(checked.stdout, /^3 middlewares: 0 errors, 0 warnings\n/);
      takenByOthers(target, folder.path);
    });
  }

  test("helm is a target as well; its settings are flags, for the chart drops them", async () => {
    const made = await offline("--install", "helm");
    assert.equal(made.code, 0, made.stderr);
    const values = readFileSync(path("values.yml"), "utf8");
    assert.match(
      values,
      /- --experimental\.localPlugins\.rolegate\.settings\.mounts=\/state:\/state,/,
    );
    assert.match(
      made.stderr,
      /configmap rolegate-plugin --from-file=.* kubectl apply --server-side/,
    );
  });

  for (const args of [
    ["--install", "helm", "--target", "docker"],
    ["--install", "catalogue", "--target", "kubernetes"],
  ]) {
    test(`${args.join(" ")}: nothing is written`, async () => {
      const ran = await offline(...args);
      assert.deepEqual([ran.code, complaint(ran).code], [2, "install_conflict"]);
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }
});

describe("where the application is", () => {
  const NOT_HERE = ANSWERS.slice(0, -1);
  const cases: [service: string, expected: object, isElsewhere: boolean][] = [
    ["http://wiki:4200", { name: "wiki", port: 4200 }, false],
    ["http://wiki.apps:4200", { name: "wiki", namespace: "apps", port: 4200 }, true],
    ["http://wiki.apps.svc", { name: "wiki", namespace: "apps", port: 80 }, true],
    [
      "https://wiki.apps.svc.cluster.local:8443",
      { name: "wiki", namespace: "apps", port: 8443, scheme: "https" },
      true,
    ],
  ];
  for (const [service, expected, isElsewhere] of cases) {
    test(`in Kubernetes, ${service}`, async () => {
      const made = await init(...NOT_HERE, service, "--offline", "--install", "helm");
      assert.equal(made.code, 0, made.stderr);
      const route = parseAllDocuments(readFileSync(path("rolegate.yml"), "utf8"))
        .map((it) => it.toJS() as { spec: { routes?: { services: object[] }[] } })
        .find(({ spec }) => spec.routes)!;
      assert.deepEqual(route.spec.routes![0]!.services, [expected]);
      const values = parse(readFileSync(path("values.yml"), "utf8")) as {
        providers: { kubernetesCRD: { allowCrossNamespace?: boolean } };
      };
      assert.equal(
        values.providers.kubernetesCRD.allowCrossNamespace,
        isElsewhere ? true : undefined,
      );
      takenByOthers("helm", folder.path);
    });
  }
  for (const [service, port, scheme] of [
    ["http://wiki", "80", undefined],
    ["https://wiki", "443", "https"],
    ["https://wiki:8443", "8443", "https"],
  ] as const) {
    test(`in Docker, ${service}`, async () => {
      const made = await init(...NOT_HERE, service, "--offline", "--target", "docker");
      assert.equal(made.code, 0, made.stderr);
      const { services } = parse(readFileSync(path("compose.yml"), "utf8")) as {
        services: { app: { labels: string[] } };
      };
      const label = (name: string) =>
        services.app.labels
          .find((it) => it.startsWith(`traefik.http.services.app.loadbalancer.server.${name}=`))
          ?.split("=")[1];
      assert.deepEqual([label("port"), label("scheme")], [port, scheme]);
      assert.match(made.stderr, new RegExp(`must listen on port ${port}\n`));
    });
  }
});

describe("files", () => {
  test("the session's secret is its owner's alone, and stands in no other file and on no terminal", async () => {
    const { stdout, stderr } = await offline();
    const secret = readFileSync(path("state/session-secret"), "utf8").trim();
    assert.match(secret, /^[\w-]{43}$/);
    assert.equal(statSync(path("state/session-secret")).mode & 0o777, 0o600);
    for (const text of [
      stdout,
      stderr,
      ...["traefik.yml", "dynamic.yml"].map((it) => readFileSync(path(it), "utf8")),
    ]) {
      assert.ok(!text.includes(secret));
    }
    assert.match(stderr, /redirect URI +https:\/\/app\.example\.com\/oidc\/callback/);
  });
  test("into another folder: what it wrote and what to do next name it", async () => {
    const { stderr } = await offline("--out", "gate");
    assert.match(stderr, /^wrote gate\/traefik\.yml$/m);
    assert.match(stderr, /^Then:\n {2}cd gate\n/m);
    assert.ok(existsSync(path("gate/state/session-secret")));
    assert.doesNotMatch((await offline()).stderr, / cd /);
  });
  test("nothing is written over, not even in part; --force does, but never over a secret", async () => {
    await offline();
    const before = readFileSync(path("state/session-secret"), "utf8");
    rmSync(path("traefik.yml"));
    const again = await offline();
    assert.deepEqual([again.code, complaint(again).code], [2, "file_exists"]);
    assert.ok(!existsSync(path("traefik.yml")));
    const forced = await offline("--force");
    assert.deepEqual([forced.code, complaint(forced).code], [2, "secret_exists"]);
    assert.equal(readFileSync(path("state/session-secret"), "utf8"), before);
    rmSync(path("state/session-secret"));
    assert.equal((await offline("--force")).code, 0);
  });
  for (const target of ["file", "docker", "kubernetes", "helm"]) {
    test(`--dry-run shows it, but secrets, and writes nothing: ${target}`, async () => {
      const { code, stdout } = await offline("--dry-run", "--target", target);
      assert.equal(code, 0);
      assert.deepEqual(readdirSync(folder.path), []);
      golden(`init/${target}.txt`, stdout);
    });
  }
});

describe("answers", () => {
  test("without a terminal, what is not given is named", async () => {
    const ran = await init("--issuer", "https://sso.example.com");
    assert.equal(ran.code, 2);
    assert.equal(complaint(ran).message, "not given: --client-id, --public-url, --service");
  });
  const WRONG: [string, string, string][] = [
    ["--issuer", "http://sso.example.com", "not_https"],
    ["--issuer", "sso", "url_invalid"],
    ["--client-id", "<client>", "client_invalid"],
    ["--public-url", "https://app.example.com/path", "url_invalid"],
    ["--public-url", "http://app.example.com", "not_https"],
    ["--service", "app:4200", "url_invalid"],
    ["--keys-port", "0", "port_invalid"],
  ];
  for (const [option, value, code] of WRONG) {
    test(`${option} ${value}: ${code}`, async () => {
      const ran = await offline(option, value);
      assert.deepEqual([ran.code, complaint(ran).code], [2, code]);
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }
});

describe("the provider is asked", () => {
  let provider: Provider;
  before(async () => void (provider = await startProvider()));
  after(() => provider.stop());

  test("when it is there, with keys", async () => {
    const { code, stderr } = await init(...ANSWERS, "--issuer", provider.issuer);
    assert.equal(code, 0);
    assert.match(stderr, /is there, with 2 usable keys/);
  });
  test("endpoints of other origins get origins, a router and a service", async () => {
    const elsewhere = createServer((_, response) => {
      const base = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
      const metadata = {
        ...{ issuer: base, authorization_endpoint: `${base}/auth` },
        ...{ token_endpoint: "https://token.example.net/token", jwks_uri: `${provider.url}/jwks` },
      };
      response.end(JSON.stringify(metadata));
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const ran = await init(...ANSWERS, "--issuer", base);
    elsewhere.close();
    assert.equal(ran.code, 0, ran.stderr);
    const { http } = parse(readFileSync(path("dynamic.yml"), "utf8"), { merge: true });
    const { routers, services, middlewares } = http;
    const urlOf = (router: string) =>
      services[routers[router].service].loadBalancer.servers[0].url as string;
    assert.equal(urlOf("login"), "https://token.example.net");
    assert.equal(urlOf("keys"), provider.url);
    const login = (name: string) => middlewares[name].plugin.rolegate.login;
    const { endpointOrigins } = login("rolegate");
    assert.equal(endpointOrigins[login("rolegate-login").service], urlOf("login"));
    assert.equal(endpointOrigins[login("rolegate-keys").service], urlOf("keys"));
    assert.equal(login("rolegate-keys").endpoints.jwks, `${provider.url}/jwks`);
    assert.equal(login("rolegate").endpoints.authorization, `${base}/auth`);
  });
  test("when it calls itself otherwise, nothing is written", async () => {
    const ran = await init(...ANSWERS, "--issuer", `${provider.issuer}/`);
    assert.deepEqual([ran.code, complaint(ran).code], [3, "issuer_differs"]);
    assert.deepEqual(readdirSync(folder.path), []);
  });
});
