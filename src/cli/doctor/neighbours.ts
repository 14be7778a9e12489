/**
 * The other middlewares on Rolegate's routers, from Traefik's API: those that change the path,
 * remove headers, or ask for credentials too.
 */
import { DEFAULTS } from "../defaults.ts";
import { blockOf, mapOf, textOf } from "../middleware/block.ts";
import type { Code } from "./catalogue-table.ts";
import type { Finding } from "./target.ts";

export interface ApiRouter {
  name: string;
  rule?: string;
  service?: string;
  middlewares?: string[];
  status?: string;
  error?: string[];
}

/** Its kind is the name of a member: `stripPrefix`, `plugin`, … */
export interface ApiMiddleware {
  name: string;
  plugin?: Record<string, unknown>;
  [kind: string]: unknown;
}

/** With the provider, which Traefik's API leaves out if it is the router's own. */
export const full = (router: ApiRouter, name: string) =>
  name.includes("@") ? name : name + router.name.slice(router.name.lastIndexOf("@"));

export const isGate = ({ plugin }: ApiMiddleware) => blockIn(plugin) !== null;

/** Empty for a middleware that is not Rolegate. */
export function modeOf({ plugin }: ApiMiddleware): string {
  const block = blockIn(plugin);
  return block === null ? "" : (textOf(block, "mode") ?? DEFAULTS.mode);
}

export function blockIn(plugin: Record<string, unknown> = {}) {
  const name = Object.keys(plugin).find((it) => /rolegate/i.test(it));
  return name === undefined ? null : blockOf(plugin[name]);
}

/** Kinds of middlewares, in lower case. */
const PATH_CHANGERS = new Set([
  ...["stripprefix", "stripprefixregex", "addprefix", "replacepath", "replacepathregex"],
]);
const AUTHENTICATION = new Set(["basicauth", "digestauth", "forwardauth"]);
/** Headers of a WebSocket's handshake: without one of them it fails. */
const HANDSHAKE = ["upgrade", "connection", "sec-websocket-protocol", "sec-websocket-key"];

export function neighbours(routers: ApiRouter[], middlewares: ApiMiddleware[]): Finding[] {
  const all = new Map(middlewares.map((it) => [it.name, it]));
  return routers.flatMap((router) => {
    const chain = (router.middlewares ?? []).flatMap((name) => all.get(full(router, name)) ?? []);
    const at = chain.findIndex(isGate);
    if (at < 0) return [];
    const block = blockIn(chain[at]!.plugin)!;
    const header = (
      textOf(mapOf(block, "token"), "header") ?? DEFAULTS["token.header"]
    ).toLowerCase();
    const mode = modeOf(chain[at]!);
    const alone =
      mode === "login"
        ? atSignIn(router, chain, at)
        : mode === "store"
          ? unbuffered(router, chain, at, "store_buffering_missing")
          : [];
    const beside = chain.flatMap((it, index) => {
      const found: Finding[] = [];
      const kinds = Object.keys(it).map((kind) => kind.toLowerCase());
      const add = (code: Code, words: string) =>
        found.push({ code, evidence: `${router.name}: ${it.name} ${words}` });
      if (index < at && kinds.some((kind) => PATH_CHANGERS.has(kind)))
        add("path_changed", "is before Rolegate");
      if (mode === "protect" && kinds.includes("buffering"))
        add("application_buffered", "is among its middlewares");
      // A forwardAuth that passes a token on in a separate header works together with Rolegate.
      if (kinds.some((kind) => AUTHENTICATION.has(kind)) && header === "authorization")
        add("double_authentication", "asks for credentials as well");
      const before = index < at ? [header, "cookie"] : [];
      for (const name of headersTaken(it)) {
        if ([...before, ...HANDSHAKE].includes(name.toLowerCase()))
          add("header_taken", `takes ${name} away`);
      }
      return found;
    });
    return [...alone, ...beside];
  });
}

/**
 * The request to the token endpoint has a body of the plugin's, which Traefik sends only if it is
 * buffered, and only once.
 */
function atSignIn(router: ApiRouter, chain: ApiMiddleware[], at: number): Finding[] {
  const hasRetry = chain.some((it) => "retry" in it);
  return [
    ...unbuffered(router, chain, at, "login_buffering_missing"),
    ...(hasRetry ? [{ code: "login_retry" as const, evidence: `${router.name} has it` }] : []),
  ];
}

function unbuffered(
  { name }: ApiRouter,
  chain: ApiMiddleware[],
  at: number,
  code: Code,
): Finding[] {
  const isBuffered = chain.slice(at + 1).some((it) => "buffering" in it);
  return isBuffered ? [] : [{ code, evidence: `${name} has none behind Rolegate` }];
}

/** The `headers` middleware removes headers that it sets to nothing. */
function headersTaken(middleware: ApiMiddleware): string[] {
  const set = mapOf(mapOf(middleware, "headers"), "customRequestHeaders");
  return Object.entries(set).flatMap(([name, value]) => (value === "" ? [name] : []));
}
