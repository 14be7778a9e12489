/**
 * The preset for Prefect: the table's scopes as rules, with rules for the user interface and for
 * unknown routes.
 */
import { ruleOf, type Rule } from "../scope.ts";
import { noSecretAsked, roles, scopes } from "./scopes-table.ts";
import { variants } from "./variants.ts";

/** The Prefect version that the table was made for. */
export const version = "3.8.8";

export interface PresetOptions {
  /** Prefect's PREFECT_SERVER_API_BASE_PATH, without a trailing slash. */
  apiBase: string;
  /** Names from `variants`. */
  variants: string[];
  /** Additional roles: name -> names of scopes. */
  custom: Record<string, string[]>;
}

export const defaults: PresetOptions = { apiBase: "/api", variants: [], custom: {} };

/** Every role needs these. */
const needed = ["everyone", "ui"];

/** Throws an error that names the mistake and the possible values. */
export function rulesOf(options: PresetOptions): Rule[] {
  if (!/^(\/[\w.~-]+)+$/.test(options.apiBase)) {
    throw new Error("--api-base is a path such as /api, without a slash at its end");
  }
  let chosen = scopes;
  for (const name of options.variants) {
    const variant = Object.hasOwn(variants, name) ? variants[name]! : null;
    if (!variant) throw new Error(`no variant ${name}: ${Object.keys(variants).join(", ")}`);
    chosen = variant(chosen);
  }
  const names = [...scopes.map(({ name }) => name), ...needed];
  for (const scope of Object.values(options.custom).flat()) {
    if (!names.includes(scope)) throw new Error(`no scope ${scope}: ${names.join(", ")}`);
  }
  const alsoRoles = (scope: string) =>
    Object.keys(options.custom).filter(
      (role) => needed.includes(scope) || options.custom[role]!.includes(scope),
    );
  const base = options.apiBase;
  return [
    ...chosen.map((scope) => ruleOf(scope, { base, alsoRoles: alsoRoles(scope.name) })),
    userInterface(base, alsoRoles("ui")),
    {
      name: "unknown",
      comment: ["Everything that no rule above knows, such as a route of a newer Prefect."],
      match: [`PathPrefix(\`${base}\`)`],
      allow: "Role(`owner`)",
      detail: "No rule for Prefect knows this: it takes the role owner.",
    },
  ];
}

/** Also matches what the API would be at another base, so it excludes secrets and WebSockets. */
function userInterface(base: string, also: readonly string[]): Rule {
  const roles = ["viewer", ...also].map((role) => `\`${role}\``).join(", ");
  return {
    name: "ui",
    comment: [
      "The user interface's files, /ui-settings, and the pages about the API. If the API were elsewhere than these",
      "rules say, it would be here: hence no WebSocket and no secret.",
    ],
    match: [`Method(\`GET\`, \`HEAD\`) && !WebSocket() && !PathPrefix(\`${base}\`)`],
    allow: `Role(${roles}) && ${noSecretAsked}`,
  };
}

/** Role -> the provider's name for it. */
export function roleNames(custom: PresetOptions["custom"]): Record<string, string[]> {
  return Object.fromEntries(
    [...roles, ...Object.keys(custom)].map((role) => [role, [`prefect-${role}`]]),
  );
}

/** A chain, from the greatest role down. */
export const hierarchy: Record<string, string[]> = Object.fromEntries(
  roles
    .slice(1)
    .map((role, index): [string, string[]] => [role, [roles[index]!]])
    .reverse(),
);
