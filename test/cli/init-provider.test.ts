/** `rolegate init --provider`: what it writes for each, and what it says is left to do there. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type ProviderName, rowOf } from "../../src/cli/providers/table.ts";
import { root } from "../../tools/root.ts";
import { initFolder } from "./init-folder.ts";
import { complaint, rolegate } from "./run.ts";
import { takenByOthers } from "./taken-by-others.ts";

const { folder, path, init, offline, answers: ANSWERS } = initFolder("init-provider");

const PROVIDERS = readdirSync(join(root, "docs/providers"))
  .map((it) => it.replace(/\.md$/, ""))
  .filter((it) => it !== "README");

/** Without asking the provider; of Cognito only the pool itself knows its domain. */
const OFFLINE = PROVIDERS.filter((it) => it !== "cognito");

describe("what is left to do at the provider is said at the end", () => {
  const ROLES: [preset: string, roles: string][] = [
    ["signed-in", "none"],
    ["admin", "viewer, owner"],
    ["read-write", "viewer, editor"],
    ["prefect", "prefect-viewer, prefect-runner, prefect-worker, prefect-developer, prefect-owner"],
  ];
  for (const [preset, roles] of ROLES) {
    test(`preset ${preset}: its roles, and the three addresses`, async () => {
      const { stderr } = await offline("--dry-run", "--preset", preset);
      const said = new Map(
        [...stderr.split("Then:")[0]!.matchAll(/^ {2}(\S.*?) {2,}(\S.*)$/gm)].map(
          ([, what, value]) => [what, value],
        ),
      );
      assert.deepEqual(Object.fromEntries(said), {
        "redirect URI": "https://app.example.com/oidc/callback",
        "URI after signing out": "https://app.example.com/",
        "back-channel logout": "https://app.example.com/oidc/backchannel-logout",
        "roles that must exist": roles,
        "aud of programs": "app",
      });
    });
  }
  for (const name of OFFLINE.filter((it) => it !== "keycloak")) {
    test(`${name}: as its page says, with the own addresses`, async () => {
      const { isOnlyIssuer } = rowOf(name as ProviderName);
      const { code, stderr } = await init(
        ...["--yes", "--offline", "--dry-run", "--provider", name, "--client-id", "client-of-ours"],
        ...(isOnlyIssuer ? [] : ["--issuer", "https://login.example.net/of/ours"]),
        ...["--audience", "ours", "--public-url", "https://wiki.example.org"],
        ...["--service", "http://app:4200"],
      );
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^ {2}Roles: /m);
      assert.doesNotMatch(stderr, /app\.example\.com|\*\*|\]\(/);
    });
  }
  test("keycloak: what to click, in the console's words", async () => {
    const { stderr } = await offline("--dry-run", "--provider", "keycloak");
    for (const words of [
      "Valid redirect URIs https://app.example.com/oidc/callback",
      "Valid post logout redirect URIs https://app.example.com/",
      "Backchannel logout URL https://app.example.com/oidc/backchannel-logout",
      "Included Client Audience app",
      "Create role: app-viewer; app-owner",
    ])
      assert.ok(stderr.includes(words), words);
  });
  test("an issuer that looks like a provider's: its name is proposed", async () => {
    const { stderr } = await offline("--dry-run");
    assert.match(stderr, /looks like Keycloak: --provider keycloak /);
  });
  test("a name with quotes stays one word in the script", async () => {
    const made = await offline(
      ...["--provider", "keycloak", "--provider-setup", "kcadm", "--client-id", "it's"],
    );
    assert.equal(made.code, 0, made.stderr);
    assert.equal(spawnSync("sh", ["-n", path("keycloak.sh")]).status, 0);
    assert.match(readFileSync(path("keycloak.sh"), "utf8"), /^echo 'client it'\\''s: made/m);
    assert.equal(statSync(path("keycloak.sh")).mode & 0o777, 0o755);
  });
  test("--provider-setup is for Keycloak, and its realm is in the issuer", async () => {
    const other = await offline("--provider-setup", "realm");
    assert.deepEqual([other.code, complaint(other).code], [2, "provider_setup"]);
    const nowhere = await offline(
      ...[
        "--provider",
        "keycloak",
        "--provider-setup",
        "realm",
        "--issuer",
        "https://sso.example.com",
      ],
    );
    assert.deepEqual([nowhere.code, complaint(nowhere).code], [2, "issuer_invalid"]);
    assert.deepEqual(readdirSync(folder.path), []);
  });
  test("a client's secret in the environment that can be guessed", async () => {
    const ran = await rolegate(["init", ...ANSWERS, "--offline"], {
      cwd: folder.path,
      env: { CLIENT_SECRET: "a".repeat(32) },
    });
    assert.deepEqual([ran.code, complaint(ran).code], [1, "secret_weak"]);
    assert.doesNotMatch(ran.stderr, /aaaa/);
    assert.deepEqual(readdirSync(folder.path), []);
  });
  for (const target of ["file", "docker", "kubernetes", "helm"]) {
    test(`https without a certificate is said: ${target}`, async () => {
      const { stderr } = await offline("--dry-run", "--target", target);
      assert.match(stderr, /# a certificate for app\.example\.com, or browsers get Traefik's/);
    });
  }
});

