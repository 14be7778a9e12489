/** Changes that Traefik's providers make to a block on its way to the plugin. */
import { indicesOf } from "../source/labels.ts";
import { type Gate, qualified } from "../source/model.ts";
import type { List, Tree } from "../source/tree.ts";
import { valueAt } from "../source/tree.ts";
import type { CATALOGUE } from "./catalogue-table.ts";
import { finding, type Finding } from "./finding.ts";

export function checkDelivery(gate: Gate): Finding[] {
  const middleware = qualified(gate);
  const { refusals, changes } = gate.delivered;
  return [
    ...[...refusals, ...changes].map(({ code, path, message, place }) =>
      finding(code as keyof typeof CATALOGUE, `${path}: ${message}`, place, { middleware, path }),
    ),
    ...[...lists(gate.body)].flatMap(({ path, list }) => misordered(path, list, middleware)),
  ];
}

function* lists(tree: Tree, path = ""): Generator<{ path: string; list: List }> {
  if (tree.kind === "map") {
    for (const { key, value } of tree.entries) yield* lists(value, path ? `${path}.${key}` : key);
  } else if (tree.kind === "list") {
    yield { path, list: tree };
    for (const [index, item] of tree.items.entries()) yield* lists(item, `${path}[${index}]`);
  }
}

/** Labels whose indices are out of order when they are sorted as text. */
function misordered(path: string, list: List, middleware: string): Finding[] {
  const indices = indicesOf(list)?.map((index) => Number(index.slice(1, -1))) ?? [];
  const at = indices.findIndex((number, i) => i > 0 && number < indices[i - 1]!);
  if (at < 0) return [];
  const isOrdered = list.items.every((item) => valueAt(item, "order") !== undefined);
  if (isOrdered) return [];
  const message = `${path}[${indices[at - 1]}] comes before ${path}[${indices[at]}]: Traefik sorts the indices of labels as text`;
  const found = finding("label_order", message, list.items[at]!.place, { middleware, path });
  // In other lists than rules the order rarely matters.
  return [{ ...found, severity: /^rules$/i.test(path) ? "error" : "warning" }];
}
