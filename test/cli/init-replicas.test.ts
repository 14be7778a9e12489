/** `rolegate init --replicas`: what several Traefiks share, for every target; and answers that cannot be right. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { describe, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { CATALOGUE } from "../../src/cli/check/catalogue-table.ts";
import { FINDINGS } from "../../src/cli/doctor/catalogue-table.ts";
import { initFolder } from "./init-folder.ts";
import { complaint, golden, rolegate } from "./run.ts";
import { takenByOthers } from "./taken-by-others.ts";

const { folder, path, offline } = initFolder("init-replicas");
const ETCD = ["--replicas", "3", "--store", "etcd=http://rolegate@etcd:2379"];

const sources = () =>
  readdirSync(folder.path).filter((it) => it.endsWith(".yml") && !it.includes("secret"));

test("a Consul gets its token from a variable", async () => {
  for (const [address, store] of [
    ["http://token@consul:8500", { kind: "consul", token: "env:CONSUL_TOKEN" }],
    ["http://consul:8500", { kind: "consul" }],
  ] as const) {
    const { stdout, stderr, code } = await offline(
      "--replicas",
      "2",
      "--store",
      `consul=${address}`,
    );
    assert.equal(code, 0, stderr);
    const text = readFileSync(path("dynamic.yml"), "utf8");
    for (const [name, value] of Object.entries(store))
      assert.ok(text.includes(`${name}: ${value}`));
    assert.equal((stdout + stderr + text).includes("CONSUL_TOKEN"), "token" in store);
    for (const name of readdirSync(folder.path)) rmSync(path(name), { recursive: true });
  }
});

describe("what it writes passes check, warnings included", () => {
  const CASES: [target: string, more: string[], middlewares: number][] = [
    ...["file", "docker", "kubernetes", "helm"].flatMap((target): [string, string[], number][] => [
      [target, ETCD, 4],
      [target, ["--replicas", "2", "--store", "etcd=https://etcd.example.com:2379"], 4],
      [target, [...ETCD, "--preset", "prefect"], 4],
      [target, ["--replicas", "2", "--store", "consul=http://token@consul:8500"], 4],
      [target, ["--replicas", "3", "--bearer-only"], 2],
    ]),
    ...["file", "docker"].flatMap((target): [string, string[], number][] => [
      [target, ["--replicas", "3"], 3],
      [target, ["--replicas", "3", "--store", "folder"], 3],
    ]),
  ];
  for (const [target, more, middlewares] of CASES) {
    test([target, ...more].join(" "), async () => {
      const made = await offline("--target", target, ...more);
      assert.equal(made.code, 0, made.stderr);
      const checked = await rolegate(["check", "--strict", ...sources()], { cwd: folder.path });
      assert.match(
        checked.stdout,
        new RegExp(`^${middlewares} middlewares: 0 errors, 0 warnings\n`),
      );
      takenByOthers(target, folder.path);
    });
  }
});

describe("as it stands in the files", () => {
  for (const [name, args] of Object.entries({
    "replicas-file": ["--target", "file", ...ETCD],
    "replicas-docker-folder": ["--target", "docker", "--replicas", "2"],
    "replicas-helm": ["--target", "helm", ...ETCD],
  })) {
    test(name, async () => {
      const { code, stdout, stderr } = await offline("--dry-run", ...args);
      assert.equal(code, 0, stderr);
      golden(`init/${name}.txt`, stdout);
    });
  }

  test("in a cluster, an engine inside is its Service, and one outside gets a name", async () => {
    const engineOf = async (store: string) => {
      assert.equal(
        (await offline("--target", "helm", "--force", "--replicas", "2", "--store", store)).code,
        0,
      );
      const all = parseAllDocuments(readFileSync(path("rolegate.yml"), "utf8")).map(
        (it) => it.toJS() as { metadata: { name: string }; spec: Record<string, unknown> },
      );
      const routes = all.flatMap(
        ({ spec }) => (spec.routes ?? []) as { match: string; services: object[] }[],
      );
      const services = routes
        .filter(({ match }) => match.includes("/oidc/store`"))
        .map((it) => it.services);
      assert.equal(services.length, 2);
      assert.deepEqual(services[0], services[1]);
      const named = all.find(({ metadata }) => metadata.name === "rolegate-engine");
      const values = parse(readFileSync(path("values.yml"), "utf8")) as {
        deployment: { replicas: number };
        providers: { kubernetesCRD: { allowCrossNamespace?: boolean } };
      };
      assert.equal(values.deployment.replicas, 2);
      return [
        services[0]![0],
        named?.spec.externalName,
        values.providers.kubernetesCRD.allowCrossNamespace,
      ];
    };
    const engine = { scheme: "http", passHostHeader: false };
    assert.deepEqual(await engineOf("etcd=http://etcd:2379"), [
      { name: "etcd", port: 2379, ...engine },
      undefined,
      undefined,
    ]);
    rmSync(path("rolegate-secret.yml"));
    assert.deepEqual(await engineOf("etcd=http://etcd.infra.svc:2379"), [
      { name: "etcd", namespace: "infra", port: 2379, ...engine },
      undefined,
      true,
    ]);
    rmSync(path("rolegate-secret.yml"));
    assert.deepEqual(await engineOf("etcd=https://etcd.eu.example.com"), [
      { name: "rolegate-engine", port: 443, ...engine, scheme: "https" },
      "etcd.eu.example.com",
      undefined,
    ]);
  });

  test("no password is written or shown, and what is left to do names its variable", async () => {
    const { stderr } = await offline("--target", "helm", ...ETCD);
    assert.match(stderr, /create secret generic rolegate-engine --from-literal=ETCD_PASSWORD=…/);
    const values = readFileSync(path("values.yml"), "utf8");
    assert.match(values, /settings\.envs=CLIENT_SECRET,ETCD_PASSWORD$/m);
  });
});

describe("answers", () => {
  const WRONG: [args: string[], code: string][] = [
    [["--replicas", "0"], "replicas_invalid"],
    [["--replicas", "two"], "replicas_invalid"],
    [["--replicas", "2.5"], "replicas_invalid"],
    [["--replicas", "2", "--store", "redis=http://redis:6379"], "store_invalid"],
    [["--replicas", "2", "--store", "http://etcd:2379"], "store_invalid"],
    [["--replicas", "2", "--store", "etcd=etcd:2379"], "store_invalid"],
    [["--replicas", "2", "--store", "etcd=http://etcd:2379/v3"], "store_invalid"],
    [["--replicas", "2", "--store", "etcd=http://rolegate:secret@etcd:2379"], "store_invalid"],
    [["--replicas", "2", "--target", "helm"], "store_missing"],
    [["--replicas", "2", "--target", "kubernetes", "--store", "folder"], "store_missing"],
    [["--replicas", "2", "--bearer-only", "--store", "folder"], "store_useless"],
  ];
  for (const [args, code] of WRONG) {
    test(`${args.join(" ")}: ${code}`, async () => {
      const ran = await offline(...args);
      assert.deepEqual([ran.code, complaint(ran).code], [2, code]);
      assert.ok(!ran.stderr.includes("secret@"));
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }
});

/** `rolegate init` with its options, in a hint, a comment or a remedy. */
const SUGGESTION = /rolegate init((?: --[\w-]+(?: [\w=:/.@]+)?)+)/g;
const suggestionsIn = (text: string) =>
  [...text.matchAll(SUGGESTION)].map(([, options]) => options!.trim().split(" "));

