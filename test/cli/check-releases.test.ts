/** `rolegate check` and Traefik's version: what images and charts say, and what nobody can tell from them; and chart values. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkSetup } from "../../src/cli/check/run.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { LEAST_CHART, LEAST_TRAEFIK } from "../../src/cli/source/traefik-release.ts";
import { supportedVersions } from "../../stack/traefik/versions-table.ts";
import { pages, read } from "../docs/blocks.ts";
import { pluginWasm } from "../support/gate.ts";
import {
  chartValues,
  composeWith,
  HEALTHY_DYNAMIC,
  padded,
  PLUGIN_KINDS,
  traefikService,
} from "./findings-table.ts";
import { rolegate } from "./run.ts";

async function codes(...files: [name: string, text: string][]): Promise<string[]> {
  const setup = setupOf(files.map((it) => new SourceFile(...it)));
  return (await checkSetup(setup, pluginWasm)).findings.map(({ code }) => code);
}
const dynamic: [string, string] = ["dynamic.yml", HEALTHY_DYNAMIC];
const ofImage = (image: string) =>
  codes(["compose.yml", composeWith(padded) + traefikService(image)]);

const DIGEST = `sha256:${"0a".repeat(32)}`;

describe("images", () => {
  for (const image of [
    ...["traefik:v3.2", "traefik:3.2.1", "traefik:v3.0.0-rc1", "traefik:v3.1-windowsservercore"],
    ...["traefik:2", "traefik:v2.11.3", "traefik:v1.7-alpine", `traefik:v3.2@${DIGEST}`],
    ...["docker.io/library/traefik:v3.1", "docker.io/traefik:v3.1", "library/traefik:v3.2"],
    ...["registry.example.com:5000/traefik:v3.2", "mirror.example.com/hub/library/traefik:v3.2"],
    ...["localhost/traefik:v3.2", "traefik/traefik:v3.2"],
  ]) {
    test(`${image} is refused`, async () => {
      assert.deepEqual(await ofImage(image), ["traefik_too_old"]);
    });
  }
  for (const image of [
    ...["traefik", "traefik:latest", "traefik:v3", "traefik:3", "traefik:v3.3", "traefik:3.3.0"],
    ...["traefik:v3.10", "traefik:v4.0", "traefik:saintmarcelin", `traefik@${DIGEST}`],
    ...["docker.io/library/traefik:v3.7.15", "registry.example.com:5000/traefik"],
    ...["ghcr.io/acme/traefik:v1.2", "acme/traefik-proxy:v1.2", "whoami:v1.10"],
    ...['"traefik:${TRAEFIK_VERSION}"', '"traefik:${TRAEFIK_VERSION:-v3.2}"'],
  ]) {
    test(`${image} is not`, async () => {
      assert.deepEqual(await ofImage(image), []);
    });
  }

  test("in a Deployment, alone and in a list", async () => {
    const pod = (image: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: traefik}\nspec: {template: {spec: {containers: [{name: traefik, image: "${image}"}]}}}\n`;
    assert.deepEqual(await codes(["d.yml", pod("traefik:v3.2")], dynamic), ["traefik_too_old"]);
    assert.deepEqual(await codes(["d.yml", pod("traefik:v3.7")], dynamic), []);
    const [, ...lines] = pod("traefik:v3.2").split("\n");
    const list = `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: apps/v1\n${lines.map((line) => `    ${line}\n`).join("")}`;
    assert.deepEqual(await codes(["l.yml", list], dynamic), ["traefik_too_old"]);
  });

  test("where no Rolegate is, nothing is said of Traefik", async () => {
    const other =
      "services: {traefik: {image: 'traefik:v3.2', command: [--providers.docker=true]}}\n";
    assert.deepEqual(await codes(["compose.yml", other]), []);
  });

  test("the command ends with 1, and names the remedy", async () => {
    const input = composeWith(padded) + traefikService("traefik:v3.2");
    const { code, stdout } = await rolegate(["check", "-"], { input });
    assert.equal(code, 1);
    assert.match(stdout, /error: traefik:v3\.2 is a Traefik before 3\.3/);
    assert.match(stdout, /= take Traefik 3\.3 or later/);
  });
});

describe("charts", () => {
  const SHAPES: Record<string, (version: string) => string> = {
    "Flux HelmRelease": (version) =>
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {chart: {spec: {chart: traefik, version: "${version}"}}}\n`,
    "Flux OCIRepository": (version) =>
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nspec: {url: oci://ghcr.io/traefik/helm/traefik, ref: {tag: "${version}"}}\n`,
    "k3s HelmChart": (version) =>
      `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec: {chart: traefik/traefik, version: "${version}"}\n`,
    "Argo CD Application": (version) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {chart: traefik, targetRevision: "${version}"}}\n`,
    "Argo CD Application of several": (version) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {sources: [{chart: traefik, targetRevision: "${version}"}, {path: a}]}\n`,
    "Chart.yaml": (version) =>
      `apiVersion: v2\nname: edge\nversion: 1.0.0\ndependencies: [{name: traefik, version: "${version}", repository: https://traefik.github.io/charts}]\n`,
  };
  for (const [name, shape] of Object.entries(SHAPES)) {
    test(name, async () => {
      for (const version of [
        "33.2.1",
        "v31.1.0",
        "^33.0.0",
        "~33.1",
        "33.x",
        "33",
        "10.24.0+up1",
      ]) {
        assert.deepEqual(
          await codes(["a.yml", shape(version)], dynamic),
          ["traefik_too_old"],
          version,
        );
      }
      for (const version of ["34.0.0", "^41.3.0", "41.x", "*", ">=33.0.0", ">=33 <35", "HEAD"]) {
        assert.deepEqual(await codes(["a.yml", shape(version)], dynamic), [], version);
      }
      assert.deepEqual(
        await codes(["a.yml", shape("1.2.3").replaceAll("traefik", "nginx")], dynamic),
        [],
      );
    });
  }
});

describe("chart values", () => {
  const kindOf = (text: string, kind: string) => text.replace("  plugins:", `  ${kind}:`);
  const mounts = "settings: {mounts: [/state:/state]}";
  const flagOf = (kind: string) => `--experimental.${kind}.rolegate.settings.mounts=/state:/state`;

  for (const kind of PLUGIN_KINDS) {
    test(`${kind}: the plugin that they load is loaded, its settings are dropped`, async () => {
      // The plugin itself says that it has no mount: so it is in the cluster.
      const values = kindOf(chartValues(mounts), kind);
      assert.deepEqual(await codes(["values.yml", values], dynamic), [
        "settings_dropped",
        "mount_missing",
      ]);
      const flags = kindOf(chartValues("", flagOf(kind)), kind);
      assert.deepEqual(await codes(["values.yml", flags], dynamic), []);
      const both = kindOf(chartValues(mounts, flagOf(kind)), kind);
      assert.deepEqual(await codes(["values.yml", both], dynamic), []);
    });
    test(`${kind}: without a flag they are chart values as well`, async () => {
      const values = kindOf(chartValues(mounts), kind).replace(
        /additionalArguments.*/,
        "deployment: {replicas: 2}",
      );
      assert.deepEqual(await codes(["values.yml", values], dynamic), [
        "settings_dropped",
        "mount_missing",
      ]);
    });
  }

  test("a static configuration is none", async () => {
    const text = `entryPoints: {web: {address: ":80"}}\n${chartValues(mounts).replace(/additionalArguments.*\n/, "")}`;
    assert.deepEqual(await codes(["traefik.yml", text], dynamic), []);
  });

  test("the tag of their image", async () => {
    const values = (image: string) => `image: ${image}\n${chartValues("", flagOf("plugins"))}`;
    for (const image of [
      "{tag: v3.2.3}",
      "{repository: traefik, tag: 3.1}",
      "{registry: docker.io, tag: v2.11}",
    ]) {
      assert.deepEqual(
        await codes(["values.yml", values(image)], dynamic),
        ["traefik_too_old"],
        image,
      );
    }
    for (const image of [
      "{tag: v3.7.15}",
      "{repository: acme/proxy, tag: v1.0}",
      "{pullPolicy: Always}",
    ]) {
      assert.deepEqual(await codes(["values.yml", values(image)], dynamic), [], image);
    }
  });
});

test("the least Traefik and the least chart are the same wherever they are named", () => {
  assert.ok(supportedVersions[0].startsWith(`${LEAST_TRAEFIK}.`));
  for (const page of ["README.md", "docs/compatibility.md", "docs/cli.md"]) {
    assert.ok(pages.includes(page));
    assert.match(read(page), new RegExp(`Traefik ${LEAST_TRAEFIK.replace(".", "\\.")}\\b`), page);
    assert.match(read(page), new RegExp(`chart( is)? ${LEAST_CHART}\\b`, "i"), page);
  }
});
