/**
 * Traefik's requirements for its plugins before it starts (pkg/plugins/plugins.go,
 * cmd/traefik/plugins.go).
 */
import type { Static } from "../source/model.ts";
import { entriesAt, type Entry, textAt } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";

export function checkPlugins({ tree }: Static): Finding[] {
  const [catalogue, local] = ["plugins", "localPlugins"].map((kind) =>
    entriesAt(tree, "experimental", kind),
  ) as [Entry[], Entry[]];
  return [
    ...catalogue
      .filter(({ value }) => !textAt(value, "version"))
      .map(({ key, keyPlace }) =>
        finding("plugin_version_missing", `plugin ${key} has no version`, keyPlace),
      ),
    ...repeated([...catalogue, ...local], ({ key }) => key.toLowerCase(), "name"),
    ...[catalogue, local].flatMap((it) =>
      repeated(it, ({ value }) => textAt(value, "moduleName"), "module"),
    ),
  ];
}

function repeated(
  entries: Entry[],
  keyOf: (entry: Entry) => string | undefined,
  what: string,
): Finding[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    const key = keyOf(entry);
    if (key === undefined) return [];
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [finding("plugin_twice", `two plugins have the ${what} ${key}`, entry.keyPlace)];
  });
}
