/**
 * One more application: its routers, service and middlewares, in the manner of the one that is
 * there.
 */
import { CliError } from "../../failure.ts";
import type { Tree } from "../../providers/row.ts";
import { argumentsOf } from "../../check/rule-text.ts";
import { type Answers, hostOf } from "../answers.ts";
import { blockOf, LOGIN_PATHS } from "../block.ts";
import { publicStoreRule } from "../store.ts";
import type { Existing } from "./existing.ts";

export interface Parts {
  routers: Record<string, Tree>;
  services: Record<string, Tree>;
  middlewares: Record<string, Tree>;
}

/**
 * Where the client's secret is: a file on the mount needs no restart, as another variable would.
 */
export const secretFile = (name: string) => `client-secret-${name}`;

export function partsOf(name: string, answers: Answers, existing: Existing): Parts {
  const { http, protect, login, plugin } = existing;
  for (const names of [http.routers, http.services, http.middlewares]) {
    const taken = [name, `${name}-login`].find((it) => Object.hasOwn(names, it));
    if (taken !== undefined)
      throw new CliError(
        "name_taken",
        `${existing.file} has ${taken} already`,
        "give another name",
      );
  }
  const block = blockFor(name, answers, existing);
  const host = `Host(\`${hostOf(answers)}\`)`;
  const routersOf = (middleware: string) =>
    Object.values(http.routers).filter((it) =>
      listOf(it.middlewares).some((one) => isNamed(one, middleware)),
    );
  const like = (found: Tree | undefined, middleware: string, mine: string, rule: string) => {
    const { middlewares, rule: _, ...rest } = found ?? {};
    const list = listOf(middlewares).map((one) => (isNamed(one, middleware) ? mine : one));
    return { rule, ...rest, middlewares: list.length > 0 ? list : [mine] };
  };
  const beside = (middleware: string, mine: string, rule: string) =>
    like(
      routersOf(middleware).find((it) => !leadsToEngine(it)),
      middleware,
      mine,
      rule,
    );
  // Its sign-outs go to the engine by a router of its own; they are read with the other's.
  const toEngine = login === null ? undefined : routersOf(login).find(leadsToEngine);
  const gate = (mode: string) => ({ plugin: { [plugin]: { mode, ...block } } });
  return {
    routers: {
      [name]: { ...beside(protect, name, host), service: name },
      ...(login === null || !answers.signIn
        ? {}
        : {
            [`${name}-login`]: beside(login, `${name}-login`, `${host} && ${LOGIN_PATHS}`),
            ...(toEngine
              ? {
                  [`${name}-login-store`]: like(
                    toEngine,
                    login,
                    `${name}-login`,
                    `${host} && ${publicStoreRule("/oidc")}`,
                  ),
                }
              : {}),
          }),
    },
    services: { [name]: { loadBalancer: { servers: [{ url: answers.service }] } } },
    middlewares: {
      [name]: gate("protect"),
      ...(login === null || !answers.signIn ? {} : { [`${name}-login`]: gate("login") }),
    },
  };
}

/**
 * The provider, the session's secret and the state folder are the other's; client, address and
 * rules are its own.
 */
function blockFor(name: string, answers: Answers, { block: theirs }: Existing): Tree {
  const login = (theirs.login ?? {}) as Tree;
  const { clientSecret: _, clientAuth, ...places } = login;
  const state = typeof theirs.stateDir === "string" ? theirs.stateDir : "/state";
  const session = (theirs.session ?? {}) as { secrets?: string[] };
  const secrets = {
    session: session.secrets?.[0] ?? "",
    client: `file:${state}/${secretFile(name)}`,
  };
  const mine = blockOf(answers, secrets) as Tree & { login?: Tree };
  const proof = answers.clientSecret
    ? {
        clientSecret: secrets.client,
        ...(clientAuth === "none" || clientAuth === undefined ? {} : { clientAuth }),
      }
    : { clientAuth: "none" };
  const {
    mode: _mode,
    clientId: _client,
    audience: _audience,
    publicUrl: _url,
    ...shared
  } = theirs;
  const { roles: _roles, roleHierarchy: _hierarchy, rules: _rules, ...rest } = shared;
  return {
    ...mine,
    ...rest,
    ...(answers.signIn
      ? { publicUrl: answers.publicUrl, login: { ...proof, ...places } }
      : { session: undefined, ...(Object.keys(places).length > 0 ? { login: places } : {}) }),
    forwardHeaders: theirs.forwardHeaders ?? mine.forwardHeaders,
  };
}

const leadsToEngine = ({ rule }: Tree) =>
  typeof rule === "string" && argumentsOf(rule, "Path").some((it) => it.endsWith("/store"));

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const isNamed = (one: string, name: string) => one === name || one === `${name}@file`;
