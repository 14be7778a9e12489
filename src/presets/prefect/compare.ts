/**
 * Compares a running Prefect's routes with a file's rules, and finds routes that no rule was made
 * for. Such a route is for owners only, or is taken for another one, as `/flows/new` would be for
 * `/flows/{id}`.
 */
import { deciderOf } from "../coverage.ts";
import { readOperations, readVersion } from "../openapi.ts";
import { readPolicy } from "../policy-file.ts";
import { scopes } from "./scopes-table.ts";
import { defaults, version as made } from "./preset.ts";

/**
 * Rules for everything that no other rule knows; the user interface's, when the API has another
 * base.
 */
const catchAll = ["unknown", "ui", "default"];

export interface Comparison {
  lines: string[];
  /** Number of the server's routes that no rule was made for. */
  unknown: number;
}

/** Names of parameters have no meaning. */
const normal = (path: string) => path.replace(/\{[^}]*\}/g, "{}");

const names = new Set(scopes.map(({ name }) => name));
const table = new Set(
  scopes.flatMap(({ routes }) =>
    routes.flatMap((route) => {
      const [methods = "", path = ""] = route.split(" ");
      return methods.split(",").map((method) => `${method} ${normal(path)}`);
    }),
  ),
);

/** `url`: the API's; its path is the base that the rules must have. */
export async function compare(
  url: string,
  headers: Record<string, string>,
  file: string,
): Promise<Comparison> {
  const base = new URL(url).pathname.replace(/\/+$/, "") || defaults.apiBase;
  const operations = await readOperations(url, headers);
  const version = await readVersion(url, headers);
  const decider = await deciderOf(readPolicy(file));
  const lines = [`${operations.length} routes of Prefect ${version}, at ${base}`];
  if (version !== made) lines.push(`the preset was made for ${made}`);
  const unknown: string[] = [];
  for (const { method, path } of operations) {
    const rule = await decider({ method, path: base + path });
    const known = table.has(`${method} ${normal(path)}`);
    if (catchAll.includes(rule)) unknown.push(`in no rule: ${method} ${base}${path}`);
    else if (!known && names.has(rule)) {
      unknown.push(`taken for another route, by the rule ${rule}: ${method} ${base}${path}`);
    }
  }
  lines.push(...unknown, unknown.length > 0 ? remedy : "every route is in a rule", sockets);
  return { lines, unknown: unknown.length };
}

const remedy = `Only an owner can call what is in no rule. Update Rolegate and make the rules again (--write), or put a rule of your own
before them: {match: "Method(\`GET\`) && Path(\`/api/…\`)", allow: "Role(\`viewer\`)"}. In this repository: a line in
src/presets/prefect/scopes-table.ts, under the scope that the route's handler belongs to.`;

const sockets =
  "WebSockets are in no OpenAPI description: look into Prefect's release notes for new ones.";
