/** `rolegate check`: every finding has a set-up that brings it and no other, a healthy one is silent, and each form of output. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { CATALOGUE } from "../../src/cli/check/catalogue-table.ts";
import { checkSetup } from "../../src/cli/check/run.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { pluginWasm } from "../support/gate.ts";
import {
  composeWith,
  type Fault,
  FAULTS,
  HEALTHY_DYNAMIC,
  HEALTHY_STATIC,
  MORE_MIDDLEWARES,
  padded,
  valuesWith,
} from "./findings-table.ts";
import { API_ROUTERS, LOGIN_FAULTS, LOGIN_SETUP, PLAIN_GATE } from "./login-findings-table.ts";
import { REALM_FAULTS } from "./realm-findings-table.ts";
import { complaint, golden, rolegate, starts } from "./run.ts";

const replaced = (text: string, [from, to]: [string, string] = ["", ""]) => {
  assert.ok(text.includes(from), `nothing to replace: ${from}`);
  return text.replace(from, () => to);
};

function filesOf(fault: Pick<Fault, "static" | "dynamic" | "file">): SourceFile[] {
  if (fault.file) return [new SourceFile(...fault.file)];
  return [
    new SourceFile("traefik.yml", replaced(HEALTHY_STATIC, fault.static)),
    new SourceFile("dynamic.yml", replaced(HEALTHY_DYNAMIC, fault.dynamic) + MORE_MIDDLEWARES),
  ];
}

/** The healthy block must end in a map of middlewares, so that more can follow: it stands last in `middlewares`. */
const found = async (files: SourceFile[]) =>
  (await checkSetup(setupOf(files), pluginWasm)).findings;

