/** `rolegate check` on the forms in which people keep Traefik's configuration: swarm, compose with variables, charts and releases. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { interpolated } from "../../src/cli/source/compose-variables.ts";
import { check, type File, manifest } from "./checked.ts";
import {
  composeWith,
  HEALTHY_DYNAMIC,
  HEALTHY_STATIC,
  padded,
  traefikService,
} from "./findings-table.ts";
import { complaint, rolegate } from "./run.ts";

const dynamic: File = ["dynamic.yml", HEALTHY_DYNAMIC];

const indented = (text: string, by: number) => text.replace(/^(?=.)/gm, " ".repeat(by));

describe("swarm", () => {
  const service = (key: string, provider: string) => `services:
  app:
    image: app
    ${key}
      traefik.http.routers.app.rule: "Host(\`a.example\`)"
      traefik.http.routers.app.middlewares: gate@${provider}
      traefik.http.middlewares.gate.plugin.rolegate.issuer: https://sso.example.com
      traefik.http.middlewares.gate.plugin.rolegate.clientId: app
      traefik.http.middlewares.gate.plugin.rolegate.jwksFile: /state/jwks.json
`;
  const swarm = service("deploy:\n     labels:", "swarm");

  test("labels below deploy are of provider swarm", async () => {
    const { gates, codes } = await check(["stack.yml", swarm]);
    assert.deepEqual([gates, codes], [["gate@swarm"], []]);
  });
  test("by another provider's name there is no such middleware", async () => {
    for (const text of [service("deploy:\n     labels:", "docker"), service("labels:", "swarm")]) {
      // The other provider's middlewares are not among the files: the one that is there is not used.
      assert.deepEqual((await check(["stack.yml", text])).codes, ["middleware_unused"]);
    }
  });
  test("both kinds of labels side by side are two set-ups", async () => {
    const both = `${swarm}    labels:\n${composeWith(padded).split("labels:\n")[1]!}`;
    const { gates, codes } = await check(["stack.yml", both]);
    assert.deepEqual([gates, codes], [["gate@docker", "gate@swarm"], []]);
  });
  test("a chain in labels is unfolded", async () => {
    const chain = `${swarm.replace("middlewares: gate@swarm", "middlewares: all@swarm")}      traefik.http.middlewares.all.chain.middlewares: gate\n`;
    assert.deepEqual((await check(["stack.yml", chain])).codes, []);
  });
});

describe("findings on labels point to the label that is meant", () => {
  const compose = composeWith(padded);
  const router = (more: string[]) =>
    compose.replace("      - traefik.http.routers.app.middlewares=gate\n", () =>
      more.map((it) => `      - traefik.http.routers.${it}\n`).join(""),
    );
  const CASES: [code: string, labels: string[], marked: string][] = [
    ["middleware_unknown", ["app.entrypoints=web", "app.middlewares=gate, gone"], "gone"],
    [
      "router_unprotected",
      [
        "app.middlewares=gate",
        "raw.entrypoints=web",
        "raw.service=app",
        "raw.rule=Host(`b.example`)",
      ],
      "traefik.http.routers.raw.rule",
    ],
    [
      "catch_all",
      [
        "app.middlewares=gate",
        "raw.entrypoints=web",
        "raw.service=x@file",
        "raw.rule=PathPrefix(`/`)",
      ],
      "traefik.http.routers.raw.rule",
    ],
  ];
  for (const [code, labels, marked] of CASES) {
    test(code, async () => {
      const result = await check(["compose.yml", router(labels)]);
      assert.deepEqual([result.codes, result.marked], [[code], [marked]]);
    });
  }
  for (const [type, code] of [
    ["stripprefix.prefixes=/a", "path_changed"],
    ["basicauth.users=x", "double_authentication"],
  ] as const) {
    test(code, async () => {
      const text = `${router(["app.entrypoints=web", "app.middlewares=other,gate"])}      - traefik.http.middlewares.other.${type}\n`;
      const result = await check(["compose.yml", text]);
      assert.deepEqual([result.codes, result.marked], [[code], ["other"]]);
    });
  }
});

describe("variables of compose", () => {
  const ENV = { HOST: "a.example", EMPTY: "" };
  const VALUES: [written: string, text: string, unknown?: string[]][] = [
    ["$HOST/${HOST}", "a.example/a.example"],
    ["$$HOST $${HOST}", "$HOST ${HOST}"],
    ["${GONE}", "x-gone", ["${GONE}"]],
    ["a-$MY_HOST.b", "a-x-my-host.b", ["$MY_HOST"]],
    ["${GONE:-d}|${GONE-d}|${EMPTY:-d}|${EMPTY-d}", "d|d|d|"],
    ["${GONE:-${HOST}}|${GONE:-$ELSE}", "a.example|x-else", ["$ELSE"]],
    ["${HOST:+y}|${GONE:+y}|${EMPTY:+y}|${EMPTY+y}", "y|||y"],
    ["${HOST:?say}|${GONE:?say}", "a.example|x-gone", ["${GONE:?say}"]],
    ["cost: 5$ $1", "cost: 5$ $1"],
  ];
  for (const [written, text, unknown = []] of VALUES) {
    test(written, () => assert.deepEqual(interpolated(written, ENV), { text, unknown }));
  }

  test("in labels: what is not set here is no finding, and said", async () => {
    const compose = composeWith(padded)
      .replace("a.example", "${NOT_SET_HOST}")
      .replace("jwksFile=/state/jwks.json", "jwksFile=$NOT_SET_FILE");
    const { codes, standIns } = await check(["compose.yml", compose]);
    assert.deepEqual([codes, standIns], [[], ["$NOT_SET_FILE", "${NOT_SET_HOST}"]]);
  });
  test("in the names of labels, when they are a list", async () => {
    const compose = composeWith(padded).replaceAll("routers.app.", "routers.${NOT_SET}.");
    const { setup, codes } = await check(["compose.yml", compose]);
    assert.deepEqual([setup.routers.map(({ name }) => name), codes], [["x-not-set"], []]);
  });
  test("explain says what it decides by", async () => {
    const input = composeWith(padded).replace("clientId=app", "clientId=${NOT_SET}");
    const { stdout } = await rolegate(["explain", "-c", "-", "--role", "x", "/1"], { input });
    assert.match(stdout, /made up, because not here: \$\{NOT_SET\}/);
  });
});

describe("manifests in values, values in manifests", () => {
  const values = `extraObjects:\n  - ${indented(manifest(), 4).trimStart()}`;
  const asText = `extraObjects:\n  - |\n${indented(manifest(), 4)}`;
  const flux = (content: string, chart = "traefik") =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec:\n  chart: {spec: {chart: ${chart}, version: 41.3.0}}\n  values:\n${indented(content, 4)}`;
  const FORMS: Record<string, string> = {
    "values with extraObjects": values,
    "as texts": asText,
    "another chart's extraDeploy": `persistence: {enabled: true}\nextraDeploy:\n  - ${indented(manifest(), 4).trimStart()}`,
    "Flux HelmRelease": flux(values),
    "Flux HelmRelease of another chart": flux(values, "prefect-server"),
    "k3s HelmChartConfig": `apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: {name: traefik}\nspec:\n  valuesContent: |-\n${indented(values, 4)}`,
    "Argo CD Application": `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n    chart: traefik\n    targetRevision: 41.3.0\n    helm:\n      values: |\n${indented(values, 8)}`,
    "Argo CD Application of several sources": `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  sources:\n    - chart: traefik\n      targetRevision: 41.3.0\n      helm:\n        valuesObject:\n${indented(values, 10)}`,
    "a chart with Traefik's in it": `traefik:\n${indented(values, 2)}`,
  };
  for (const [name, text] of Object.entries(FORMS)) {
    test(name, async () => {
      const result = await check(["a.yml", text]);
      assert.deepEqual(result.gates, ["web-gate@kubernetescrd"]);
      assert.deepEqual([result.codes, result.marked], [["unknown_key"], ["nonsense"]]);
    });
  }

  test("Traefik's own file in values and in a ConfigMap, templates included", async () => {
    const file = HEALTHY_DYNAMIC.replace(
      "clientId: app",
      'clientId: {{ "app" }}\n          nonsense: 1',
    );
    const inValues = `additionalArguments: []\nproviders:\n  file:\n    enabled: true\n    content: |\n${indented(file, 6)}`;
    const inMap = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t}\ndata:\n  dynamic.yml: |\n${indented(file, 4)}`;
    const asTree = `additionalArguments: []\nproviders:\n  file:\n    enabled: true\n    content:\n${indented(file.replace('{{ "app" }}', "app"), 6)}`;
    for (const text of [inValues, inMap, asTree]) {
      const result = await check(["a.yml", text]);
      assert.deepEqual([result.gates, result.marked], [["gate@file"], ["nonsense"]], text);
    }
  });
  test("what Helm fills in is not judged", async () => {
    const text = values
      .replace("jwksFile: /state/jwks.json", "jwksFile: '{{ .Values.jwks }}'")
      .replace(", nonsense: 1", "");
    const { codes, standIns } = await check(["values.yml", text]);
    assert.deepEqual([codes, standIns], [[], ["{{ .Values.jwks }}"]]);
  });
  test("the release's flags are Traefik's", async () => {
    const flags =
      "additionalArguments:\n  - --experimental.abortOnPluginFailure=true\n  - --experimental.localPlugins.rolegate.moduleName=rolegate\n  - --experimental.localPlugins.rolegate.settings.mounts=/state:/state\n";
    const quiet = await check(["release.yml", flux(flags)], dynamic);
    assert.deepEqual(quiet.codes, ["log_level"]);
    assert.deepEqual(
      (await check(["release.yml", flux(`${flags}  - --log.level=INFO\n`)], dynamic)).codes,
      [],
    );
    // Another chart's values load nothing.
    assert.deepEqual((await check(["release.yml", flux(flags, "nginx")], dynamic)).codes, []);
  });
  test("flags in a Deployment are Traefik's", async () => {
    const deployment = (level: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: traefik}\nspec:\n  template:\n    spec:\n      containers:\n        - name: traefik\n          image: traefik:v3.7\n          args: [--log.level=${level}, --experimental.abortOnPluginFailure=true, --experimental.localPlugins.rolegate.moduleName=rolegate, "--experimental.localPlugins.rolegate.settings.mounts=/state:/state"]\n`;
    assert.deepEqual((await check(["d.yml", deployment("INFO")], dynamic)).codes, []);
    assert.deepEqual((await check(["d.yml", deployment("WARN")], dynamic)).codes, ["log_level"]);
  });
});

describe("plugins by other names", () => {
  const named = (module: string, name: string) => [
    HEALTHY_STATIC.replace(
      "    rolegate:\n      moduleName: rolegate",
      `    ${name}:\n      moduleName: ${module}`,
    ),
    HEALTHY_DYNAMIC.replace("        rolegate:", `        ${name}:`),
  ];
  for (const module of [
    ...[
      "github.com/acme/traefik-rolegate",
      "github.com/acme/rolegate-plugin",
      "github.com/acme/rolegate/v2",
    ],
    ...["rolegate", "github.com/acme/gatekeeper"],
  ]) {
    test(`${module} named gate`, async () => {
      const [statics, text] = named(module, "gate");
      const files: File[] = [
        ["traefik.yml", statics!],
        ["dynamic.yml", text!],
      ];
      const { gates, codes } = await check(...files);
      assert.deepEqual([gates, codes], [["gate@file"], []]);
      const wrong = await check(files[0]!, ["dynamic.yml", text!.replace("issuer:", "isuer:")]);
      assert.ok(wrong.codes.includes("unknown_key"));
    });
  }
  test("another's plugin is not ours", async () => {
    const other = HEALTHY_DYNAMIC.replace("        rolegate:", "        geoblock:").replace(
      "rules:",
      "countries:",
    );
    const { gates } = await check(["dynamic.yml", other]);
    assert.deepEqual(gates, []);
    const ran = await rolegate(["check", "-"], { input: other });
    assert.deepEqual(
      [ran.code, complaint(ran)],
      [
        2,
        {
          code: "no_middleware",
          message: "there is no Rolegate middleware in these files",
          hint: "there are others: gate@file (geoblock); --plugin-name NAME takes the plugin of that name",
        },
      ],
    );
  });
});

describe("nothing of ours is not silence", () => {
  const app = (labels: string[]) =>
    `services:\n  app:\n    image: app\n    labels:\n${labels.map((it) => `      - ${it}\n`).join("")}`;
  const labels = [
    "traefik.http.routers.app.rule=Host(`a.example`)",
    "traefik.http.routers.app.middlewares=gate",
  ];
  const issuer = ".gate.plugin.rolegate.issuer=https://sso.example.com";

  test("Traefik with the plugin, and a middleware that is missing or misspelt", async () => {
    const traefik = traefikService("traefik:v3.7");
    assert.deepEqual((await check(["c.yml", app(labels) + traefik])).codes, [
      "middleware_unknown",
      "middleware_missing",
    ]);
    for (const word of ["middleware", "middelwares", "midlewares", "Middlewaress"]) {
      const misspelt = app([...labels, `traefik.http.${word}${issuer}`]) + traefik;
      const { codes } = await check(["c.yml", misspelt]);
      assert.deepEqual(codes, ["middleware_unknown", "field_unknown", "middleware_missing"], word);
    }
    for (const key of ["middleware", "entrypoint", "rul", "priorty", "services"]) {
      const text = app([...labels, `traefik.http.routers.app.${key}=x`]) + traefik;
      assert.ok((await check(["c.yml", text])).codes.includes("field_unknown"), key);
    }
  });
  test("names that Traefik has, and those of later ones, are passed over", async () => {
    const more = [
      "entryPoints=web",
      "ENTRYPOINTS=web",
      "tls.certresolver=le",
      "ruleSyntax=v3",
      "observability.metrics=false",
      "somethingNew=1",
    ];
    const text =
      composeWith(padded) + more.map((it) => `      - traefik.http.routers.app.${it}\n`).join("");
    const { codes } = await check(["c.yml", text]);
    assert.ok(!codes.includes("field_unknown"), String(codes));
  });
  test("a static configuration alone is told, and is no error", async () => {
    const { findings } = await check(["traefik.yml", HEALTHY_STATIC]);
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [["middleware_missing", "note"]],
    );
  });
  test("with nothing of ours at all there is nothing to check", async () => {
    const without = HEALTHY_STATIC.replaceAll("rolegate", "geoblock");
    for (const input of [
      app(labels),
      without,
      `${app(labels)}  traefik: {image: traefik, command: [--providers.docker=true]}\n`,
    ]) {
      const ran = await rolegate(["check", "-"], { input });
      assert.deepEqual([ran.code, complaint(ran).code], [2, "no_middleware"]);
    }
  });
});

describe("plugins of the catalogue", () => {
  const flags = (more = "") => `log: {level: INFO}
additionalArguments:
  - --experimental.abortOnPluginFailure=true
  - --experimental.plugins.rolegate.moduleName=github.com/example/rolegate
  - --experimental.plugins.rolegate.version=v0.1.0
  - --experimental.plugins.rolegate.settings.mounts=/state:/state
${more}`;
  const codes = async (text: string) => (await check(["values.yml", text], dynamic)).codes;

  test("by flags alone the chart mounts no folder for them", async () => {
    assert.deepEqual(await codes(flags()), ["plugin_storage_missing"]);
    for (const more of [
      "additionalVolumeMounts: [{name: plugins, mountPath: /plugins-storage}]\n",
      "securityContext: {readOnlyRootFilesystem: false}\n",
      "experimental: {plugins: {rolegate: {moduleName: github.com/example/rolegate, version: v0.1.0}}}\n",
    ]) {
      assert.deepEqual(await codes(flags(more)), [], more);
    }
  });
  test("values without a version", async () => {
    const text = flags(
      "experimental: {plugins: {other: {moduleName: github.com/example/other}}}\n",
    );
    assert.deepEqual(await codes(text), ["plugin_version_missing"]);
  });
  test("flags of both kinds with one name", async () => {
    const compose =
      composeWith(padded) +
      traefikService("traefik:v3.7") +
      "      - --experimental.plugins.ROLEGATE.moduleName=github.com/example/rolegate\n      - --experimental.plugins.rolegate.version=v0.1.0\n";
    assert.ok((await check(["c.yml", compose])).codes.includes("plugin_twice"));
  });
});

test("a variable that nobody fills in, in each key and form", async () => {
  for (const [from, to] of [
    ["clientId: app", "clientId: ${CLIENT_ID}"],
    ["https://sso.example.com", "https://${SSO_HOST}/realms/main"],
    ["jwksFile: /state/jwks.json", "jwksFile: /state/${REALM}.json"],
  ] as const) {
    const { codes } = await check(["dynamic.yml", HEALTHY_DYNAMIC.replace(from, () => to)]);
    assert.deepEqual(codes, ["variable_unfilled"], to);
  }
  const crd = manifest()
    .replace("clientId: app", 'clientId: "${CLIENT_ID}"')
    .replace(", nonsense: 1", "");
  assert.deepEqual((await check(["m.yml", crd])).codes, ["variable_unfilled"]);
});

test("a claim whose name is an address is whole with its dots escaped, and one without dots anyhow", async () => {
  for (const claim of [
    ...["https://example\\.com/roles", "https://localhost/roles", "realm_access.roles"],
    "resource_access.{clientId}.roles",
  ]) {
    const text = HEALTHY_DYNAMIC.replace(
      "clientId: app",
      () => `clientId: app\n          rolesFrom: ['${claim}']`,
    );
    assert.deepEqual((await check(["dynamic.yml", text])).codes, [], claim);
  }
  const value = HEALTHY_DYNAMIC.replace(
    "allow: authenticated",
    "allow: 'Equals(`azp`, `https://a.example.com/x`)'",
  );
  assert.deepEqual((await check(["dynamic.yml", value])).codes, []);
});

test("explain gives such a claim the name that it was given", async () => {
  const input = (claim: string) =>
    HEALTHY_DYNAMIC.replace("allow: authenticated", () => `allow: 'Contains(\`${claim}\`, \`a\`)'`);
  const decide = async (claim: string, given: string) =>
    (
      await rolegate(["explain", "-c", "-", "--claim", `${given}=["a"]`, "https://a.example/x"], {
        input: input(claim),
      })
    ).code;
  const [plain, escaped] = ["https://example.com/team", "https://example\\.com/team"];
  assert.equal(await decide(escaped, plain), 0);
  assert.equal(await decide(escaped, escaped), 0);
  assert.equal(await decide(plain, plain), 1);
  assert.equal(await decide("a.b", "a.b"), 0);
});
