/** Routes from an OpenAPI description (2.0, 3.0, 3.1), as a file or from a running server. */
import { parse } from "yaml";
import type { Context } from "../command.ts";
import { CliError, EXIT } from "../failure.ts";
import { fetchText, isUrl } from "../keys/fetch.ts";
import { SourceFile } from "../source/file.ts";
import { bounded, type Route, routeOf } from "./route.ts";

type Json = Record<string, unknown>;

const METHODS = ["get", "head", "post", "put", "patch", "delete", "options"];
/** Usual places of a server's description. */
const PLACES = [
  ...["/openapi.json", "/api/openapi.json", "/openapi.yaml", "/v3/api-docs", "/swagger.json"],
  ...["/swagger/v1/swagger.json", "/api-docs"],
];

export async function routesOfOpenApi(
  source: string,
  context: Context,
  basePath?: string,
): Promise<Route[]> {
  const text = isUrl(source)
    ? await context.terminal.progress(`Fetching ${source}`, () => fetchText(source, context))
    : (await SourceFile.read(source)).text;
  const document = documentOf(text, source);
  if (basePath === undefined && basesOf(document, source).length === 0) {
    context.terminal.note(
      `${source} names no server: paths are taken as they are. --base-path /api puts one before them.`,
    );
  }
  return routesOf(document, source, basePath);
}

/** From a server's address: looks for its description in the usual places. */
export async function routesOfServer(
  url: string,
  context: Context,
  basePath?: string,
): Promise<Route[]> {
  const base = url.replace(/\/+$/, "");
  for (const place of PLACES) {
    try {
      return await routesOfOpenApi(`${base}${place}`, context, basePath);
    } catch (error) {
      if (
        !(error instanceof CliError) ||
        !["http_status", "no_openapi", "redirected"].includes(error.code)
      )
        throw error;
    }
  }
  throw new CliError(
    "no_openapi",
    `${url} shows no OpenAPI description at ${PLACES.join(", ")}`,
    "give its address with --openapi, or a list with --routes",
    EXIT.outside,
  );
}

function documentOf(text: string, source: string): Json {
  const document = objectOf(valueIn(text));
  if (document.openapi ?? document.swagger) {
    if (Object.keys(objectOf(document.paths)).length > 0) return document;
  }
  throw new CliError("no_openapi", `${source} is no OpenAPI description with paths`);
}

/** JSON is YAML, but its own parser reads 1.2 MB of it in 2 ms of processor time instead of 545. */
function valueIn(text: string): unknown {
  for (const read of [JSON.parse, parse] as ((text: string) => unknown)[]) {
    try {
      return read(text);
    } catch {
      // It may be in the other format.
    }
  }
  return null;
}

/** `basePath` replaces all servers that the description names. */
export function routesIn(text: string, source: string, basePath?: string): Route[] {
  return routesOf(documentOf(text, source), source, basePath);
}

function routesOf(document: Json, source: string, basePath?: string): Route[] {
  const routes = Object.entries(objectOf(document.paths)).flatMap(([path, value]) => {
    const item = resolve(document, value);
    return METHODS.filter((method) => item[method] !== undefined).map((method) => {
      const operation = objectOf(item[method]);
      const parameters = [item.parameters, operation.parameters].flatMap((it) =>
        Array.isArray(it) ? it : [],
      );
      const values = valuesOf(
        parameters.map((it) => resolve(document, it)),
        document,
      );
      const [base = ""] =
        basePath !== undefined
          ? [basePath]
          : ([operation, item, document]
              .map((it) => basesOf(it, source))
              .find((it) => it.length > 0) ?? []);
      const route = routeOf(method.toUpperCase(), `${base}${path}`, values);
      const { summary } = operation;
      return typeof summary === "string" && summary !== "" ? { ...route, summary } : route;
    });
  });
  return bounded(routes, source);
}

const objectOf = (value: unknown): Json =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Json) : {};

/** `$ref` within the document. */
function resolve(document: Json, value: unknown): Json {
  const it = objectOf(value);
  const match = /^#\/(.+)$/.exec(typeof it.$ref === "string" ? it.$ref : "");
  if (!match) return it;
  const found = match[1]!
    .split("/")
    .reduce<unknown>(
      (at, name) => objectOf(at)[name.replaceAll("~1", "/").replaceAll("~0", "~")],
      document,
    );
  return objectOf(found);
}

/**
 * The paths of all servers that a description, a path or an operation names, in order, or swagger's
 * basePath. A relative one is relative to the description's address; `{variables}` have defaults.
 */
function basesOf(it: Json, source: string): string[] {
  const servers = Array.isArray(it.servers) ? it.servers.map(objectOf) : [];
  const urls = servers.map(({ url, variables }) =>
    String(url ?? "").replace(/\{([^{}]+)\}/g, (_, name: string) =>
      String(objectOf(objectOf(variables)[name]).default ?? name),
    ),
  );
  if (typeof it.basePath === "string") urls.push(it.basePath);
  return urls.flatMap((url) => {
    const base = isUrl(source) ? source : "http://localhost/";
    return URL.canParse(url, base) ? new URL(url, base).pathname.replace(/\/+$/, "") : [];
  });
}

function valuesOf(parameters: Json[], document: Json): Record<string, string> {
  return Object.fromEntries(
    parameters
      .filter((it) => it.in === "path" && typeof it.name === "string")
      .map((it) => [it.name as string, valueOf(it, document)] as const)
      .filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

const UUID = "00000000-0000-4000-8000-000000000000";

/** A value that an application would accept. */
function valueOf(parameter: Json, document: Json): string | undefined {
  const schema = parameter.schema === undefined ? parameter : resolve(document, parameter.schema);
  const [first] = Array.isArray(schema.enum) ? schema.enum : [];
  if (first !== undefined) return encodeURIComponent(String(first));
  if (schema.format === "uuid") return UUID;
  if (schema.format === "date") return "2026-01-01";
  if (schema.type === "integer" || schema.type === "number") return "1";
  return undefined;
}