describe("findings", () => {
  test("nothing is wrong with a healthy set-up, in a file, in labels, with sign-in", async () => {
    for (const files of [filesOf({}), [new SourceFile("compose.yml", composeWith(padded))]]) {
      assert.deepEqual(
        (await found(files)).map(({ message }) => message),
        [],
      );
    }
  });

  for (const fault of FAULTS) {
    test(`${fault.code}: ${fault.name}`, async () => {
      const own = (await found(filesOf(fault))).filter(({ code }) =>
        Object.hasOwn(CATALOGUE, code),
      );
      assert.deepEqual(
        own.map(({ code }) => code),
        [fault.code],
      );
      const { file, start } = own[0]!.place;
      assert.ok(file.text.slice(start).startsWith(fault.at), file.text.slice(start, start + 40));
    });
  }

  for (const fault of LOGIN_FAULTS) {
    test(`${fault.code}: ${fault.name}`, async () => {
      const text = replaced(LOGIN_SETUP, fault.change);
      const files = [new SourceFile("dynamic.yml", text)];
      if (fault.static) files.push(new SourceFile("traefik.yml", fault.static));
      const own = (await found(files)).filter(({ code }) => Object.hasOwn(CATALOGUE, code));
      assert.deepEqual(
        own.map(({ code }) => code),
        [fault.code],
        JSON.stringify(own.map(({ message }) => message)),
      );
    });
  }

  for (const { name, router, more, isMissing } of API_ROUTERS) {
    test(`${isMissing ? "a" : "no"} login router is missing: ${name}`, async () => {
      const changed = more ? LOGIN_SETUP.replaceAll(more[0], more[1]) : LOGIN_SETUP;
      const text = replaced(changed, ["    login: {rule", `    ${router}\n    login: {rule`]);
      const own = (await found([new SourceFile("dynamic.yml", text + PLAIN_GATE)])).filter(
        ({ code }) => Object.hasOwn(CATALOGUE, code) && code !== "middleware_unused",
      );
      const where = own.map(({ code, message }) => [code, /^router (\S+)/.exec(message)?.[1]]);
      assert.deepEqual(where, isMissing ? [["login_router_missing", "api"]] : []);
    });
  }

  test("what comes of a value that was never filled in is not said as well", async () => {
    const text = LOGIN_SETUP.replaceAll("https://sso.example.com\n", '"<issuer>"\n').replaceAll(
      "publicUrl: https://a.example",
      'publicUrl: "${PUBLIC_URL}"',
    );
    const said = (await found([new SourceFile("dynamic.yml", text)])).map(
      ({ code, severity, path }) => [code, severity, path],
    );
    assert.deepEqual(said.slice(0, 2).sort(), [
      ["placeholder", "error", "issuer"],
      // Alone it is a warning; an error came of it.
      ["variable_unfilled", "error", "publicUrl"],
    ]);
    assert.ok(!said.some(([code]) => code === "wrong_value"), JSON.stringify(said));
  });

  test("a public host that no router has is no reason to be silent", async () => {
    const text = LOGIN_SETUP.replaceAll("publicUrl: https://a", "publicUrl: https://c").replace(
      "Host(`a.example`) && (Path",
      "Host(`b.example`) && (Path",
    );
    const codes = (await found([new SourceFile("dynamic.yml", text)])).map(({ code }) => code);
    assert.ok(codes.includes("login_router_missing"));
  });

  test("the provider may have a router of its own", async () => {
    const sso = 'sso: {rule: "Host(`sso.example`)", service: sso}';
    const text = replaced(LOGIN_SETUP, ["    login: {rule", `    ${sso}\n    login: {rule`]);
    const own = (await found([new SourceFile("dynamic.yml", text)])).filter(({ code }) =>
      Object.hasOwn(CATALOGUE, code),
    );
    assert.deepEqual(own, []);
  });

  test("of a healthy set-up with sign-in, the command itself has nothing to say", async () => {
    const all = await found([new SourceFile("dynamic.yml", LOGIN_SETUP)]);
    assert.deepEqual(
      all.filter(({ code }) => Object.hasOwn(CATALOGUE, code)),
      [],
    );
  });

  test("the log's level in chart values is found by its old name and its new one", async () => {
    const levels = async (log: string) => {
      const dynamic = replaced(HEALTHY_DYNAMIC) + MORE_MIDDLEWARES;
      const files = [
        new SourceFile("values.yml", valuesWith(log)),
        new SourceFile("d.yml", dynamic),
      ];
      return (await found(files)).map(({ code }) => code);
    };
    for (const level of ["logs: {general: {level: INFO}}", "log: {level: INFO}"]) {
      assert.deepEqual(await levels(level), []);
      assert.deepEqual(await levels(level.replace("INFO", "ERROR")), ["log_level"]);
    }
  });

  test("every finding of the catalogue is brought about here, in check-files, check-store, check-realm or template, but for the plugin's trap", () => {
    const read = (name: string) => readFileSync(join(root, name), "utf8");
    const ofFiles = read("test/cli/check-files.test.ts");
    const seen = new Set([...FAULTS, ...LOGIN_FAULTS].map(({ code }) => code));
    for (const code of Object.keys(REALM_FAULTS)) seen.add(code);
    // Never alone: the block that was left out is named as well.
    if (read("test/cli/template.test.ts").includes('"template_unread"'))
      seen.add("template_unread");
    for (const [, code] of ofFiles.matchAll(/"((?:keys|config_file)_\w+)"/g)) seen.add(code!);
    const ofStore = read("test/cli/check-store.test.ts");
    for (const [, code] of ofStore.matchAll(/"((?:store|replicas)_\w+)"/g)) seen.add(code!);
    assert.deepEqual(
      Object.keys(CATALOGUE).filter((code) => !seen.has(code)),
      ["guest_trap"],
    );
  });
});

test("examples/prefect passes, warnings included, in both forms", async () => {
  const forms = [
    [
      "traefik/traefik.yml",
      "traefik/dynamic/prefect.yml",
      "traefik/dynamic/keycloak.yml",
      "keycloak/realm.json",
    ],
    ["middleware", "prefect", "routes", "secrets", "worker"].map((it) => `kubernetes/${it}.yml`),
  ];
  for (const files of forms) {
    const { code, stdout } = await rolegate(["check", "--strict", ...files], {
      cwd: join(root, "examples/prefect"),
    });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^3 middlewares(, 1 realm)?: 0 errors, 0 warnings$/m);
  }
});

