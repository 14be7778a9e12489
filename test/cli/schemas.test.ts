/** The schemas that manifests are held to refuse what a cluster refuses: without that, "no errors" would say nothing. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chartErrors } from "./chart-values.ts";
import { composeErrors } from "./compose-schema.ts";
import { manifestErrors } from "./kubernetes-schema.ts";

const route = {
  apiVersion: "traefik.io/v1alpha1",
  kind: "IngressRoute",
  metadata: { name: "app", namespace: "default" },
  spec: {
    entryPoints: ["websecure"],
    routes: [
      {
        match: "Host(`app.example.com`)",
        kind: "Rule",
        middlewares: [{ name: "rolegate" }],
        services: [
          {
            name: "app",
            port: 80,
            passHostHeader: false,
            healthCheck: { path: "/", interval: "5s" },
          },
        ],
      },
    ],
    tls: {},
  },
};
const middleware = {
  apiVersion: "traefik.io/v1alpha1",
  kind: "Middleware",
  metadata: { name: "rolegate" },
  spec: { plugin: { rolegate: { mode: "protect", rules: [{ name: "all", anything: 1 }] } } },
};
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "provider" },
  spec: { type: "ExternalName", externalName: "sso.example.com", ports: [{ port: 443 }] },
};

/** The object with one place set to something else. */
function altered(object: object, path: (string | number)[], value: unknown): object {
  const copy = structuredClone(object);
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1)!] = value;
  return copy;
}

describe("manifests", () => {
  test("right ones have no errors", () => {
    for (const it of [route, middleware, service]) assert.deepEqual(manifestErrors(it), []);
  });

  const where = ["spec", "routes", 0, "services", 0];
  const cases: [string, object, (string | number)[], unknown, RegExp][] = [
    ["a misspelt field", route, [...where, "passHost"], false, /services\/0\/passHost: unknown/],
    [
      "a field in the wrong place",
      route,
      ["spec", "middlewares"],
      [],
      /spec\/middlewares: unknown/,
    ],
    ["one too deep", route, [...where, "healthCheck", "x"], 1, /healthCheck\/x: unknown field/],
    ["a text for a list", route, ["spec", "entryPoints"], "web", /spec\/entryPoints: type/],
    ["a text for a boolean", route, [...where, "passHostHeader"], "false", /passHostHeader: type/],
    ["a word that is none of them", route, ["spec", "routes", 0, "kind"], "Rules", /kind: enum/],
    ["a route without a rule", route, ["spec", "routes", 0, "match"], undefined, /routes\/0: req/],
    ["a middleware that Traefik lacks", middleware, ["spec", "plugins"], {}, /plugins: unknown/],
    [
      "a buffering of text",
      middleware,
      ["spec", "buffering"],
      { maxRequestBodyBytes: "1" },
      /: type/,
    ],
    ["a port of text", service, ["spec", "ports", 0, "port"], "443", /ports\/0\/port: type/],
    ["a service's unknown field", service, ["spec", "external"], "x", /spec\/external: unknown/],
    ["a kind that nobody knows", service, ["kind"], "Services", /no schema for v1 Services/],
  ];
  for (const [name, object, path, value, expected] of cases) {
    test(`${name} is refused`, () => {
      const errors = manifestErrors(altered(object, path, value));
      assert.equal(errors.length, 1, errors.join("\n"));
      assert.match(errors[0]!, expected);
    });
  }
});

describe("chart values", () => {
  const values = {
    providers: { kubernetesCRD: { enabled: true, allowExternalNameServices: true } },
    additionalArguments: ["--log.level=INFO"],
    env: [{ name: "A", value: "b" }],
    deployment: { additionalVolumes: [{ name: "state", emptyDir: {} }] },
    additionalVolumeMounts: [{ name: "state", mountPath: "/state" }],
  };
  test("right ones have no errors", () => assert.deepEqual(chartErrors(values), []));

  const cases: [string, (string | number)[], unknown, RegExp][] = [
    ["what charts called it before 41", ["logs"], { general: { level: "INFO" } }, /logs: not in/],
    ["what only charts from 41 on know", ["log"], { level: "INFO" }, /log: not in every chart/],
    ["a misspelt provider", ["providers", "kubernetesCrd"], {}, /kubernetesCrd: not in/],
    ["a text for a boolean", ["providers", "kubernetesCRD", "enabled"], "true", /a boolean/],
    ["a text for a list", ["additionalArguments"], "--a --b", /additionalArguments: a list/],
    ["a flag that is no text", ["additionalArguments", 0], { a: 1 }, /0: a text/],
    ["a volume of no kind", ["deployment", "additionalVolumes", 0, "emptydir"], {}, /unknown/],
    ["a mount without a path", ["additionalVolumeMounts", 0, "mountPath"], undefined, /required/],
    ["a mount of no volume", ["additionalVolumeMounts", 0, "name"], "x", /no volume x/],
    ["a variable of two words", ["env", 0, "secretKeyRef"], {}, /secretKeyRef: unknown/],
  ];
  for (const [name, path, value, expected] of cases) {
    test(`${name}: refused`, () => {
      const errors = chartErrors(altered(values, path, value));
      assert.equal(errors.length, 1, errors.join("\n"));
      assert.match(errors[0]!, expected);
    });
  }
});

describe("compose files", () => {
  const file = {
    services: { traefik: { image: "traefik:v3.7", ports: ["80:80"], labels: ["a=b"] } },
  };
  const place = ["services", "traefik"];
  test("right ones have no errors", () => assert.deepEqual(composeErrors(file), []));

  const cases: [string, (string | number)[], unknown, RegExp][] = [
    ["a misspelt key", [...place, "lables"], [], /must NOT have additional properties.*lables/],
    ["a text for a list", [...place, "volumes"], "./state:/state", /volumes must be array/],
    ["a label twice", [...place, "labels", 1], "a=b", /labels must NOT have duplicate items/],
    ["a key at the top that is none", ["service"], {}, /additional properties.*"service"/],
  ];
  for (const [name, path, value, expected] of cases) {
    test(`${name} is refused`, () => {
      assert.match(composeErrors(altered(file, path, value)).join("\n"), expected);
    });
  }
});
