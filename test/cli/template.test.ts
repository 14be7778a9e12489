/** Go templates in Traefik's files: what is known comes out as in Traefik, the rest is named, and never refused. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { checkSetup, type CheckResult } from "../../src/cli/check/run.ts";
import { placeText, SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { evaluate } from "../../src/cli/source/template/evaluate.ts";
import { TemplateError } from "../../src/cli/source/template/scan.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { pluginWasm } from "../support/gate.ts";
import { complaint, rolegate } from "./run.ts";
import { HEALTHY_DYNAMIC } from "./findings-table.ts";
import { ENV, EXPRESSIONS, REFUSED_TEMPLATES } from "./template-table.ts";

const run = (text: string, env: Record<string, string> = ENV, isForeign = false) =>
  evaluate(text, { env, isForeign });
const textOf = (text: string) =>
  run(text)
    .pieces.map((it) => it.text)
    .join("");
const checked = (text: string, name = "dynamic.yml"): Promise<CheckResult> =>
  checkSetup(setupOf([new SourceFile(name, text)]), pluginWasm);
const replaced = (text: string, from: string, to: string) => {
  assert.ok(text.includes(from), from);
  return text.replace(from, () => to);
};

describe("what is known", () => {
  for (const [expression, comesTo] of EXPRESSIONS) {
    test(expression, () => {
      assert.equal(textOf(expression), comesTo);
      assert.deepEqual([run(expression).unknown, run(expression).skipped], [[], []]);
    });
  }
});

describe("what Traefik refuses is an error, with its place", () => {
  for (const [name, template, at] of REFUSED_TEMPLATES) {
    test(name, async () => {
      assert.throws(
        () => run(template),
        (error) => error instanceof TemplateError && template.slice(error.start).startsWith(at),
      );
      const text = replaced(HEALTHY_DYNAMIC, "a.example", template);
      const { findings } = await checked(text);
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["template_refused"],
      );
    });
  }
  test("explain and matrix do not decide by such a file", async () => {
    const input = replaced(HEALTHY_DYNAMIC, "a.example", "{{ domain }}");
    const ran = await rolegate(["explain", "-c", "-", "/"], { input });
    assert.deepEqual([ran.code, complaint(ran).code], [2, "file_unreadable"]);
  });
});

describe("what is not known here", () => {
  const UNKNOWN: [expression: string, standIn: string][] = [
    ['{{ env "NOT_SET" }}', "x-not-set"],
    ['{{ env "NOT_SET" | lower }}', "x-not-set"],
    ['{{ printf "%s.local" (env "NOT_SET") }}', "x-not-set"],
    ["{{ now | date `2006` }}", "x-date-2006-now"],
    ["{{ uuidv4 }}", "x-uuidv4"],
    ['{{ list "a" (env "NOT_SET") }}', "x-not-set"],
    ['{{ index (list "a") 7 }}', "x-index-a-7"],
  ];
  for (const [expression, standIn] of UNKNOWN) {
    test(`${expression} has a stand-in`, () => {
      const { pieces, unknown } = run(`a${expression}b`);
      assert.equal(pieces.map(({ text }) => text).join(""), `a${standIn}b`);
      assert.deepEqual(
        unknown.map((it) => it.expression),
        [expression],
      );
    });
  }

  test("in a list of which the rest is known, only that one", () => {
    const { pieces } = run('{{ range list "a" (env "NOT_SET") "b" }}{{ . }},{{ end }}');
    assert.equal(pieces.map(({ text }) => text).join(""), "a,x-not-set,b,");
  });

  const LEFT_OUT = [
    '{{ if env "NOT_SET" }}a{{ else }}b{{ end }}',
    '{{ if eq (env "NOT_SET") "prod" }}a{{ end }}',
    '{{ range splitList "," (env "NOT_SET") }}a{{ end }}',
    '{{ with env "NOT_SET" }}a{{ end }}',
    '{{ if and true (env "NOT_SET") }}a{{ end }}',
    '{{ if or (env "NOT_SET") false }}a{{ end }}',
  ];
  for (const block of LEFT_OUT) {
    test(`${block} is left out`, () => {
      const { pieces, skipped } = run(`x${block}y`);
      assert.equal(pieces.map(({ text }) => text).join(""), "xy");
      assert.deepEqual(
        skipped.map(({ start, end }) => [start, end]),
        [[1, 1 + block.length]],
      );
    });
  }
  test("a default says what to take, a condition that others decide is decided", () => {
    assert.equal(textOf('{{ env "NOT_SET" | default "d" }}'), "d");
    assert.equal(textOf('{{ if or true (env "NOT_SET") }}y{{ end }}'), "y");
    assert.equal(textOf('{{ if and false (env "NOT_SET") }}y{{ else }}n{{ end }}'), "n");
  });
  test("a template that is nested too deeply is refused", async () => {
    for (const text of [`{{ ${"(".repeat(30_000)} }}`, "{{ if true }}".repeat(30_000)]) {
      const { findings } = await checked(`http:\n  routers:\n# ${text}`);
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["template_refused"],
      );
    }
  });
  test("a loop without end is cut", () => {
    assert.throws(
      () => run("{{ range until 9999 }}{{ range until 9999 }}x{{ end }}{{ end }}"),
      /on and on/,
    );
    assert.throws(
      () => run('{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}'),
      /each other/,
    );
  });
});

describe("check", () => {
  test("a healthy file is healthy with templates, and says what it made up", async () => {
    const text = replaced(
      HEALTHY_DYNAMIC.replaceAll("a.example", '{{ env "NOT_SET" }}'),
      "clientId: app",
      'clientId: {{ env "CLIENT" }}',
    );
    const { findings, standIns } = await checked(text);
    assert.deepEqual(findings, []);
    assert.deepEqual(standIns.slice(0, 2), ['{{ env "CLIENT" }}', "a mount at /state"]);
    assert.deepEqual(standIns.slice(2), ['{{ env "NOT_SET" }}']);
  });

  const JWKS = "/state/jwks.json";
  const template = '{{ env "JWKS" }}';

  test("a value that nobody knows is no finding, the one beside it is", async () => {
    const text = replaced(replaced(HEALTHY_DYNAMIC, JWKS, template), "clientId: app", template);
    const { findings } = await checked(text.replace(template, `clientID_: ${template}`));
    assert.deepEqual(
      findings.map(({ code, path }) => [code, path]),
      [
        ["missing", "audience"],
        ["unknown_key", "clientID_"],
      ],
    );
    const { place } = findings[1]!;
    assert.equal(place.file.text.slice(place.start, place.end), "clientID_");
  });

  test("a variable that is set is what Traefik would have", async () => {
    const input = replaced(HEALTHY_DYNAMIC, JWKS, template);
    const paths = async (env: Record<string, string>) => {
      const { stdout } = await rolegate(["check", "-", "-f", "json"], { input, env });
      return (JSON.parse(stdout) as CheckResult).findings.map(({ path }) => path);
    };
    assert.deepEqual(await paths({ JWKS }), []);
    assert.deepEqual(await paths({ JWKS: "jwks.json" }), ["jwksFile"]);
    assert.deepEqual(await paths({}), []);
  });

  test("places are those of the file, behind a loop as well", async () => {
    const loop =
      '{{- range list "x" "y" }}\n    r{{ . }}: {rule: "Host(`{{ . }}.example`)", service: other}\n{{- end }}\n';
    const text = replaced(HEALTHY_DYNAMIC, "  services:\n", `${loop}  services:\n`).replace(
      "issuer:",
      "isuer:",
    );
    const { findings } = await checked(text);
    const { place } = findings.find(({ code }) => code === "unknown_key")!;
    assert.equal(place.file.text.slice(place.start, place.end), "isuer");
    const setup = setupOf([new SourceFile("dynamic.yml", text)]);
    assert.deepEqual(
      setup.routers.map(({ name }) => name).filter((name) => name.startsWith("r")),
      ["rx", "ry"],
    );
  });

  test("a block that goes by what nobody knows is named, and nothing is missed because of it", async () => {
    const block =
      '{{ if env "NOT_SET" }}\n    app: {rule: "Host(`a.example`)", service: app, middlewares: [gate]}\n{{ end }}\n';
    const routers = '    app: {rule: "Host(`a.example`)", service: app, middlewares: [gate]}\n';
    const text = replaced(HEALTHY_DYNAMIC, routers, block);
    const { findings } = await checked(text);
    assert.deepEqual(
      findings.map(({ code, severity, place }) => [code, severity, placeText(place)]),
      [["block_left_out", "note", "dynamic.yml:3:1"]],
    );
    const strict = await rolegate(["check", "--strict", "-"], { input: text });
    assert.equal(strict.code, 0, strict.stdout);
  });

  test("what is nothing whole without it is not checked, and said so", async () => {
    const text = `{{ if env "NOT_SET" }}\nhttp:\n{{ end }}\n  middlewares: {a: [}\n`;
    const { findings } = await checked(text);
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["block_left_out", "template_unread"],
    );
  });

  test("TOML", async () => {
    const text =
      '[http.routers.app]\nrule = "Host(`{{ env "NOT_SET" }}`)"\nservice = "app"\nmiddlewares = ["gate"]\n[http.middlewares.gate.plugin.rolegate]\nissuer = "https://sso.example.com"\nclientId = "app"\njwksFile = "/state/jwks.json"\nrulez = 1\n';
    const { findings } = await checked(text, "dynamic.toml");
    assert.deepEqual(
      findings.map(({ code, place }) => [code, placeText(place)]),
      [["unknown_key", "dynamic.toml:9:1"]],
    );
  });

  test("braces in a file that Traefik does not run stay what they are", async () => {
    const compose =
      'services: {a: {image: x, environment: {HOST: "{{.Node.Hostname}}"}, labels: ["traefik.http.routers.a.rule=Path(`/{{x}}`)"]}}\n';
    const setup = setupOf([new SourceFile("compose.yml", compose)]);
    assert.deepEqual(
      setup.routers.map(({ rule }) => rule),
      ["Path(`/{{x}}`)"],
    );
    assert.deepEqual(setup.remarks, []);
  });

  test("Helm's own templates are read with stand-ins", async () => {
    const chart = `{{- if .Values.enabled }}
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata:
  name: gate
  labels: {{- include "app.labels" . | nindent 4 }}
spec:
  plugin:
    rolegate:
      issuer: {{ .Values.issuer | quote }}
{{- end }}
`;
    const { findings } = await checked(chart, "templates/gate.yaml");
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["block_left_out"],
    );
    const bare = chart.replace("{{- if .Values.enabled }}\n", "").replace("{{- end }}\n", "");
    const result = await checked(bare, "templates/gate.yaml");
    assert.deepEqual(result.gates, ["default-gate@kubernetescrd"]);
    assert.ok(!result.findings.some(({ path }) => path === "issuer"));
  });
});

describe("a real Traefik", () => {
  const file = (index: number, expression: string) =>
    `http:\n  routers:\n    r${index}:\n      service: noop@internal\n      rule: >-\n        Path(\`/${index}/${expression}\`)\n`;
  let traefik: Traefik;
  before(async () => {
    traefik = await startTraefik({
      ...{ pluginDir: null, envs: ENV },
      files: Object.fromEntries(
        EXPRESSIONS.map(([expression], i) => [`t${i}.yml`, file(i, expression)]),
      ),
    });
  });
  after(() => traefik?.stop());

  test("comes to the same", async () => {
    const response = await fetch(`${traefik.api}/api/rawdata`);
    const { routers } = (await response.json()) as { routers: Record<string, { rule: string }> };
    EXPRESSIONS.forEach(([expression, comesTo], i) => {
      assert.equal(routers[`r${i}@file`]?.rule, `Path(\`/${i}/${comesTo}\`)`, expression);
    });
  });

  // One for what is refused when it is read, one for what is refused when it runs.
  for (const [name, template] of [REFUSED_TEMPLATES[0]!, REFUSED_TEMPLATES[2]!]) {
    test(`refuses ${name}`, async () => {
      const dynamic = file(0, template);
      const started = startTraefik({ pluginDir: null, dynamic, timeout: 2500 });
      await assert.rejects(started.then((it) => it.stop()));
    });
  }
});
