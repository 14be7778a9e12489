/**
 * Expressions that Traefik's router has too: those that mean the same here, and those that do not. test/e2e asks the
 * real Traefik and the guest; docs/policy.md has a row for each difference.
 */
import type { WireRequest } from "../../src/guest/entrypoint.ts";

/** What comes of a request to a router, or a rule, with an expression: it holds, it does not, it is no expression. */
export type Answer = "holds" | "does not hold" | "error" | "400";

export interface Difference {
  expression: string;
  request: WireRequest;
  traefik: Answer;
  here: Answer;
  because: string;
}

const get = (target: string): WireRequest => ({ target });
const to = (host: string): WireRequest => ({ target: "/", headers: { Host: host } });

/** Each of these for each of the requests below. */
export const SAME: string[] = [
  ...[
    "Path(`/`)",
    "Path(`/css`)",
    "Path(`/css/`)",
    "Path(`/css/x`)",
    "Path(`/café`)",
    "Path(`/a b`)",
  ],
  ...["PathPrefix(`/`)", "PathPrefix(`/css/`)", "PathPrefix(`/css/x/`)", "PathPrefix(`/CSS/`)"],
  ...["!Path(`/css`)", "!PathPrefix(`/css/`)", "!!Path(`/css`)", 'Path("/css")', "(Path(`/css`))"],
  ...["Method(`GET`)", "Method(`POST`)", "Method(`HEAD`)", "!Method(`GET`)"],
  ...[
    "Host(`example.com`)",
    "Host(`EXAMPLE.com`)",
    "Host(`example.com.`)",
    "Host(`a.example.com`)",
  ],
  ...["Host(`*.example.com`)", "Host(`*.EXAMPLE.com`)", "Host(`*.b.example.com`)", "Host(`*.com`)"],
  ...["!Host(`*.example.com`)", "Host(`10.1.2.3`)", "Host(`localhost`)"],
  ...["Header(`X-Mode`, `fast`)", "Header(`x-mode`, `fast`)", "Header(`X-Mode`, `fast, slow`)"],
  ...["!Header(`X-Mode`, `fast`)", "Header(`X-Mode`, `Fast`)", "Header(`X_Mode`, `fast`)"],
  ...["Query(`q`)", "!Query(`q`)", "Query(`q`, `1`)", "Query(`a b`, `c d`)", "Query(`Q`, `1`)"],
  ...["Query(`q`, `a+b`)", "Query(`q`, `a b`)", "Query(`é`, `1`)", "Query(`q[]`, `1`)"],
  ...["ClientIP(`127.0.0.1`)", "ClientIP(`127.0.0.0/8`)", "ClientIP(`10.0.0.0/8`)"],
  ...["ClientIP(`0.0.0.0/0`)", "ClientIP(`::/0`)", "ClientIP(`::/64`)", "ClientIP(`::1`)"],
  ...["ClientIP(`::ffff:127.0.0.1`)", "ClientIP(`::ffff:0:0/96`)", "!ClientIP(`::/0`)"],
  ...[
    "Path(`/css`) || Path(`/`) && Method(`POST`)",
    "(Path(`/css`) || Path(`/`)) && Method(`POST`)",
  ],
  ...["!Path(`/css`) && Method(`GET`)", "!(Path(`/css`) || Method(`POST`))"],
  // Mistakes to both.
  ...["Path(`css`)", "Path(``)", "Path()", "Header(`X-Mode`)", "Query(`a`, `b`, `c`)", "Path(`/a`"],
  ...[
    "ClientIP(`10.0.0.0/33`)",
    "ClientIP(`x`)",
    "Foo(`/a`)",
    "Path(`/a`) Path(`/b`)",
    "Path('/a')",
  ],
  ...[
    "Path(`/a`) &&",
    "Headers(`X-Mode`, `fast`)",
    "Path(/a)",
    "Path(`/a`) // x",
    "Host(`bücher.de`)",
  ],
  ...[
    "Header(`X-Mode`, ``)",
    "Query(`q`, ``)",
    "Query(``)",
    "Host(``)",
    "Method(``)",
    "ClientIP(``)",
  ],
];

const modes: WireRequest[] = [
  ["fast"],
  ["Fast"],
  ["fast, slow"],
  ["slow", "fast"],
  [" fast "],
  [""],
].map((values) => ({ target: "/", headers: values.map((it): [string, string] => ["X-Mode", it]) }));