describe("what is suggested is accepted", () => {
  test("in a remedy of check or doctor", async () => {
    const remedies = [CATALOGUE, FINDINGS]
      .flatMap((it) => Object.values(it))
      .map((it) => it.remedy);
    const suggested = remedies.flatMap(suggestionsIn).filter((it) => it.includes("--replicas"));
    assert.ok(suggested.length > 0);
    for (const target of ["file", "docker", "kubernetes", "helm"]) {
      for (const options of new Set(suggested.map((it) => it.join(" ")))) {
        const ran = await offline("--dry-run", "--target", target, ...options.split(" "));
        assert.equal(ran.code, 0, `${target}, ${options}: ${ran.stderr}`);
      }
    }
  });

  for (const target of ["file", "docker", "kubernetes", "helm"]) {
    for (const more of [[], ["--bearer-only"], ["--bearer-only", "--replicas", "2"]]) {
      test(`in what it writes: ${[target, ...more].join(" ")}`, async () => {
        const made = await offline("--dry-run", "--target", target, ...more);
        assert.equal(made.code, 0, made.stderr);
        const suggested = suggestionsIn(made.stdout + made.stderr).filter((it) =>
          it.includes("--replicas"),
        );
        assert.equal(suggested.length, target === "helm" && more.length === 0 ? 1 : 0);
        for (const options of suggested) {
          const ran = await offline("--dry-run", ...options);
          assert.equal(ran.code, 0, ran.stderr);
        }
      });
    }
  }

  test("in a refusal", async () => {
    const refused = await offline("--target", "helm", "--replicas", "2");
    const [options] = /--store \S+/.exec(refused.stderr) ?? [""];
    const ran = await offline(
      "--dry-run",
      "--target",
      "helm",
      "--replicas",
      "2",
      ...options.split(" "),
    );
    assert.equal(ran.code, 0, ran.stderr);
  });
});
