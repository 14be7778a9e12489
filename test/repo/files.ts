/** The checkout's own files, as the checks of its rules see them. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { root } from "../../tools/root.ts";

const FOREIGN = new Set(["node_modules", "build", "dist", ".git"]);

/** Paths from the root of every file below `folder`, sorted. */
export function filesIn(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (FOREIGN.has(entry.name)) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...filesIn(path));
    else found.push(path);
  }
  return found.sort();
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Source files, TypeScript or AssemblyScript or tools, below the folders that exist. */
export function sources(...folders: string[]): string[] {
  const here = readdirSync(root);
  return folders
    .filter((folder) => here.includes(folder.split("/")[0]!))
    .flatMap(filesIn)
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith(".d.ts"));
}

/** `import … from "./x"`, `export … from "./x"`, and `import("./x")` wherever it is. */
const IMPORTS = [
  /^(?:import|export)\s(?:[^;"']*?\sfrom\s)?["'](\.[^"']+)["']/gm,
  /\bimport\(\s*["'](\.[^"']+)["']/g,
];

/** The checkout's files that a source imports, as paths from the root. */
export function importsOf(path: string): string[] {
  const text = textOf(path);
  return IMPORTS.flatMap((form) => [...text.matchAll(form)]).map(([, target]) => {
    const resolved = normalize(join(dirname(path), target!)).replaceAll("\\", "/");
    return /\.(ts|mjs|js|json)$/.test(resolved) ? resolved : `${resolved}.ts`;
  });
}
