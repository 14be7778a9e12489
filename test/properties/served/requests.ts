/** Random requests: those of the cases, and such as have much of what a request can have, each from another person. */
import type { WireRequest } from "../../../src/guest/entrypoint.ts";
import { RAW, wireOf } from "../../cases/case.ts";
import { GATES } from "../../cases/gates.ts";
import { CASES } from "../../cases/table.ts";
import type { Dice } from "../../support/dice.ts";
import { keyOf, sessionOf, tokenOf } from "./credentials.ts";

const LANGUAGES = ["de", "de-CH, en;q=0.5", "fr", "es;q=0.9", "it, de", "ja", "xx", "pt-BR,pt", ""];
const ORIGINS = [
  ...["https://app.example.com", "https://ui.example.com", "https://b.example.com", "null"],
  ...["https://evil.example.net", "tauri://localhost", "http://app.example.com:8080"],
];
const HOSTS = [
  ...["app.example.com", "app.example.com", "app.example.com", "b.example.com", "example.com"],
  ...["admin.example.com", "x.tenant.example.com", "a.b.deep.example.com", "APP.example.com:443"],
];
const SEGMENTS = [
  ...["api", "public", "maybe", "internal", "me", "scoped", "host", "files", "items", "parts"],
  ...["deep", "end", "robots", "open", "only-ci", "namesake", "claims", "blocks", "filter"],
  ...["closed", "sides", "kind", "header", "query", "empty", "present", "only", "socket", "tcp"],
  ...["exec", "not-tcp", "any", "near", "folder", "t", "o", "w", "nt", "red", "green", "blue"],
  ...["secret", "x", "%2A", "%7Bid%7D", "a%2Fb", "%FF", "%C3%A9", "..;", "a;b", "%252e", "a b"],
  ...["group", "below", "domain", "not-group", "issuer", "equals", "exists", "one", "all", "role"],
  ...["oidc", "login", "rule-7", "rule-70", "rule-199", "g%C3%A4ste", "x".repeat(300)],
];
export const BODIES = [
  ...['{"include_secrets":false}', '{"include_secrets":true}', '{"a":1}', '{"a":"1"}', "{}", ""],
  ...['{"a":{"kind":"x"}}', '{"a":{"kind":"y"}}', '{"include_secrets":false,"Include_Secrets":1}'],
  ...["[1,2", "null", `{"filler":"${"z".repeat(3000)}","a":1}`, '{"a":1,"a":2}'],
];

const SEEDS = new Map<string, WireRequest[]>();
CASES.forEach((it, index) => {
  const list = SEEDS.get(it.gate) ?? [];
  SEEDS.set(it.gate, list);
  list.push(wireOf(it, `case-${index}`));
});

const GETS: string[] = Array(8).fill("GET");

type Fields = [string, string][];

/** A request to a gate of that name, whose sessions have these cookies. */
export function randomRequest(dice: Dice, gate: string, sessions: readonly string[]): WireRequest {
  const seeds = SEEDS.get(gate) ?? [];
  const [other] = dice.chance(12) ? [dice.pick(Object.keys(GATES))] : [gate];
  const list = SEEDS.get(other) ?? seeds;
  if (list.length > 0 && dice.chance(4)) return dice.pick(list);
  return composed(dice, seeds, sessions);
}

function composed(
  dice: Dice,
  seeds: readonly WireRequest[],
  sessions: readonly string[],
): WireRequest {
  const headers: Fields = [];
  let target = targetOf(dice, seeds);
  switch (dice.below(8)) {
    case 0:
    case 1:
    case 2:
      return plain(dice, target, headers, sessions);
    case 3:
      return socket(dice, target, headers);
    case 4:
      return withBody(dice, target, headers);
  }
  if (!dice.chance(8)) headers.push(["Host", dice.pick(HOSTS)]);
  const query = queryOf(dice);
  if (query !== "") target += `${target.includes("?") ? "&" : "?"}${query}`;
  addCredentials(dice, headers, sessions);
  addBrowser(dice, headers);
  addOthers(dice, headers);
  const usual = dice.pick([...GETS, "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get"]);
  const method = dice.chance(80) ? "M".repeat(dice.pick([9, 2_048, 2_049, 8_000, 9_000])) : usual;
  const wire: WireRequest = { method, target, headers: dice.shuffled(headers) };
  if (dice.chance(4) && method !== "GET") addBody(dice, wire, headers);
  if (dice.chance(4)) wire.remote = dice.pick(["10.0.0.9:1", "[2001:db8::5]:2", "192.0.2.7:4711"]);
  if (dice.chance(5)) wire.entryPoint = RAW;
  return wire;
}

