/**
 * Finds the rules in a YAML or JSON file: a preset, Traefik's dynamic configuration, a Kubernetes
 * Middleware.
 */
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { Policy } from "./coverage.ts";

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function search(value: unknown): Policy[] {
  if (Array.isArray(value)) return value.flatMap(search);
  if (!isMap(value)) return [];
  const { rules } = value;
  const isPolicy =
    Array.isArray(rules) &&
    rules.length > 0 &&
    rules.every((rule) => isMap(rule) && "allow" in rule);
  return isPolicy ? [value as unknown as Policy] : Object.values(value).flatMap(search);
}

/** Throws when there are no rules, or different ones. */
export function readPolicy(file: string): Policy {
  const documents = parseAllDocuments(readFileSync(file, "utf8"), { merge: true });
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) throw new Error(`${file}: ${error.message}`);
  const found = documents.flatMap((document) => search(document.toJS()));
  const [first] = found;
  if (!first) throw new Error(`${file} has no rules`);
  if (new Set(found.map(({ rules }) => JSON.stringify(rules))).size > 1) {
    throw new Error(`${file} has different lists of rules`);
  }
  return first;
}
