/** nginx: how it chooses a server and a location (ngx_http_core_module), and what lets a request through there. */
import type { Dice } from "../../../support/dice.ts";
import { type Claims, type Drawn, people, type Request, some, valuesOf } from "./compare.ts";

interface Place {
  mark: "" | "=" | "^~" | "~" | "~*";
  path: string;
  own: string[];
  inside: Place[];
}

interface Server {
  names: string[];
  own: string[];
  places: Place[];
}

const PREFIXES = [
  "/",
  "/api",
  "/api/",
  "/files",
  "/files/private",
  "/static/",
  "/static/img/",
  "/admin",
  "/v1.",
  "/a b",
  "/x*",
  "/.well-known/",
];
const REGEXES = [
  "\\.(png|env)$",
  "/\\.",
  "^/api/[^/]+$",
  "^/files/(a|b)",
  "\\.php$",
  "^/static/.*\\.png$",
  "^/v[0-9]",
  "^/u/(?<name>\\w+)/x",
];
/** What each says of a request: whether it goes on. */
const GUARDS: Record<string, (request: Request, claims: Claims | null) => boolean> = {
  "auth_request /auth;": (_, claims) => claims !== null,
  "auth_request off;": () => true,
  "auth_request /oauth2/auth?allowed_groups=admins,dev;": (_, claims) =>
    valuesOf(claims?.groups).some((it) => it === "admins" || it === "dev"),
  'auth_basic "x";': () => false,
  "deny all;": () => false,
  "allow 10.0.0.0/8; deny all;": () => false,
  'if ($http_x_token != "s") { return 401; }': () => false,
  "include snippets/not-here.conf;": () => false,
  "return 403;": () => false,
  'return 200 "ok";': () => false,
  "access_by_lua_block { ngx.exit(403) }": () => false,
  "internal;": () => false,
  "limit_except GET { deny all; }": ({ method }) => ["GET", "HEAD"].includes(method),
  "new_module_check on;": () => false,
  "rewrite ^/old$ /api last;": () => false,
  "proxy_set_header Host $host;": () => true,
  // The file is not there: another location goes on, and asks.
  "try_files $uri @named;": (_, claims) => claims !== null,
  "try_files $uri =404;": () => true,
};
const ALL = Object.keys(GUARDS);
const ASKS = ALL.filter((it) => it.startsWith("auth_request"));

function places(dice: Dice, depth: number, most: number, under = ""): Place[] {
  const marks = dice.times(dice.below(most + 1), () =>
    dice.pick(["", "", "", "=", "^~", "~", "~*"] as const),
  );
  const drawn = marks.map((mark): Place => {
    const isRegex = mark.startsWith("~");
    const path = isRegex
      ? dice.pick(REGEXES)
      : dice.pick(under === "" ? PREFIXES : ["private", "img/", "a", ""].map((it) => under + it));
    const inside =
      depth > 0 && !isRegex && mark !== "=" && dice.chance(4)
        ? places(dice, depth - 1, 2, path)
        : [];
    return { mark, path, own: own(dice), inside };
  });
  // The same one twice is an error of nginx's.
  return drawn.filter(
    (it, at) =>
      drawn.findIndex((other) => kindOf(other) === kindOf(it) && other.path === it.path) === at,
  );
}

const kindOf = ({ mark }: Place) => (mark === "^~" ? "" : mark);

function own(dice: Dice): string[] {
  const list = dice.chance(3)
    ? []
    : dice.chance(2)
      ? [dice.pick(ASKS)]
      : dice.chance(4)
        ? ['auth_basic "x";', "allow 10.0.0.0/8; deny all;"]
        : some(dice, ALL, 2);
  const asks = list.filter((it) => it.startsWith("auth_request"));
  const rest = list.filter((it) => !it.startsWith("auth_request"));
  const any = dice.chance(4) ? ["satisfy any;"] : [];
  return [...asks.slice(0, 1), ...rest, ...any];
}

