/** Which packages are bundled into the command, and their licenses, which have to go along with copies of them. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { root } from "./install.mjs";

/** In the tarball beside the command. */
export const NOTICES = "dist/THIRD-PARTY.txt";

/** Each package that esbuild took something of: `{ name, version, license, folder }`, in the order of their names. */
export function packagesOf({ outputs }) {
  const folders = Object.values(outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((path) => /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(`${root}${folder}/package.json`, "utf8"),
    );
    return { name, version, license, folder };
  });
}

export function writeNotices(packages) {
  const parts = packages.map(({ name, version, license, folder }) => {
    const files = readdirSync(`${root}${folder}`).filter((file) =>
      /^(licen[cs]e|notice|copying)/i.test(file),
    );
    if (files.length === 0) throw new Error(`${folder} has no license to go along with it`);
    const texts = files.sort().map((file) => readFileSync(`${root}${folder}/${file}`, "utf8"));
    return [`${name} ${version} (${license})`, ...texts].map((text) => text.trim()).join("\n\n");
  });
  const line = `\n\n${"=".repeat(80)}\n\n`;
  const head = "Packages of which parts are in rolegate.mjs, each with its license.";
  writeFileSync(`${root}${NOTICES}`, `${[head, ...parts].join(line)}\n`);
}

/** `name version` of what the notices tell of, in their order. */
export function noticed() {
  const text = readFileSync(`${root}${NOTICES}`, "utf8");
  return [...text.matchAll(/^={80}\n\n(\S+) (\S+) \(/gm)].map(([, name, version]) => ({
    name,
    version,
  }));
}