export const REQUESTS: WireRequest[] = [
  ...["/", "/css", "/css/", "/css/x", "/css/x/", "/css/x/y", "/csS", "/cs", "/a", "/b"].map(get),
  ...["/css?x", "//css", "/./css", "/x/../css", "/%63ss", "/caf%C3%A9", "/caf\u00c3\u00a9"].map(
    get,
  ),
  ...["/a%20b", "/css/%2e%2e/css", "/css/."].map(get),
  ...["/?q", "/?q=", "/?q=1", "/?q=1&q=", "/?q=2&q=1", "/?Q=1", "/?%71=%31", "/?a+b=c%20d"].map(
    get,
  ),
  ...["/?q=a+b", "/?q=a%2Bb", "/?q=%zz&q=1", "/?q=1;q=", "/?%C3%A9=1", "/?q[]=1", "/?q=1%00"].map(
    get,
  ),
  ...[
    "example.com",
    "EXAMPLE.com",
    "example.com.",
    "example.com:80",
    "example.com:",
    "xexample.com",
  ].map(to),
  ...["a.example.com", "A.example.com.:80", "a.b.example.com", "b.example.com", "10.1.2.3"].map(to),
  ...["10.1.2.3:80", "localhost:8080", "example.com.evil.example", "com"].map(to),
  ...["POST", "HEAD", "PUT"].map((method) => ({ method, target: "/" })),
  { method: "POST", target: "/css" },
  ...modes,
  { target: "/", headers: { "x-mode": "fast" } },
  { target: "/", headers: { X_Mode: "fast" } },
  { target: "/", headers: { "X-Forwarded-For": "10.0.0.1", "X-Real-Ip": "10.0.0.1" } },
];

type Row = [string, WireRequest | string, Answer, Answer, string];

const WHOLE =
  "Prefixes are of whole segments. With a slash at its end a prefix means the same to both";
const SEVERAL = "Any of several values";
const ADDRESS =
  "IPv6 hosts are in brackets; any spelling of the address is that host, with or without a port";

const ROWS: Row[] = [
  ["PathPrefix(`/public`)", "/publicX", "holds", "does not hold", WHOLE],
  [
    "!PathPrefix(`/public`)",
    "/publicX",
    "does not hold",
    "holds",
    "So behind `!` it holds for more",
  ],
  [
    "Path(`/a*`)",
    "/abc",
    "does not hold",
    "holds",
    "`*`, `**` and `{name}` are patterns; Traefik 3 takes them literally",
  ],
  ["Path(`/a%2A`)", "/a*", "does not hold", "holds", "And so a `*` as such is written"],
  ["Path(`/{id}`)", "/7", "does not hold", "holds", "Captured, for values such as `{id}`"],
  [
    "Path(`/{id:[0-9]+}`)",
    "/7",
    "does not hold",
    "error",
    "Traefik 2's syntax. Write `{id}`, or what it may be one by one",
  ],
  [
    "PathPrefix(`/a/.*`)",
    "/a/b",
    "does not hold",
    "error",
    "As in Traefik 2. Write `/a/`, or `%2E*` for names that begin with a dot",
  ],
  [
    "PathRegexp(`^/a`)",
    "/a/b",
    "holds",
    "error",
    "There are no regular expressions: neither this nor HostRegexp, HeaderRegexp, QueryRegexp",
  ],
  [
    "Path(`/a:b`)",
    "/a%3Ab",
    "does not hold",
    "holds",
    "One canonical path, see 'Paths': the application gets `/a:b` as well",
  ],
  ["Path(`/a%2Fb`)", "/a%2Fb", "holds", "400", "Refused unless the rule has `encodedPath: allow`"],
  ["Path(`/a//b`)", "/a//b", "does not hold", "error", "No such path comes through"],
  ["Host(`*`)", to("example.com"), "holds", "error", "Leave it out: that is every host"],
  [
    "Host(`**.example.com`)",
    to("a.b.example.com"),
    "does not hold",
    "holds",
    "Every name below; `*.` is for one label more, to both",
  ],
  [
    "Host(`example.com`)",
    to("[example.com]:80"),
    "holds",
    "400",
    "Only an IPv6 address may be in brackets",
  ],
  ["Host(`[2001:db8::1]`)", to("[2001:db8::1]:80"), "does not hold", "holds", ADDRESS],
  ["Host(`2001:db8::1`)", to("[2001:db8::1]:80"), "holds", "error", "As above"],
  ["Host(`example.com:80`)", to("example.com:80"), "does not hold", "error", "It would never hold"],
  [
    "Header(`Host`, `example.com`)",
    to("example.com"),
    "does not hold",
    "error",
    "To Go it is no header, and it would never hold: use `Host`",
  ],
  ["Method(`get`)", "/", "holds", "error", "Methods are written as they are sent"],
  ["Path(`/a`, `/b`)", "/a", "error", "holds", SEVERAL],
  ["Method(`GET`, `POST`)", "/", "error", "holds", "The same"],
  ["path(`/a`)", "/a", "holds", "error", "Names of functions have one spelling"],
  ["Path(`/a`,)", "/a", "holds", "error", "No comma at the end"],
  ['Path("/\\u0061")', "/a", "holds", "error", 'In quotes only `\\"` and `\\\\` are escapes'],
];

export const DIFFERENCES: Difference[] = ROWS.map(
  ([expression, request, traefik, here, because]) => ({
    ...{ expression, traefik, here, because },
    request: typeof request === "string" ? get(request) : request,
  }),
);
