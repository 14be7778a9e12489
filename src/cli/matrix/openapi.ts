/** Routes from an OpenAPI description (2.0, 3.0, 3.1), as a file or from a running server. */
import { parse } from "yaml";
import type { Context } from "../command.ts";
import { CliError, EXIT } from "../failure.ts";
import { fetchText, isUrl } from "../keys/fetch.ts";
import { SourceFile } from "../source/file.ts";
import { bounded, type Route, routeOf } from "./route.ts";

type Json = Record<string, unknown>;

const METHODS = ["get", "head", "post", "put", "patch", "delete", "options"];
/** Where servers have their description. */
const PLACES = [
  ...["/openapi.json", "/api/openapi.json", "/openapi.yaml", "/v3/api-docs", "/swagger.json"],
  ...["/swagger/v1/swagger.json", "/api-docs"],
];

export async function routesOfOpenApi(source: string, context: Context): Promise<Route[]> {
  const text = isUrl(source)
    ? await context.terminal.progress(`Fetching ${source}`, () => fetchText(source, context))
    : (await SourceFile.read(source)).text;
  return routesIn(text, source);
}

/** From a server's address: its description is looked for in the usual places. */
export async function routesOfServer(url: string, context: Context): Promise<Route[]> {
  const base = url.replace(/\/+$/, "");
  for (const place of PLACES) {
    try {
      return await routesOfOpenApi(`${base}${place}`, context);
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

export function routesIn(text: string, source: string): Route[] {
  let json: unknown;
  try {
    json = parse(text) as unknown;
  } catch {
    json = null;
  }
  const document = objectOf(json);
  const paths = objectOf(document.paths);
  if (!(document.openapi ?? document.swagger) || Object.keys(paths).length === 0) {
    throw new CliError("no_openapi", `${source} is no OpenAPI description with paths`);
  }
  const base = basePath(document);
  const routes = Object.entries(paths).flatMap(([path, value]) => {
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

/** The path of the first server, or of swagger's basePath. */
function basePath(document: Json): string {
  const [server] = Array.isArray(document.servers) ? document.servers : [];
  const url = objectOf(server).url ?? document.basePath;
  if (typeof url !== "string") return "";
  try {
    return new URL(url, "http://localhost").pathname.replace(/\/+$/, "");
  } catch {
    return "";
  }
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

/** One that an application would take. */
function valueOf(parameter: Json, document: Json): string | undefined {
  const schema = parameter.schema === undefined ? parameter : resolve(document, parameter.schema);
  const [first] = Array.isArray(schema.enum) ? schema.enum : [];
  if (first !== undefined) return encodeURIComponent(String(first));
  if (schema.format === "uuid") return UUID;
  if (schema.format === "date") return "2026-01-01";
  if (schema.type === "integer" || schema.type === "number") return "1";
  return undefined;
}
