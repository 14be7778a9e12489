/** nginx with `auth_request`: its servers and locations become rules. */
import type { SourceFile } from "../../source/file.ts";
import type { Beside } from "../beside.ts";
import { Draft } from "../draft.ts";
import type { Given } from "../first-match.ts";
import { EVERYWHERE, type Region, region } from "../region.ts";
import { denied, strictly } from "../said.ts";
import { completeSession } from "../take.ts";
import { answerOf, given, inOrder, type Location, locationsOf, targetOf } from "./locations.ts";
import { ASKED, guardAt } from "./guard.ts";
import { type Directive, parseNginx } from "./parse.ts";

interface Server {
  names: string[];
  isDefault: boolean;
  isPlain: boolean;
  block: Directive[];
  around: Directive[][];
}

/** Excludes files that only have nginx's language in one of their values. */
const isNginx = (text: string): boolean =>
  !/^(apiVersion|kind|services|http|access_control):/m.test(text) && isServer(text);

const isServer = (text: string): boolean =>
  /^[^#\n]*\b(auth_request|auth_jwt)\s+[^;]+;/m.test(text) ||
  (/^\s*(server|location\s+[^{]+)\s*\{/m.test(text) &&
    /^\s*include\s+[^;]+;|\bproxy_pass\s+[^;]+;/m.test(text));

export function nginxIn(file: SourceFile, beside: Beside): Draft[] {
  if (!isNginx(file.text)) return [];
  const root = parseNginx(file, beside);
  const draft = new Draft("nginx auth_request");
  draft.put("issuer", "<https://sso.example.com/realms/main>");
  draft.put("clientId", "<client>");
  draft.put("rolesFrom", ["groups"]);
  draft.note(
    "issuer and clientId stood where auth_request asked, for example in oauth2-proxy's own configuration",
  );
  const servers = serversIn(root, draft);
  const [host] = servers.flatMap(({ names }) => names.filter((name) => /^[a-z\d.-]+$/.test(name)));
  if (host !== undefined) draft.put("publicUrl", `<https://${host}>`);
  completeSession(draft);
  const list =
    servers.length > 1
      ? servers.flatMap((it) => rulesOf(it, servers, draft))
      : rulesOf(servers[0]!, [], draft);
  if (list.some(({ allow }) => allow.includes(ASKED))) {
    draft.note(
      `${ASKED}: what auth_request asked decided who may. Where that was whoever is signed in, write Authenticated(); else write who`,
    );
  }
  if (/\bauth_request_set\b/.test(file.text)) {
    draft.note("auth_request_set: forwardHeaders sets headers from claims");
  }
  draft.decide(list, "deny");
  return [draft];
}

/** The servers, without those for plain http that only redirect to https. */
function serversIn(root: Directive[], draft: Draft): Server[] {
  const http = root.find(({ name }) => name === "http")?.block ?? null;
  const outside = http ?? root;
  const plain = outside.filter(({ name }) => !["server", "http", "stream", "mail"].includes(name));
  const blocks = outside.filter(({ name, block }) => name === "server" && block !== null);
  if (blocks.length === 0) {
    return [{ names: [], isDefault: true, isPlain: false, block: root, around: [] }];
  }
  const servers = blocks.map(({ block }, at): Server => {
    const listen = block!.filter(({ name }) => name === "listen").map(({ values }) => values);
    return {
      names: block!
        .filter(({ name }) => name === "server_name")
        .flatMap(({ values }) => values)
        .map((it) => it.toLowerCase())
        .filter((it) => it !== "" && it !== "_"),
      isDefault:
        listen.some((it) => it.includes("default_server") || it.includes("default")) ||
        (at === 0 && blocks.length === 1),
      isPlain:
        listen.length > 0 &&
        listen.every((it) => !it.includes("ssl") && !/(^|:)443$/.test(it[0] ?? "")),
      block: block!,
      around: [plain],
    };
  });
  if (!servers.some((it) => it.isDefault)) servers[0]!.isDefault = true;
  const kept = servers.filter((it) => {
    const isDouble =
      it.isPlain &&
      it.names.length > 0 &&
      servers.some(
        (other) =>
          other !== it && !other.isPlain && it.names.every((name) => other.names.includes(name)),
      );
    if (isDouble)
      draft.tell(
        `server ${it.names.join(" ")}, by plain http`,
        strictly("Traefik's entry points send people to https"),
      );
    return !isDouble;
  });
  return kept.toSorted((a, b) => weight(a) - weight(b));
}

/** Literal names come first, then the longest that begin with `*`. */
function weight({ names }: Server): number {
  if (names.length === 0) return 1e6;
  if (names.every((it) => /^[\w.-]+$/.test(it) && !it.startsWith("."))) return 0;
  return names.some((it) => /^[~]|\*$/.test(it))
    ? 1e5
    : 1e4 - Math.max(...names.map((it) => it.length));
}

function rulesOf(server: Server, all: readonly Server[], draft: Draft): Given[] {
  const { names, block, around } = server;
  const title = names.length > 0 ? `server ${names.join(" ")}` : "server";
  const host = all.length > 1 ? hostsOf(server) : EVERYWHERE;
  if (host === null) {
    draft.tell(
      title,
      strictly("it has no name, and is not the one for all others: nothing is for it"),
    );
    return [];
  }
  const twin = all.find((it) => it !== server && it.names.some((name) => names.includes(name)));
  if (twin)
    return [
      { what: title, region: host, allow: "deny", said: denied("two servers have this name") },
    ];
  const answer = answerOf(block);
  if (answer) return [{ what: title, region: host, ...answer }];
  const locations = locationsOf(block, around);
  withQueries(block, locations);
  const skips = ledTo(locations, block, around);
  draft.service ??= serviceOf(locations.filter((it) => !skips.has(it)));
  const rules = inOrder(locations, host, (it, own) => given(it, own, locations, skips.has(it)));
  // The server itself answers requests that no location matches.
  const itself: Location = { kind: "", path: "/", body: block, around, children: [] };
  const rest = given(itself, host, locations, false);
  return [...rules, ...rest.map((it) => ({ ...it, what: title, name: "everything" }))];
}

/**
 * The address of the location behind `auth_request` may contain conditions, as in
 * `/oauth2/auth?allowed_groups=…`.
 */
function withQueries(block: readonly Directive[], locations: readonly Location[]): void {
  for (const it of block) {
    if (it.block !== null) withQueries(it.block, locations);
    const [target = ""] = it.values;
    if (it.name !== "auth_request" || target === "off" || target.includes("?")) continue;
    const [pass = ""] =
      targetOf(target, locations)?.body.find(({ name }) => name === "proxy_pass")?.values ?? [];
    const query = /\?(.*)$/s.exec(pass)?.[1];
    if (query !== undefined) it.values[0] = `${target}?${query}`;
  }
}

/** The application's address: that of the front page, or else of the first location with one. */
function serviceOf(locations: readonly Location[]): string | null {
  const found = locations.toSorted((a, b) => Number(b.path === "/") - Number(a.path === "/"));
  return found.map(originOf).find((origin) => origin !== undefined && URL.canParse(origin)) ?? null;
}

function originOf({ body }: Location): string | undefined {
  const [pass = ""] = body.find(({ name }) => name === "proxy_pass")?.values ?? [];
  return /^(https?:\/\/[^/$]+)/.exec(pass)?.[1];
}

/** Null: it gets no request. */
function hostsOf({ names, isDefault }: Server): Region | null {
  if (names.length === 0) return isDefault ? EVERYWHERE : null;
  const hosts: string[] = [];
  for (const name of names) {
    if (/^[\w-]+(\.[\w-]+)*$/.test(name)) hosts.push(name);
    else if (/^\*\.[\w-]+(\.[\w-]+)*$/.test(name)) hosts.push(`*${name}`);
    else if (/^\.[\w-]+(\.[\w-]+)*$/.test(name)) hosts.push(name.slice(1), `**${name}`);
    else return region({ parts: [{ unsayable: `server_name ${name}` }] });
  }
  return region({ hosts });
}

/** Locations that lead only to the server behind `auth_request`. */
function ledTo(locations: Location[], block: Directive[], around: Directive[][]): Set<Location> {
  const all = locations.flatMap((it) => [it, ...it.children]);
  const targets = [...around.flat(), ...block, ...all.flatMap(({ body }) => body)]
    .filter(({ name, values }) => name === "auth_request" && values[0] !== "off")
    .map(({ values }) => (values[0] ?? "").split("?")[0]!);
  const found = new Set(targets.map((target) => targetOf(target, locations)));
  const isTarget = (it: Location) => it.kind === "=" && found.has(it);
  const asked = new Set(all.filter((it) => found.has(it) && it.path !== "/").map(originOf));
  asked.delete(undefined);
  const guarded = all.filter(
    (it) =>
      !found.has(it) &&
      !/^\/?$/.test(it.path) &&
      guardAt([...it.around, it.body]).allow !== "public",
  );
  const front = all.filter(({ path }) => path === "/").map(originOf);
  for (const it of [...guarded.map(originOf), ...front]) asked.delete(it);
  return new Set(all.filter((it) => isTarget(it) || asked.has(originOf(it))));
}
