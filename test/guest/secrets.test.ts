/**
 * Secrets of the configuration: each mode resolves those that it has a use for and no other, counted in the calls to
 * the host; a literal one is worth a warning; and none stands in a line, whatever else is wrong.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { BAD_CONFIGURATIONS } from "../cases/bad-configurations.ts";
import type { Configuration } from "../cases/gates.ts";
import { CLIENT_JWK } from "../cases/sign-in.ts";
import { loadGate } from "../support/gate.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

const folder = temporaryFolder("secrets");
after(() => folder.remove());

/** A different one for each label. */
const random = (label: string) => createHash("sha512").update(label).digest("base64url");

/** Where a secret stands -> its value. */
const SECRETS: Record<string, string> = {
  "session.secrets[0]": random("first"),
  "session.secrets[1]": random("second"),
  signingSecret: random("signing"),
  "issuers[0].signingSecret": random("signing, other issuer"),
  upstreamAuthorization: `Basic ${random("upstream")}`,
  "login.clientSecret": random("client"),
  "login.clientKey": CLIENT_JWK,
};

const WITHOUT_CLIENT = [
  "session.secrets[0]",
  "session.secrets[1]",
  "signingSecret",
  "issuers[0].signingSecret",
];
const RESOLVED: [string, string, string[]][] = [
  ["protect", "basic", [...WITHOUT_CLIENT, "upstreamAuthorization"]],
  ["auth", "basic", [...WITHOUT_CLIENT, "upstreamAuthorization"]],
  ["login", "basic", [...WITHOUT_CLIENT, "login.clientSecret"]],
  ["login", "post", [...WITHOUT_CLIENT, "login.clientSecret"]],
  ["login", "private_key_jwt", [...WITHOUT_CLIENT, "login.clientKey"]],
  ["login", "none", WITHOUT_CLIENT],
  ["keys", "basic", []],
];

/** `secret` gives what stands at a place. */
function block(mode: string, clientAuth: string, secret: (place: string) => string): Configuration {
  return {
    mode,
    issuer: ISSUER,
    clientId: CLIENT,
    // Mode keys has keys to fetch, for which there is no secret.
    ...(mode === "keys" ? { stateDir: "/state" } : { signingSecret: secret("signingSecret") }),
    issuers: [
      {
        issuer: "https://b.example",
        audience: "b",
        signingSecret: secret("issuers[0].signingSecret"),
      },
    ],
    upstreamAuthorization: secret("upstreamAuthorization"),
    publicUrl: "https://app.example.com",
    session: { secrets: [secret("session.secrets[0]"), secret("session.secrets[1]")] },
    login: {
      issuer: ISSUER,
      clientAuth,
      clientSecret: secret("login.clientSecret"),
      clientKey: secret("login.clientKey"),
    },
    forwardAuth: {
      ...{
        trusted: "10.0.0.1",
        uriHeader: "X-Uri",
        methodHeader: "X-Method",
        hostHeader: "X-Host",
      },
    },
  };
}

/** A name that an environment, and a file system, can hold. */
const nameOf = (place: string) => place.replace(/\W+/g, "_").toUpperCase();

const environment = Object.fromEntries(
  Object.entries(SECRETS).map(([place, value]) => [nameOf(place), value]),
);
for (const [name, value] of Object.entries(environment)) {
  writeFileSync(join(folder.path, name), `${value}\n`);
}

async function load(config: unknown, env: Record<string, string> = {}) {
  const calls: string[] = [];
  const guest = await loadGate(config, {
    env,
    mounts: [`${folder.path}:/state`, `${folder.path}:/secrets`],
    onCall: (name) => calls.push(name),
  });
  const { logs } = guest.check();
  const of = (severity: string) =>
    logs.flatMap(({ data }) => (data?.severity === severity ? [data] : []));
  return { calls, errors: of("error"), warnings: of("warning") };
}

const count = (calls: string[], name: string) => calls.filter((it) => it === name).length;
const paths = (findings: Record<string, unknown>[], code: string) =>
  findings.filter((it) => it.code === code).map(({ path }) => path);

for (const [mode, clientAuth, resolved] of RESOLVED) {
  describe(`mode ${mode}, ${clientAuth}`, () => {
    const places = resolved.filter((place) => mode !== "keys" || place !== "signingSecret");

    test("the environment is read for these secrets alone", async () => {
      const config = block(mode, clientAuth, (place) => `env:${nameOf(place)}`);
      const { calls, errors } = await load(config, environment);
      assert.deepEqual(errors, []);
      assert.equal(count(calls, "environ_get"), places.length);
    });

    test("files are read for these secrets alone", async () => {
      const opened = async (secret: (place: string) => string) => {
        const { calls, errors } = await load(block(mode, clientAuth, secret), environment);
        assert.deepEqual(errors, []);
        return count(calls, "path_open");
      };
      const others = await opened((place) => `env:${nameOf(place)}`);
      const all = await opened((place) => `file:/secrets/${nameOf(place)}`);
      assert.equal(all - others, places.length);
    });

    test("only these are missed", async () => {
      const { errors } = await load(block(mode, clientAuth, (place) => `env:${nameOf(place)}`));
      assert.deepEqual(paths(errors, "secret_missing").sort(), [...places].sort());
      assert.equal(errors.length, places.length);
    });

    test("literal ones are worth a word each", async () => {
      const { errors, warnings } = await load(block(mode, clientAuth, (place) => SECRETS[place]!));
      assert.deepEqual(errors, []);
      assert.deepEqual(paths(warnings, "literal_secret").sort(), [...places].sort());
    });
  });
}

describe("no secret stands in a line", () => {
  /** Every text under a key that holds secrets, and every line of what is none of them. */
  const secretsOf = (config: unknown, key = ""): string[] => {
    if (Array.isArray(config)) return config.flatMap((it) => secretsOf(it, key));
    if (typeof config === "object" && config !== null) {
      return Object.entries(config).flatMap(([name, value]) => secretsOf(value, name));
    }
    const isSecret = /^(secrets?|signingSecret|upstreamAuthorization|client(s?Secret|Key))$/i;
    const text = String(config);
    if (!isSecret.test(key) || /^(env|file|urn):/.test(text) || text.length < 5) return [];
    // "secret" is also a word.
    return text === "secret" ? [] : text.split("\n").filter((line) => !/-----|^$/.test(line));
  };
  const withSecrets = BAD_CONFIGURATIONS.filter(({ config }) => secretsOf(config).length > 0);

  test("there are many", () => assert.ok(withSecrets.length > 150, String(withSecrets.length)));
  for (const { name, config } of withSecrets) {
    test(name, async () => {
      const { errors, warnings } = await load(config);
      assert.ok(errors.length > 0);
      const said = [...errors, ...warnings].map((line) => JSON.stringify(line)).join("\n");
      for (const secret of secretsOf(config)) assert.ok(!said.includes(secret), said);
    });
  }
});