/** A credential, and little else that could be refused. */
function plain(
  dice: Dice,
  target: string,
  headers: Fields,
  sessions: readonly string[],
): WireRequest {
  const isSession = dice.chance(2);
  headers.push(["Host", dice.pick(isSession ? HOSTS.slice(0, 4) : HOSTS)]);
  if (isSession) {
    headers.push(["Cookie", sessionOf(dice, sessions).join("; ")]);
    if (dice.chance(3)) headers.push(["Authorization", 'MediaBrowser Token="own"']);
    else if (dice.chance(8)) headers.push(["Authorization", `Bearer ${tokenOf(dice)}`]);
  } else if (!dice.chance(5)) {
    const name = dice.chance(8) ? "X-Access-Token" : "Authorization";
    if (dice.chance(8)) headers.push(["Cookie", `session=${tokenOf(dice)}`]);
    else if (dice.chance(6))
      target += `${target.includes("?") ? "&" : "?"}access_token=${tokenOf(dice)}`;
    else headers.push([name, `Bearer ${dice.chance(5) ? keyOf(dice) : tokenOf(dice, sessions)}`]);
  }
  if (dice.chance(2)) {
    headers.push(["Sec-Fetch-Mode", "navigate"], ["Sec-Fetch-Dest", "document"]);
    headers.push(["Sec-Fetch-Site", "none"], ["Accept", "text/html,*/*;q=0.8"]);
    headers.push(["Accept-Language", dice.pick(LANGUAGES)]);
  }
  return { target, headers };
}

/** A WebSocket, with the token among its protocols or elsewhere. */
function socket(dice: Dice, target: string, headers: Fields): WireRequest {
  headers.push(["Host", dice.pick(HOSTS)], ["Connection", "Upgrade"], ["Upgrade", "websocket"]);
  const protocols = ["bearer", tokenOf(dice), ...(dice.chance(3) ? ["chat"] : [])];
  if (dice.chance(4)) headers.push(["Authorization", `Bearer ${tokenOf(dice)}`]);
  else headers.push(["Sec-WebSocket-Protocol", protocols.join(", ")]);
  return { target, headers };
}

function withBody(dice: Dice, target: string, headers: Fields): WireRequest {
  headers.push(["Host", dice.pick(HOSTS)]);
  if (!dice.chance(5)) headers.push(["Authorization", `Bearer ${tokenOf(dice)}`]);
  const path = dice.chance(2)
    ? dice.pick(["/closed", "/blocks/filter", "/sides", "/kind/x"])
    : target;
  const wire: WireRequest = { method: dice.pick(["POST", "POST", "PUT"]), target: path, headers };
  addBody(dice, wire, headers);
  return wire;
}

function targetOf(dice: Dice, seeds: readonly WireRequest[]): string {
  if (seeds.length > 0 && !dice.chance(3)) return dice.pick(seeds).target;
  if (dice.chance(60)) return `/${"long/".repeat(2_000)}`;
  const path = `/${dice.times(dice.between(1, 4), () => dice.pick(SEGMENTS)).join("/")}`;
  return dice.chance(20) ? `${path}/` : path.replaceAll(" ", dice.chance(2) ? "%20" : "+");
}

function queryOf(dice: Dice): string {
  const pairs: string[] = [];
  if (dice.chance(6)) {
    const name = dice.pick(["access_token", "t", "access_tok%65n", "T"]);
    pairs.push(`${name}=${tokenOf(dice)}`);
  }
  if (dice.chance(5)) {
    pairs.push(
      dice.pick(["a%20b=1", "q", "q=", "secrets=false", "secrets=1", "Secrets[]=0", "%zz"]),
    );
  }
  if (dice.chance(6)) pairs.push(`x=${dice.pick(["1", "false", "private text", "ü"])}`);
  return dice.shuffled(pairs).join("&").replaceAll(" ", "+");
}

