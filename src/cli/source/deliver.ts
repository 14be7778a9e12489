/**
 * What Traefik hands on of a block, for each form in which it reads one (all measured against
 * Traefik 3.7), and what is lost or changed on the way.
 */
import type { Place } from "./file.ts";
import type { Entry, List, MapTree, Scalar, Tree } from "./tree.ts";

export type Form = "file" | "labels" | "crd";

export interface Trouble {
  code: string;
  path: string;
  message: string;
  place: Place;
}

export interface Delivered {
  /** As received by get_config, before its keys are sorted. */
  config: unknown;
  /** Values that the file provider cannot read: it then refuses the whole file. */
  refusals: Trouble[];
  /** Values that arrive differently than a person would read them. */
  changes: Trouble[];
}

/** Left out: an absent key. */
const ABSENT = Symbol("absent");

export function deliver(tree: Tree, form: Form): Delivered {
  const delivered: Delivered = { config: undefined, refusals: [], changes: [] };
  const config = form === "file" ? fileForm(tree, "", delivered) : plainForm(tree, "", delivered);
  delivered.config = config === ABSENT ? undefined : config;
  return delivered;
}

const join = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);

function fileForm(tree: Tree, path: string, to: Delivered): unknown {
  if (tree.kind === "map") return fileMap(tree, path, to);
  if (tree.kind === "list") return fileList(tree, path, to);
  if (tree.type === "null") return ABSENT;
  if (tree.type === "date") {
    refuse(to, "unquoted_date", path, tree, `${tree.written} is a date to YAML; put it in quotes`);
    return tree.written;
  }
  noteChange(tree, path, to);
  return textOf(tree);
}

/** A map without a scalar becomes an empty text. */
function fileMap(tree: MapTree, path: string, to: Delivered): unknown {
  const members = tree.entries.flatMap(({ key, value }: Entry) => {
    const member = fileForm(value, join(path, key), to);
    return member === ABSENT ? [] : [[key, member] as const];
  });
  return members.length === 0 ? "" : objectOf(members);
}

/** In lists scalars keep their type, unless one of them is a text. */
function fileList(tree: List, path: string, to: Delivered): unknown {
  if (tree.items.length === 0) return "";
  const at = (index: number) => `${path}[${index}]`;
  tree.items.forEach((item, index) => {
    if (item.kind === "list") {
      refuse(to, "list_in_list", at(index), item, "a list in a list");
    } else if (item.kind === "scalar" && item.type === "null") {
      refuse(to, "null_in_list", at(index), item, "an empty element in a list");
    } else if (item.kind === "scalar" && item.type === "date") {
      const message = `${item.written} is a date to YAML; put it in quotes`;
      refuse(to, "unquoted_date", at(index), item, message);
    }
  });
  const maps = tree.items.filter((item) => item.kind === "map");
  if (maps.length > 0) {
    tree.items.forEach((item, index) => {
      if (item.kind !== "scalar" || item.type === "null") return;
      const message = `${item.written} is beside maps in one list, and Traefik drops it without a message`;
      to.changes.push({ code: "element_lost", path: at(index), message, place: item.place });
    });
    return maps.map((item, index) => fileForm(item, at(index), to));
  }
  const items = tree.items.filter((item): item is Scalar => item.kind === "scalar");
  const types = new Set(items.map(({ type }) => type));
  if (types.has("boolean") && (types.has("integer") || types.has("float"))) {
    refuse(to, "mixed_list", path, tree, "booleans beside numbers in one list");
  }
  if (types.has("text")) {
    items.forEach((item, index) => noteChange(item, at(index), to));
    return items.map(textOf);
  }
  return items.map((item, index) => {
    if (item.type === "boolean") return item.text === "true";
    if (item.type === "date") return item.text;
    if (!Number.isFinite(Number(item.text)) || BigInt(Math.trunc(Number(item.text))) >= INT64) {
      refuse(
        to,
        "number_in_list",
        at(index),
        item,
        `${item.written} is too large for a number in a list`,
      );
    }
    noteChange(item, at(index), to);
    return Number(textOf(item));
  });
}

const INT64 = 1n << 63n;

/** Fractions get six digits; a number without a fraction is an integer. */
function textOf(item: Scalar): string {
  if (item.type !== "float") return item.text;
  const value = Number(item.text);
  if (!Number.isFinite(value)) return item.text;
  if (Number.isInteger(value)) return BigInt(value).toString();
  return value.toFixed(6);
}

/** Digits that change: `010` is 8, `1_000` is 1000, `0x10` is 16. */
function noteChange(item: Scalar, path: string, to: Delivered): void {
  if (item.type !== "integer" && item.type !== "float") return;
  const text = textOf(item);
  const same = item.written.replace(/^\+/, "");
  if (text === same) return;
  if (item.type === "float" && Number(text) === Number(same) && !/[eE]/.test(same)) return;
  const message = `${item.written} is a number to YAML, and arrives as ${text}; put it in quotes if it is not`;
  to.changes.push({ code: "digits_change", path, message, place: item.place });
}

/** Labels and CRDs: as written; a CRD's null is JSON's. */
function plainForm(tree: Tree, path: string, to: Delivered): unknown {
  if (tree.kind === "list") {
    return tree.items.map((item, index) => plainForm(item, `${path}[${index}]`, to));
  }
  if (tree.kind === "map") {
    return objectOf(
      tree.entries.map(({ key, value }) => [key, plainForm(value, join(path, key), to)] as const),
    );
  }
  if (tree.type === "null") return null;
  if (tree.type === "boolean") {
    if (!/^(true|false)$/i.test(tree.written)) {
      const message = `${tree.written} is ${tree.text} to Kubernetes; put it in quotes if it is a text`;
      to.changes.push({ code: "digits_change", path, message, place: tree.place });
    }
    return tree.text === "true";
  }
  if (tree.type === "integer" || tree.type === "float") {
    noteChange(tree, path, to);
    return Number(tree.text);
  }
  return tree.text;
}

function refuse(to: Delivered, code: string, path: string, tree: Tree, what: string): void {
  const message = `${what}: Traefik refuses the whole file for it, with all routers of all services`;
  to.refusals.push({ code, path, message, place: tree.place });
}

/** Accepts any key, also __proto__. */
function objectOf(members: (readonly [string, unknown])[]): Record<string, unknown> {
  const result: Record<string, unknown> = Object.create(null);
  for (const [key, value] of members) result[key] = value;
  return result;
}