describe("output", () => {
  const files = ["traefik.yml", "dynamic.yml", "compose.yml", "manifests.yml", "dynamic.toml"].map(
    (it) => `check/${it}`,
  );

  test("for people: place, message, the line with a mark, what to do", async () => {
    const { code, stdout, stderr } = await rolegate(["check", ...files]);
    assert.deepEqual([code, stderr], [1, ""]);
    golden("check.txt", stdout);
  });

  test("JSON", async () => {
    const { code, stdout, stderr } = await rolegate(["check", "--format", "json", ...files]);
    assert.deepEqual([code, stderr], [1, ""]);
    golden("check.json", stdout);
  });

  test("SARIF 2.1.0: each result has its rule, its level and its region", async () => {
    const { code, stdout } = await rolegate(["check", "--format", "sarif", ...files]);
    assert.equal(code, 1);
    const { version, runs } = JSON.parse(stdout);
    assert.equal(version, "2.1.0");
    const { rules } = runs[0].tool.driver;
    for (const it of runs[0].results) {
      assert.equal(rules[it.ruleIndex].id, it.ruleId);
      assert.ok(["error", "warning", "note"].includes(it.level));
      const { region, artifactLocation } = it.locations[0].physicalLocation;
      assert.ok(files.includes(artifactLocation.uri));
      assert.ok(region.startLine >= 1 && region.startColumn >= 1);
      assert.ok(region.endLine > region.startLine || region.endColumn > region.startColumn);
    }
    golden("check.sarif", stdout);
  });
});

describe("exit codes", () => {
  const folder = temporaryFolder("check");
  after(() => folder.remove());
  const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
  const run = (...args: string[]) => rolegate(["check", ...args], { cwd: folder.path });

  test("0 when nothing is wrong, 1 for an error, and with --strict for a warning", async () => {
    mkdirSync(join(folder.path, "state"));
    write("traefik.yml", HEALTHY_STATIC);
    write("dynamic.yml", HEALTHY_DYNAMIC);
    assert.equal((await run("traefik.yml", "dynamic.yml")).code, 0);
    write("quiet.yml", HEALTHY_STATIC.replace("INFO", "WARN"));
    assert.equal((await run("quiet.yml", "dynamic.yml")).code, 0);
    assert.equal((await run("--strict", "quiet.yml", "dynamic.yml")).code, 1);
    write("wrong.yml", HEALTHY_DYNAMIC.replace("issuer:", "isuer:"));
    assert.equal((await run("wrong.yml")).code, 1);
  });

  test("2 when there is nothing to check, or no such file", async () => {
    write("empty.yml", "a: b\n");
    const nothing = await run("empty.yml");
    assert.deepEqual([nothing.code, complaint(nothing).code], [2, "no_middleware"]);
    const none = await run("none.yml");
    assert.deepEqual(
      [none.code, complaint(none)],
      [
        2,
        { code: "file_unreadable", message: "none.yml: there is no such file or folder", hint: "" },
      ],
    );
  });

  test("standard input", async () => {
    const ran = await rolegate(["check", "-"], {
      input: HEALTHY_DYNAMIC.replace("issuer:", "isuer:"),
    });
    assert.equal(ran.code, 1);
    assert.match(ran.stdout, /^\(standard input\):\d+:\d+: error: /);
  });

  test("what is named in the environment is taken from there, else made up and said so", async () => {
    const text = HEALTHY_DYNAMIC.replace(
      "jwksFile: /state/jwks.json",
      "signingSecret: env:HS_SECRET",
    );
    write("secret.yml", text);
    const made = await run("secret.yml");
    assert.match(made.stdout, /Made up .*: the environment variable HS_SECRET\n/);
    assert.equal(made.code, 0);
    const short = await rolegate(["check", "secret.yml"], {
      cwd: folder.path,
      env: { HS_SECRET: "short" },
    });
    assert.equal(short.code, 1);
    assert.ok(!short.stdout.includes("Made up"));
    write("envs.yml", HEALTHY_STATIC);
    const hidden = await run("envs.yml", "secret.yml");
    assert.match(hidden.stdout, /\[secret_missing\]/, "settings.envs does not name it");
  });
});

test("fifty middlewares in under a second where Node itself takes 50 ms", () => {
  const [head, block] = HEALTHY_DYNAMIC.split("    gate:\n");
  const many = Array.from({ length: 50 }, (_, i) => `    gate${i}:\n${block}`).join("");
  const input = `${head}${many}`.replace("[gate]", "[gate0]");
  const { times, stdout } = starts(["check", "-"], input);
  assert.match(stdout, /^50 middlewares: 0 errors, 49 warnings$/m);
  // Measured: 4.6 to 5.5.
  assert.ok(times < 20, `${times.toFixed(1)} times as long as Node's start`);
});