function addCredentials(dice: Dice, headers: Fields, sessions: readonly string[]): void {
  const cookies: string[] = [];
  for (let count = dice.pick([0, 1, 1, 1, 1, 2]); count > 0; count--) {
    switch (dice.below(9)) {
      case 0:
      case 1:
      case 2:
        headers.push([
          "Authorization",
          dice.pick(["Bearer ", "bearer ", "Bearer  "]) + tokenOf(dice),
        ]);
        break;
      case 3:
        headers.push([
          "Authorization",
          `${dice.pick(["Bearer", "DPoP", "MediaBrowser"])} ${keyOf(dice)}`,
        ]);
        break;
      case 4: {
        const pair = `${dice.pick(["", "ci", "odd", "nightly", "alice"])}:${keyOf(dice)}`;
        headers.push(["Authorization", `Basic ${Buffer.from(pair).toString("base64")}`]);
        break;
      }
      case 5:
        headers.push(["X-Access-Token", tokenOf(dice)]);
        break;
      case 6:
        cookies.push(`session=${tokenOf(dice)}`);
        break;
      default:
        cookies.push(...sessionOf(dice, sessions, dice.chance(12) ? "shared" : ""));
    }
  }
  if (dice.chance(6))
    cookies.push(dice.pick(["theme=dark", "a=b", "=", "__Host-rolegate-later=1"]));
  const lines = dice.chance(10) ? cookies : [dice.shuffled(cookies).join("; ")];
  for (const line of lines) if (line !== "") headers.push(["Cookie", line]);
}

function addBrowser(dice: Dice, headers: Fields): void {
  if (dice.chance(3)) {
    headers.push(["Sec-Fetch-Mode", dice.pick(["navigate", "navigate", "cors", "no-cors"])]);
    headers.push(["Sec-Fetch-Dest", dice.pick(["document", "document", "empty", "iframe"])]);
    headers.push(["Sec-Fetch-Site", dice.pick(["none", "same-origin", "cross-site", "same-site"])]);
  } else if (dice.chance(8)) headers.push(["Sec-Fetch-Site", "same-origin"]);
  if (dice.chance(3)) headers.push(["Accept", dice.pick(["text/html", "*/*", "application/json"])]);
  if (dice.chance(3)) headers.push(["Accept-Language", dice.pick(LANGUAGES)]);
  if (dice.chance(5)) headers.push(["Origin", dice.pick(ORIGINS)]);
  if (dice.chance(6)) headers.push(["User-Agent", dice.pick(["Mozilla/5.0", "curl/8", "git/2"])]);
  if (dice.chance(20)) headers.push(["Sec-Purpose", "prefetch"]);
  if (dice.chance(20)) headers.push(["Service-Worker", "script"]);
  if (dice.chance(10))
    headers.push(["Access-Control-Request-Method", dice.pick(["PUT", "GET", "x y"])]);
}

function addOthers(dice: Dice, headers: Fields): void {
  if (dice.chance(3))
    headers.push(["X-Request-Id", dice.pick(["a", "b-2", 'c"', "d".repeat(130)])]);
  if (dice.chance(8)) headers.push(["X-Mode", dice.pick(["fast", "slow"])]);
  if (dice.chance(8)) {
    const name = dice.pick(["X-Forwarded-User", "X_Forwarded_User", "X-Roles", "x.user", "X-Key"]);
    headers.push([name, "mallory"]);
  }
  if (dice.chance(8)) {
    headers.push(["Connection", "Upgrade"]);
    headers.push(["Upgrade", dice.pick(["websocket", "websocket", "tcp", "SPDY/3.1", "h2c, tcp"])]);
    const offered = dice.pick(["chat", `bearer, ${tokenOf(dice)}`, `v1, bearer, ${tokenOf(dice)}`]);
    if (dice.chance(2)) headers.push(["Sec-WebSocket-Protocol", offered]);
  } else if (dice.chance(20)) {
    headers.push(["Connection", dice.pick(["close, X-Forwarded-User", "keep-alive", "X-Roles"])]);
  }
  if (dice.chance(12)) headers.push([`X-Odd-${dice.below(30)}`, "1"]);
  if (dice.chance(60)) for (let i = 0; i < 120; i++) headers.push([`X-Many-${i}-abcdefghij`, "1"]);
  if (dice.chance(60)) headers.push([dice.pick(["X-Mode", "Cookie", "Origin"]), "v".repeat(9_000)]);
  if (dice.chance(120)) headers.push(["Authorization", `Bearer ${"w".repeat(70_000)}`]);
  if (dice.chance(25)) headers.push(["Content-Type", "application/grpc"]);
}

function addBody(dice: Dice, wire: WireRequest, headers: Fields): void {
  wire.body = dice.pick(BODIES);
  const type = dice.pick([
    "application/json",
    "application/json",
    "text/plain",
    "Application/JSON;x",
  ]);
  if (!dice.chance(8)) headers.push(["Content-Type", type]);
  if (dice.chance(12)) headers.push(["Content-Encoding", dice.pick(["gzip", "identity"])]);
  wire.headers = dice.shuffled(headers);
}
