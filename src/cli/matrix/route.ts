/**
 * Routes of an application, from a list of lines: `GET /path`, with `{name}` for variable parts.
 */
import { CliError } from "../failure.ts";

export interface Route {
  method: string;
  /** As given, with `{name}`. */
  path: string;
  /** A path, and a query if one was given, with values in place of names. */
  target: string;
  /** Its purpose, in the application's words. */
  summary?: string;
}

const METHOD = /^[A-Z]+(,[A-Z]+)*$/;
const PROGRAMS = 5000;

/** One route a line; `#` begins a comment; `GET,POST /a` is two routes. */
export function routesOfList(text: string, name: string, base = ""): Route[] {
  const routes = text.split("\n").flatMap((raw, index) => {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    if (line === "") return [];
    const [methods = "", path = "", ...rest] = line.split(/\s+/);
    if (!METHOD.test(methods) || !path.startsWith("/") || rest.length > 0) {
      throw new CliError(
        "route_invalid",
        `${name}:${index + 1}: ${line} is no route`,
        "write METHOD /path, one in a line",
      );
    }
    return methods.split(",").map((method) => routeOf(method, `${base}${path}`));
  });
  return bounded(routes, name);
}

export function bounded(routes: Route[], name: string): Route[] {
  if (routes.length === 0) throw new CliError("no_routes", `${name} has no routes`);
  if (routes.length > PROGRAMS)
    throw new CliError("too_many_routes", `${name} has more than ${PROGRAMS} routes`);
  return routes;
}

/** Replaces `{id}` by a value, by default its own name. */
export function routeOf(method: string, path: string, values: Record<string, string> = {}): Route {
  const target = path.replace(/\{([^{}]*)\}/g, (_, name: string) => values[name] ?? sample(name));
  return { method, path, target };
}

function sample(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "") || "x";
}
