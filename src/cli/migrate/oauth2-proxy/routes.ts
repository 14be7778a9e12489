/** Paths of oauth2-proxy: those of its upstreams, and those without sign-in. */
import type { Given } from "../first-match.ts";
import { isReference, listOf, treeOf } from "../draft.ts";
import { denied, strictly } from "../said.ts";
import type { Draft } from "../draft.ts";
import { pathsOfRegex } from "../regex/paths.ts";
import { common, EVERYWHERE, methods, type Region, region } from "../region.ts";
import { ALL_PATHS, beginningWith, exactPath, type Paths, union } from "../shape.ts";
import type { Source } from "../source.ts";
import { urlOf } from "../take.ts";

/** The paths of the upstreams; other paths are not found. */
export function servedBy(options: Source, draft: Draft): Region {
  const given = options.get("upstreams");
  const list = (Array.isArray(given) ? given : listOf(given)) as unknown[];
  const paths = list.flatMap((it) => pathOf(it, draft) ?? []);
  return paths.length === 0 ? EVERYWHERE : region({ paths: union(paths) });
}

function pathOf(upstream: unknown, draft: Draft): Paths | null {
  const tree = treeOf(upstream);
  const uri = String(typeof upstream === "string" ? upstream : (tree.uri ?? ""));
  const url = urlOf(uri);
  if (url && /^https?:$/.test(url.protocol)) draft.service ??= url.origin;
  if (typeof upstream !== "string") {
    const path = String(tree.path ?? "/");
    if (tree.rewriteTarget !== undefined) return pathsOfRegex(path);
    return path.startsWith("^") ? pathsOfRegex(path) : served(path);
  }
  // It only answers whether a caller may pass, for nginx or Traefik; the application is behind
  // those.
  if (/^static:|^file:\/\/\/dev\/null$/.test(uri)) return ALL_PATHS;
  const [, path = "", fragment] = /^\w+:\/\/[^/#]*(\/[^#?]*)?(?:#(.*))?$/.exec(uri) ?? [];
  if (
    path === "" &&
    fragment === undefined &&
    isReference(uri) &&
    !/^\w+:\/\/[^/]+\/?$/.test(uri)
  ) {
    draft.tell(`upstreams: ${uri}`, denied("which paths it has is not known"));
  }
  return served(fragment ?? path);
}

const served = (path: string): Paths =>
  path === "" || path === "/"
    ? ALL_PATHS
    : path.endsWith("/")
      ? beginningWith(path)
      : exactPath(path);

/** `GET=^/health$`, `GET!=…`, `!=…`, or a regular expression alone. */
export function openRoutes(options: Source, served: Region, draft: Draft): Given[] {
  const routes = listOfRoutes(options.get("skip_auth_routes"));
  const old = listOfRoutes(options.get("skip_auth_regex")).map((regex) => ({
    regex,
    written: regex,
    method: "",
  }));
  const given: Given[] = [];
  const split = routes.map((written) => {
    const [, method = "", not = "", rest] = /^([A-Za-z]*)(!?)=(.*)$/s.exec(written) ?? [];
    return { written, method: method.toUpperCase(), not, regex: rest ?? written };
  });
  for (const { written, method, regex, ...more } of [...split, ...old]) {
    const what = `skip_auth_routes: ${written}`;
    if ("not" in more && more.not === "!") {
      draft.tell(
        what,
        strictly("it was open for all paths but some: a public rule names its paths"),
      );
      continue;
    }
    const own = region({
      paths: pathsOfRegex(regex),
      parts: methods(method === "" ? [] : [method]),
    });
    given.push({ what, region: common(own, served), allow: "public" });
  }
  return given;
}

/** An expression may contain commas, so a list is split at them only if it is one text. */
const listOfRoutes = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : listOf(value);
