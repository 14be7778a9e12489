/** Kubernetes, Traefik's chart and Docker Compose take what `init` writes for a target. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { chartErrors } from "./chart-values.ts";
import { composeErrors } from "./compose-schema.ts";
import { manifestErrors } from "./kubernetes-schema.ts";

export function takenByOthers(target: string, folder: string): void {
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  if (target === "docker") assert.deepEqual(composeErrors(parse(read("compose.yml"))), []);
  if (target === "helm") assert.deepEqual(chartErrors(parse(read("values.yml")) as object), []);
  if (target === "docker" || target === "file") return;
  const manifests = ["rolegate.yml", "rolegate-secret.yml"]
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) => parseAllDocuments(read(name)).map((it) => it.toJS() as object));
  assert.ok(manifests.length >= 6);
  for (const manifest of manifests) assert.deepEqual(manifestErrors(manifest), []);
}
