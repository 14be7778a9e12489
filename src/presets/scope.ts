/**
 * A scope of an application, its operations, and the rule made from it. Methods and paths of
 * different scopes never overlap, so the order of the rules is only for the reader.
 */

export interface Scope<Role extends string> {
  name: string;
  /** The least role that has it, or everyone. */
  from: Role | "public";
  /** The reason, if it may surprise: lines of a comment. */
  says: string[];
  /** Its POSTs only read or repeat, so the audit needs only its refusals. */
  polled?: boolean;
  /** `GET /flows/{id}`, `GET,HEAD /health`, `WS /events/in`; paths without the API's base. */
  routes: string[];
  /** A lesser role may use it too, while an expression holds. */
  unless?: { role: Role; holds: string };
}

export interface Rule {
  name: string;
  comment: string[];
  /** Lines of an expression. */
  match: string[];
  allow: string;
  /** The text for refused callers. */
  detail?: string;
  audit?: "denied";
}

export interface RuleOptions {
  /** Before each path: `/api`. */
  base: string;
  /** Other roles that have the scope, besides the chain. */
  alsoRoles: readonly string[];
}

const quoted = (texts: readonly string[]) => texts.map((text) => `\`${text}\``);

/** `Method(…) && Path(…)` for each method, with one path a line if there are several. */
function matchOf(routes: readonly string[], base: string): string[] {
  const paths = new Map<string, string[]>();
  for (const route of routes) {
    const [methods = "", path = ""] = route.split(" ");
    paths.set(methods, [...(paths.get(methods) ?? []), base + path]);
  }
  return [...paths].flatMap(([methods, list], index) => {
    const head =
      methods === "WS" ? "WebSocket()" : `Method(${quoted(methods.split(",")).join(", ")})`;
    const or = index === 0 ? "" : "|| ";
    if (list.length === 1) return [`${or}${head} && Path(${quoted(list)[0]})`];
    const lines = quoted(list).map((path, at) => `  ${path}${at < list.length - 1 ? "," : ""}`);
    return [`${or}${head} && Path(`, ...lines, ")"];
  });
}

export function ruleOf<Role extends string>(scope: Scope<Role>, options: RuleOptions): Rule {
  const { name, from, says, routes, unless, polled } = scope;
  const has = (...roles: string[]) => `Role(${quoted(roles).join(", ")})`;
  const allow = from === "public" ? from : has(from, ...options.alsoRoles);
  return {
    name,
    comment: says,
    match: matchOf(routes, options.base),
    allow: unless ? `${allow} || ${has(unless.role)} && ${unless.holds}` : allow,
    ...(from !== "public" && {
      detail: `Your roles do not allow ${name}: it takes the role ${from}.`,
    }),
    ...(polled && { audit: "denied" as const }),
  };
}
