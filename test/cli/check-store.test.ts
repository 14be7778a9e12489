/** `rolegate check` on several Traefiks: the routers of their store, one fault at a time, and those that share nothing. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CATALOGUE } from "../../src/cli/check/catalogue-table.ts";
import { check, type File } from "./checked.ts";
import { LOGIN_SETUP } from "./login-findings-table.ts";

const STORE = "          stateDir: /state\n          store: {kind: etcd}\n";
const BLOCK = LOGIN_SETUP.slice(LOGIN_SETUP.indexOf("mode: login\n") + "mode: login\n".length);

/** With a store, and all that belongs to it. */
const HEALTHY = LOGIN_SETUP.replace(
  "  services:\n",
  `    login-store: {rule: "Host(\`a.example\`) && (Path(\`/oidc/store\`) || Path(\`/oidc/backchannel-logout\`))", service: engine, middlewares: [login, buffer]}
    store: {rule: "Path(\`/oidc/store\`)", entryPoints: [inside], service: engine, middlewares: [store, buffer]}
    store-tick: {rule: "Path(\`/oidc/store-tick\`)", entryPoints: [inside], service: tick}
  services:
    engine: {loadBalancer: {servers: [{url: "http://etcd:2379"}]}}
    tick: {loadBalancer: {healthCheck: {path: /oidc/store}, servers: [{url: "http://127.0.0.1:2"}]}}
`,
)
  .concat(`    store:\n      plugin:\n        rolegate:\n          mode: store\n${BLOCK}`)
  .replaceAll("          stateDir: /state\n", STORE);

const own = async (...files: File[]) => {
  const { findings } = await check(...files);
  return findings.filter(({ code }) => Object.hasOwn(CATALOGUE, code));
};

