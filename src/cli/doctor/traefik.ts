/**
 * Looks at Traefik through its API: routers without the middleware or dropped, other middlewares,
 * plain-text secrets.
 */
import { hostsOf, isCatchAll } from "../check/rule-text.ts";
import { CliError, EXIT, reasonOf } from "../failure.ts";
import { isTooOld } from "../source/traefik-release.ts";
import type { Answer } from "./ask.ts";
import {
  type ApiMiddleware,
  type ApiRouter,
  full,
  isGate,
  modeOf,
  neighbours,
} from "./neighbours.ts";
import { together } from "./modes.ts";
import { type ApiService, looksAtStore } from "./store.ts";
import type { Check, Target, Finding } from "./target.ts";

/** The plugin's secret options: a text there that is not a reference is a plain-text secret. */
const SECRETS = /(^|\.)(signingsecret|clientsecret|upstreamauthorization|secrets(\[\d+\])?)$/i;

/** It is elsewhere, or was never filled in. */
const NO_SECRET = /^(env:|file:|urn:|<|\$\{|\$\(|\{\{)/;

export const looksAtTraefik: Check = async (target) => {
  if (target.api === null) return [];
  const routers = (await fetchList("http/routers", target)) as ApiRouter[];
  const middlewares = (await fetchList("http/middlewares", target)) as ApiMiddleware[];
  const isShared = middlewares.some((it) => modeOf(it) === "store");
  const services = isShared ? ((await fetchList("http/services", target)) as ApiService[]) : [];
  return [
    ...(await age(target)),
    ...broken(routers),
    ...around(routers, middlewares),
    ...neighbours(routers, middlewares),
    ...together(routers, middlewares),
    ...(await looksAtStore(routers, middlewares, services, target)),
    ...shown(middlewares),
  ];
};

/** An endpoint of the API. */
function get(what: string, { api, ask }: Target): Promise<Answer> {
  const base = baseOf(api!);
  const path = `${new URL(base).pathname.replace(/\/$/, "")}/api/${what}`;
  return ask({ path, headers: { Accept: "application/json" } }, base);
}

const baseOf = (api: string) => api.replace(/\/(api\/?)?$/, "");

async function fetchList(what: string, target: Target): Promise<unknown[]> {
  try {
    const { status, body } = await get(`${what}?per_page=1000`, target);
    const list = JSON.parse(body) as unknown;
    if (status === 200 && Array.isArray(list)) return list;
    throw new Error(`it answers ${status}`);
  } catch (error) {
    throw new CliError(
      "api_unreadable",
      `Traefik's API at ${baseOf(target.api!)}: ${reasonOf(error)}`,
      "give the address that has /api/http/routers",
      EXIT.outside,
    );
  }
}

/** Some APIs do not show a version, and a custom build may have none. */
async function age(target: Target): Promise<Finding[]> {
  try {
    const { status, body } = await get("version", target);
    const { Version: version } = JSON.parse(body) as { Version?: unknown };
    if (status !== 200 || typeof version !== "string" || !isTooOld(version)) return [];
    return [{ code: "traefik_too_old", evidence: `${baseOf(target.api!)} is Traefik ${version}` }];
  } catch {
    return [];
  }
}

function broken(routers: ApiRouter[]): Finding[] {
  return routers
    .filter(({ status }) => status === "disabled")
    .map(({ name, error = [] }) => ({
      code: "router_broken",
      evidence: `${name}: ${error.join("; ")}`,
    }));
}

function around(routers: ApiRouter[], middlewares: ApiMiddleware[]): Finding[] {
  const gates = new Set(middlewares.filter(isGate).map(({ name }) => name));
  const redirects = new Set(
    middlewares.filter((it) => it.redirectScheme ?? it.redirectRegex).map(({ name }) => name),
  );
  const serviceOf = (router: ApiRouter) => full(router, router.service ?? "");
  const uses = (router: ApiRouter, names: Set<string>) =>
    (router.middlewares ?? []).some((name) => names.has(full(router, name)));
  // Routers of sign-in lead to the provider, which has public routers of its own.
  const protecting = new Set(
    middlewares.filter((it) => ["protect", "auth"].includes(modeOf(it))).map(({ name }) => name),
  );
  const guarded = routers.filter((router) => uses(router, gates));
  const services = new Set(
    guarded.filter((router) => uses(router, protecting)).map((router) => serviceOf(router)),
  );
  const hosts = new Set(guarded.flatMap(({ rule = "" }) => hostsOf(rule)));
  return routers.flatMap((router) => {
    const { name, rule = "" } = router;
    const isOther =
      uses(router, gates) || uses(router, redirects) || serviceOf(router).endsWith("@internal");
    if (isOther) return [];
    const leads =
      services.has(serviceOf(router)) ||
      hostsOf(rule).some((host) => hosts.has(host)) ||
      isCatchAll(rule);
    return leads
      ? [
          {
            code: "router_unprotected" as const,
            evidence: `${name}: ${rule} leads to ${serviceOf(router)}`,
          },
        ]
      : [];
  });
}

function shown(middlewares: ApiMiddleware[]): Finding[] {
  return middlewares.filter(isGate).flatMap(({ name, plugin }) => {
    const secrets = [...textsIn(plugin)].filter(
      ({ path, text }) => SECRETS.test(path) && text !== "" && !NO_SECRET.test(text),
    );
    return secrets.map(({ path }) => ({
      code: "secret_shown" as const,
      evidence: `${name}: ${path.replace(/^[^.]*\./, "")}`,
    }));
  });
}

function* textsIn(value: unknown, path = ""): Generator<{ path: string; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* textsIn(item, `${path}[${i}]`);
  } else if (value !== null && typeof value === "object") {
    for (const [key, member] of Object.entries(value))
      yield* textsIn(member, path ? `${path}.${key}` : key);
  }
}