export function nginx(dice: Dice): Drawn {
  const names = [["app.example.com"], ["wiki.example.com"], ["*.example.com"], ["_"]];
  const servers = dice.times(1 + dice.below(3), (at): Server => ({
    names: dice.chance(3) && at === 0 ? [] : names[at]!,
    own: dice.chance(2)
      ? [dice.pick(ASKS)]
      : own(dice).filter((it) => !it.startsWith("internal") && !it.startsWith("limit")),
    places: places(dice, 1, 7),
  }));
  const isFirstDefault = dice.chance(2);
  const text = servers.map((it, at) => written(it, at === 0 ? isFirstDefault : false)).join("\n");
  return {
    name: "app.conf",
    // What makes it one of ours, in a place that nothing leads to.
    text: `# nginx\n${text}\nserver { server_name never.example.net; location = /z { auth_request /auth; } }\n`,
    hosts: ["app.example.com", "wiki.example.com", "x.example.com", "other.example.org"],
    paths: [
      "/api",
      "/files",
      "/static/",
      "/static/img/",
      "/admin",
      "/v1.",
      "/a b",
      "/x*",
      "/.well-known/",
      "/u/bob/x",
      "/u/b-b/x",
    ],
    claims: people,
    admits(request, claims) {
      const server = serverFor(servers, request.host);
      if (!server) return false;
      const chain = chosen(server.places, request.path);
      return passes([server.own, ...chain.map((it) => it.own)], request, claims);
    },
  };
}

function written({ names, own: own_, places: list }: Server, isDefault: boolean): string {
  const place = ({ mark, path, own: guards, inside }: Place): string =>
    `location ${mark} "${path.replaceAll("\\", "\\\\")}" { ${guards.join(" ")} proxy_pass http://app; ${inside.map(place).join(" ")} }`;
  return `server { listen 443 ssl${isDefault ? " default_server" : ""}; ${names.length > 0 ? `server_name ${names.join(" ")};` : ""} ${own_.join(" ")}\n${list.map(place).join("\n")}\nlocation @named { auth_request /auth; proxy_pass http://app; }\n}`;
}

function serverFor(servers: Server[], host: string): Server | undefined {
  const exact = servers.find(({ names }) => names.includes(host));
  const wild = servers.find(({ names }) =>
    names.some((it) => it.startsWith("*") && host.endsWith(it.slice(1))),
  );
  return exact ?? wild ?? (host === "never.example.net" ? undefined : servers[0]);
}

/** From the outermost inward; none: the server itself. */
function chosen(list: Place[], path: string): Place[] {
  const found = find(list, path);
  return found?.chain ?? [];
}

function find(list: Place[], path: string): { chain: Place[]; isFinal: boolean } | null {
  const exact = list.find(({ mark, path: it }) => mark === "=" && it === path);
  if (exact) return { chain: [exact], isFinal: true };
  const prefix = list
    .filter(({ mark, path: it }) => (mark === "" || mark === "^~") && path.startsWith(it))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  const nested = prefix && prefix.inside.length > 0 ? find(prefix.inside, path) : null;
  if (nested?.isFinal) return { chain: [prefix!, ...nested.chain], isFinal: true };
  const best = nested ? [prefix!, ...nested.chain] : prefix ? [prefix] : null;
  // A location inside has the last word on whether regular expressions are asked.
  if ((best?.at(-1)?.mark ?? "") !== "^~") {
    const regex = list.find(
      ({ mark, path: it }) =>
        mark.startsWith("~") && new RegExp(it, mark === "~*" ? "i" : "").test(path),
    );
    if (regex) return { chain: [regex], isFinal: true };
  }
  return best ? { chain: best, isFinal: false } : null;
}

const isAccess = (it: string) => /^(deny|allow)/.test(it);
const isInherited = (it: string) => /^(auth_|deny|allow|satisfy)/.test(it);

/** Of what is inherited the innermost counts; what stands in rewrite's phase counts everywhere around. */
function passes(levels: string[][], request: Request, claims: Claims | null): boolean {
  const inner = (is: (it: string) => boolean) =>
    levels.findLast((it) => it.some(is))?.filter(is) ?? [];
  const asks = [
    ...inner((it) => it.startsWith("auth_request")),
    ...inner((it) => it.startsWith("auth_basic")),
    ...inner(isAccess).slice(0, 1),
  ].filter((it) => it !== "auth_request off;");
  const says = asks.map((it) => GUARDS[it]!(request, claims));
  const any = inner((it) => it === "satisfy any;").length > 0;
  if (says.length > 0 && !(any ? says.some(Boolean) : says.every(Boolean))) return false;
  const last = levels.at(-1)!;
  return levels.every((level) =>
    level.every((it) => {
      if (isInherited(it)) return true;
      // These are of their own location, and of none inside; what a server returns, it returns for all.
      const isOwn = /^(internal|limit_except|try_files)/.test(it);
      if (isOwn && level !== last) return true;
      if (it.startsWith("return") && level !== last && level !== levels[0]) return true;
      return GUARDS[it]!(request, claims);
    }),
  );
}
