/** The bill of materials of a release (CycloneDX 1.5): npm's own, less what only builds and tests. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { NPM, root } from "./install.mjs";
import { noticed } from "./notices.mjs";

/** Compiled into plugin.wasm: its standard library. */
const COMPILED = "assemblyscript";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

function fromNpm() {
  const [program, ...npm] = NPM;
  const args = [...npm, "sbom", "--sbom-format=cyclonedx", "--package-lock-only"];
  return JSON.parse(
    execFileSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }),
  );
}

/** `date`: of the commit. Name and number of the document follow from its content: the same release, the same bytes. */
export function bom({ name, version, description, license }, date) {
  const { components, dependencies, ...head } = fromNpm();
  const bundled = new Set(noticed().map((it) => `${it.name}@${it.version}`));
  const isIn = (part) => bundled.has(`${part.name}@${part.version}`) || part.name === COMPILED;
  const parts = components
    .filter(isIn)
    .map(({ properties: _, ...part }) => ({ ...part, scope: "required" }));
  const missing = [...bundled].filter(
    (id) => !parts.some((it) => `${it.name}@${it.version}` === id),
  );
  if (missing.length > 0) throw new Error(`npm does not know ${missing.join(", ")}`);
  const files = ["plugin.wasm", "dist/rolegate.mjs"].map((path) => ({
    ...{ "bom-ref": path, type: "file", name: path },
    hashes: [{ alg: "SHA-256", content: sha256(readFileSync(`${root}${path}`)) }],
  }));
  const refs = new Set(parts.map((part) => part["bom-ref"]));
  const ref = `${name}@${version}`;
  const command = [...refs].filter((it) => !it.startsWith(`${COMPILED}@`));
  const body = {
    components: [...files, ...parts],
    dependencies: [
      { ref, dependsOn: files.map((file) => file["bom-ref"]) },
      { ref: "plugin.wasm", dependsOn: [...refs].filter((it) => !command.includes(it)) },
      { ref: "dist/rolegate.mjs", dependsOn: command },
      ...dependencies
        .filter((it) => refs.has(it.ref))
        .map((it) => ({ ref: it.ref, dependsOn: it.dependsOn.filter((to) => refs.has(to)) })),
    ],
  };
  const id = sha256(JSON.stringify([date, body]));
  const document = {
    ...head,
    // RFC 9562 §5.8: version 8, for numbers that are made in one's own way.
    serialNumber: `urn:uuid:${id.slice(0, 8)}-${id.slice(8, 12)}-8${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20, 32)}`,
    metadata: {
      timestamp: date,
      lifecycles: [{ phase: "build" }],
      component: {
        ...{ "bom-ref": ref, type: "application", name, version, description },
        purl: `pkg:npm/${name}@${version}`,
        licenses: [{ license: { id: license } }],
      },
    },
    ...body,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