describe("for a provider that is named", () => {
  const [, , , , , ...address] = ANSWERS;
  const named = (name: string, ...args: string[]) =>
    init("--yes", "--offline", "--provider", name, ...address, ...args);

  for (const name of OFFLINE) {
    test(`${name}: what it writes passes check, and its table`, async () => {
      const { issuer, isOnlyIssuer, clientId, exampleAudience } = rowOf(name as ProviderName);
      const made = await named(
        name,
        ...(isOnlyIssuer ? [] : ["--issuer", issuer]),
        ...(clientId === null ? [] : ["--client-id", clientId]),
        ...(exampleAudience === undefined ? [] : ["--audience", exampleAudience]),
      );
      assert.equal(made.code, 0, made.stderr);
      const checked = await rolegate(["check", "--strict", "traefik.yml", "dynamic.yml"], {
        cwd: folder.path,
      });
      assert.match(checked.stdout, /^[23] middlewares: 0 errors, 0 warnings\n/);
      const tried = await rolegate(["test", "--strict", "rolegate.test.yml"], { cwd: folder.path });
      assert.equal(tried.code, 0, tried.stdout + tried.stderr);
    });
  }

  for (const target of ["docker", "kubernetes", "helm"]) {
    test(`google, ${target}: keys and codes have a service each`, async () => {
      const made = await named("google", "--client-id", "app", "--target", target);
      assert.equal(made.code, 0, made.stderr);
      const files = readdirSync(folder.path).filter(
        (it) => it.endsWith(".yml") && !/secret|test/.test(it),
      );
      const checked = await rolegate(["check", "--strict", ...files], { cwd: folder.path });
      assert.match(checked.stdout, /^3 middlewares: 0 errors, 0 warnings\n/);
      takenByOthers(target, folder.path);
      const text = files.map((it) => readFileSync(path(it), "utf8")).join("");
      for (const host of ["oauth2.googleapis.com", "www.googleapis.com"])
        assert.match(text, new RegExp(`(https://|externalName: )${host}$`, "m"));
      assert.doesNotMatch(text, /(externalName: |url=https:\/\/)accounts\.google\.com/);
    });
  }

  test("cognito has to be asked for its endpoints", async () => {
    const { issuer } = rowOf("cognito");
    const ran = await named("cognito", "--issuer", issuer, "--client-id", "1");
    assert.deepEqual([ran.code, complaint(ran).code], [2, "offline_impossible"]);
  });

  test("an audience that only the person knows has to be given", async () => {
    const { issuer } = rowOf("zitadel");
    const ran = await named("zitadel", "--issuer", issuer, "--client-id", "1");
    assert.equal(complaint(ran).message, "not given: --audience");
  });

  for (const name of ["google", "gitlab", "github-actions", "kubernetes", "firebase"]) {
    test(`${name}: all who are signed in are everybody, and no rule's caller`, async () => {
      const ran = await named(
        ...([name, "--issuer", rowOf(name as ProviderName).issuer] as [string, string, string]),
        ...["--client-id", "app", "--preset", "signed-in"],
      );
      assert.deepEqual([ran.code, complaint(ran).code], [2, "preset_open"]);
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }
});