describe("the store's routers", () => {
  const of = (text: string) => own(["dynamic.yml", text]);

  test("with all of them, check has nothing to say", async () => {
    assert.deepEqual(await of(HEALTHY), []);
    // The engine has no unsigned answers: plain http to it is no matter for userinfo.
    assert.deepEqual(
      await of(HEALTHY.replaceAll("login: {client", "login: {userinfo: true, client")),
      [],
    );
  });

  const FAULTS: [name: string, code: keyof typeof CATALOGUE, from: string | RegExp, to: string][] =
    [
      ["none", "store_router_missing", /    login-store: .*\n/, ""],
      [
        "one for another host",
        "store_router_missing",
        'login-store: {rule: "Host(`a',
        'login-store: {rule: "Host(`c',
      ],
      [
        "back-channel logout goes elsewhere",
        "store_router_missing",
        " || Path(`/oidc/backchannel-logout`)",
        "",
      ],
      [
        "it leads to the provider",
        "store_at_provider",
        'logout`))", service: engine',
        'logout`))", service: sso',
      ],
      [
        "it leads to the provider, by a service of another name",
        "store_at_provider",
        "http://etcd:2379",
        "https://sso.example.com/",
      ],
      [
        "the reader leads to the provider",
        "store_at_provider",
        "entryPoints: [inside], service: engine",
        "entryPoints: [inside], service: sso",
      ],
      [
        "no buffering where people sign out",
        "login_buffering_missing",
        "engine, middlewares: [login, buffer]",
        "engine, middlewares: [login]",
      ],
      [
        "retry where people sign out",
        "login_retry",
        "engine, middlewares: [login, buffer]",
        "engine, middlewares: [login, buffer, again]",
      ],
      ["no reader", "store_reader_missing", /    store: \{rule.*\n/, ""],
      ["a reader without buffering", "store_buffering_missing", "[store, buffer]", "[store]"],
      [
        "buffering before the reader",
        "store_buffering_missing",
        "[store, buffer]",
        "[buffer, store]",
      ],
      ["a reader that nothing calls", "store_not_called", "healthCheck: {path: /oidc/store}, ", ""],
      [
        "a health check of another path",
        "store_not_called",
        "{path: /oidc/store}",
        "{path: /oidc/keys}",
      ],
      [
        "a reader of another application",
        "blocks_differ",
        "mode: store\n          issuer: https://sso.example.com\n",
        "mode: store\n          issuer: https://sso.example.com\n          emailUnverified: true\n",
      ],
    ];
  for (const [name, code, from, to] of FAULTS) {
    test(`${code}: ${name}`, async () => {
      const text = HEALTHY.replace(from, to);
      assert.notEqual(text, HEALTHY);
      const found = await of(text);
      assert.deepEqual(
        [...new Set(found.map((it) => it.code))],
        [code],
        JSON.stringify(found.map(({ message }) => message)),
      );
    });
  }

  test("the store in sign-in, and not where sessions are checked: the blocks differ", async () => {
    const found = await of(HEALTHY.replace(STORE, "          stateDir: /state\n"));
    assert.ok(found.every(({ code }) => code === "blocks_differ"));
    assert.match(found[0]!.message, /store/);
  });

  test("at another `login.path`", async () => {
    const moved = HEALTHY.replaceAll("login: {client", "login: {path: /auth, client")
      .replaceAll("`/oidc`", "`/auth`")
      .replaceAll("`/oidc/`", "`/auth/`")
      .replace("(Path(`/oidc/store`) ||", "(Path(`/auth/store`) ||")
      .replace("`/oidc/backchannel-logout`", "`/auth/backchannel-logout`");
    assert.deepEqual(await of(moved), []);
    const [found] = await of(moved.replace("(Path(`/auth/store`) ||", "(Path(`/oidc/store`) ||"));
    assert.match(found!.message, /Path\(`\/auth\/store`\)/);
  });
});

describe("several Traefiks", () => {
  const PLUGIN = [
    "--experimental.abortOnPluginFailure=true",
    "--log.level=INFO",
    "--experimental.localPlugins.rolegate.moduleName=rolegate",
    "--experimental.localPlugins.rolegate.settings.mounts=/state:/state,/secret:/secret:ro",
  ];
  const flags = (indent: string) => PLUGIN.map((it) => `${indent}- ${it}\n`).join("");
  const values = (deployment: string, volume = "emptyDir: {}", more = ""): File => [
    "values.yml",
    `additionalArguments:\n${flags("  ")}deployment:\n  ${deployment}\n  additionalVolumes:\n    - { name: state, ${volume} }\n    - { name: secret, secret: { secretName: s } }\nadditionalVolumeMounts:\n  - { name: state, mountPath: /state }\n  - { name: secret, mountPath: /secret }\n${more}`,
  ];
  const manifest = (kind: string, replicas: string, volume: string): File => [
    "traefik.yml",
    `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: traefik }\nspec:\n  ${replicas}\n  template:\n    spec:\n      volumes:\n        - { name: state, ${volume} }\n      containers:\n        - name: traefik\n          image: traefik:v3.7\n          volumeMounts: [{ name: state, mountPath: /state }]\n          args:\n${flags("            ")}`,
  ];
  const compose = (more: string, volume = ""): File => [
    "compose.yml",
    `services:\n  traefik:\n    image: traefik:v3.7\n    ${more}\n${volume}    command:\n${flags("      ")}`,
  ];
  const CLAIM = "persistentVolumeClaim: { claimName: state }";
  const CASES: [name: string, file: File, isFound: boolean][] = [
    ["a chart's replicas", values("replicas: 2"), true],
    ["one replica", values("replicas: 1"), false],
    ["a chart's replicas on one volume", values("replicas: 2", CLAIM), false],
    [
      "a volume of another folder",
      values("replicas: 2", CLAIM.replace("state }", "x }")).map((it) =>
        it.replace("name: state, mountPath: /state", "name: state, mountPath: /other"),
      ) as File,
      true,
    ],
    [
      "a chart that scales by itself",
      values(
        "kind: Deployment",
        "emptyDir: {}",
        "autoscaling: { enabled: true, maxReplicas: 5 }\n",
      ),
      true,
    ],
    [
      "a chart that does not scale",
      values(
        "kind: Deployment",
        "emptyDir: {}",
        "autoscaling: { enabled: false, maxReplicas: 5 }\n",
      ),
      false,
    ],
    ["a chart's DaemonSet", values("kind: DaemonSet"), true],
    ["a Deployment", manifest("Deployment", "replicas: 3", "emptyDir: {}"), true],
    ["a Deployment with a volume", manifest("Deployment", "replicas: 3", CLAIM), false],
    ["a Deployment of one", manifest("Deployment", "replicas: 1", "emptyDir: {}"), false],
    ["a DaemonSet", manifest("DaemonSet", "minReadySeconds: 1", "emptyDir: {}"), true],
    ["compose, without a volume", compose("deploy: { replicas: 2 }"), true],
    ["compose, scaled", compose("scale: 2"), true],
    [
      "compose, with a folder",
      compose("deploy: { replicas: 2 }", '    volumes: ["./state:/state"]\n'),
      false,
    ],
    [
      "compose, with a volume in the long form",
      compose("scale: 2", "    volumes: [{ type: volume, source: state, target: /state }]\n"),
      false,
    ],
    [
      "compose, in memory",
      compose("scale: 2", "    volumes: [{ type: tmpfs, target: /state }]\n"),
      true,
    ],
    ["compose, one container", compose("scale: 1"), false],
  ];
  for (const [name, file, isFound] of CASES) {
    test(`${isFound ? "found" : "not found"}: ${name}`, async () => {
      const found = await own(["dynamic.yml", LOGIN_SETUP], file);
      const codes = found.map(({ code }) => code).filter((it) => it !== "public_url_plain");
      assert.deepEqual(codes, isFound ? ["replicas_apart"] : []);
      // An engine is what they share.
      const shared = await own(["dynamic.yml", HEALTHY], file);
      assert.ok(shared.every(({ code }) => code !== "replicas_apart"));
    });
  }

  test("where nobody signs in, they need nothing in common", async () => {
    const tokens = LOGIN_SETUP.replaceAll(
      '          session: {secrets: ["env:SESSION_SECRET"]}\n',
      "",
    );
    const found = await own(["dynamic.yml", tokens], values("replicas: 2"));
    assert.ok(found.every(({ code }) => code !== "replicas_apart"));
  });
});
