/** Targets whose input is a request: its path and query, its header fields, its cookies, its body. */
import type { WireRequest } from "../../src/guest/entrypoint.ts";
import { pairs } from "../../src/guest/header.ts";
import { RAW, wireOf } from "../cases/case.ts";
import { ENVIRONMENT, GATES } from "../cases/gates.ts";
import { CASES } from "../cases/table.ts";
import type { Dice } from "../support/dice.ts";
import type { AnyGuest } from "../support/gate.ts";
import { mutate } from "../support/mutate.ts";
import { token } from "../support/tokens.ts";
import { faultOf } from "./answers.ts";
import { load } from "./host.ts";
import { cookies, path, query } from "./garbage.ts";
import { asPairs, type Input, type Session, type Target } from "./target.ts";

/** Of 64 KiB, with bodies of a few hundred bytes and header fields up to the limits. */
const PAGES = 4;

const alice = await token();
const AUTHORIZATION: [string, string] = ["Authorization", `Bearer ${alice}`];
/** Real requests, for mutations; by gate, because what they ask is what its rules are about. */
const SEEDS = CASES.map((it, index) => ({ gate: it.gate, wire: wireOf(it, `fuzz-${index}`) }));

/** Asks every request for all that a request can have. */
const CURIOUS = {
  ...GATES.cookie,
  token: { cookie: "session", query: "access_token", webSocketProtocol: true },
  cors: { allowedOrigins: ["https://ui.example.com"] },
  rules: [
    { match: "Query(`x`, `false`) && PathPrefix(`/`)", allow: "authenticated" },
    { match: "!QueryOnly(`include_secrets`, `false`, `0`)", allow: "authenticated" },
    {
      match: "Header(`Accept`, `*`) || WebSocket() || Upgrade(`tcp`) || Host(`*.example.com`)",
      allow: "deny",
    },
    { match: "ClientIP(`10.0.0.0/8`, `2001:db8::/32`)", allow: "deny" },
    { match: "Path(`/{a}/**/{b}`, `/**/x*`)", allow: "Equals(`sub`, `{b}`)" },
    { match: "PathPrefix(`/`)", allow: "authenticated" },
  ],
};
const CONFIGURATIONS = { ...GATES, curious: CURIOUS };
type Name = keyof typeof CONFIGURATIONS;

/** A guest under one of the gates; every refusal is logged, sometimes with all that led to it. */
async function guestOf(dice: Dice, names: readonly Name[]): Promise<[Name, AnyGuest]> {
  const name = dice.pick(names);
  const logLevel = dice.chance(4) ? "debug" : "info";
  const audit = dice.chance(2) ? "denied" : "all";
  return [name, await load({ ...CONFIGURATIONS[name], logLevel, audit }, { env: ENVIRONMENT })];
}

function sessionOf(
  guest: AnyGuest,
  make: (dice: Dice) => Input,
  wire: (input: Input) => WireRequest,
): Session {
  return {
    make,
    attempt: async (input) => faultOf(await guest.handle(wire(input)), PAGES),
  };
}

const RULED: readonly Name[] = [
  ...(["main", "cookie", "unmapped", "forwarding", "query", "socket", "upstream"] as const),
  ...(["report", "cors", "language", "curious", "curious"] as const),
];

export const URIS: Target = {
  name: "uris",
  share: 230,
  batch: 2_000,
  async open(dice) {
    const [gate, guest] = await guestOf(dice, RULED);
    const own = SEEDS.filter((it) => it.gate === gate);
    const targets = (own.length > 0 ? own : SEEDS).map(({ wire }) => wire.target);
    const make = (dice: Dice) => {
      const target = dice.chance(2) ? mutate(dice, dice.pick(targets)) : path(dice) + query(dice);
      const method = dice.pick(["GET", "GET", "POST", "HEAD", "get", mutate(dice, "GET")]);
      return [method, target, dice.chance(2) ? "raw" : ""];
    };
    return sessionOf(guest, make, (input) => ({
      method: String(input[0] ?? "GET"),
      target: String(input[1] ?? "/"),
      headers: [AUTHORIZATION],
      ...(input[2] === "raw" ? { entryPoint: RAW } : {}),
    }));
  },
};

const FIELDS = [
  ...[
    "Authorization",
    "Host",
    "Connection",
    "Upgrade",
    "Cookie",
    "Origin",
    "Sec-Fetch-Site",
    "Accept",
  ],
  ...[
    "Content-Type",
    "X-Request-Id",
    "X-Forwarded-User",
    "X_Forwarded_User",
    "X-Forwarded-For",
    "Te",
  ],
  ...[
    "Sec-WebSocket-Protocol",
    "Access-Control-Request-Method",
    "Content-Encoding",
    "Transfer-Encoding",
  ],
];
const VALUES = [
  ...[
    "",
    "Bearer",
    "Bearer ",
    `Bearer ${alice}`,
    `bearer  ${alice}`,
    "Basic eDp5",
    "Basic !!!",
    "DPoP x",
  ],
  ...[
    "upgrade",
    "close, X-Forwarded-User",
    "websocket",
    "null",
    "https://app.example.com",
    "cross-site",
  ],
  ...[
    "same-origin",
    "application/grpc",
    "bearer, x",
    "example.com",
    "example.com:x",
    "[::1",
    "[::1]:80",
  ],
  ...["\u00ff", "a,b,,c", '"', "\t", "%00", "a".repeat(9_000), "gzip", "chunked", "__proto__"],
];

export const HEADERS: Target = {
  name: "headers",
  share: 230,
  batch: 2_000,
  async open(dice) {
    const [gate, guest] = await guestOf(dice, [...RULED, "header", "issuers", "open"]);
    const seeds = SEEDS.filter((it) => it.gate === gate).map(({ wire }) =>
      pairs(wire.headers ?? []),
    );
    const make = (dice: Dice): Input => {
      if (dice.chance(2) && seeds.length > 0) {
        return dice
          .pick(seeds)
          .map(([name, value]) => [
            dice.chance(4) ? mutate(dice, name) : name,
            dice.chance(2) ? mutate(dice, value) : value,
          ]);
      }
      return dice.times(dice.below(7), () => [
        dice.chance(6) ? mutate(dice, dice.pick(FIELDS)) : dice.pick(FIELDS),
        dice.chance(3) ? mutate(dice, dice.pick(VALUES)) : dice.pick(VALUES),
      ]);
    };
    return sessionOf(guest, make, (input) => ({ target: "/api/runs", headers: asPairs(input) }));
  },
};

export const COOKIES: Target = {
  name: "cookies",
  share: 130,
  batch: 2_000,
  async open(dice) {
    const [, guest] = await guestOf(dice, ["cookie"]);
    const own = [alice, `session=${alice}`, `session="${alice}"`];
    const make = (dice: Dice): Input =>
      dice.times(dice.between(1, 2), () =>
        dice.chance(2) ? cookies(dice, own) : mutate(dice, `a=b; session=${alice}; c=d`),
      );
    return sessionOf(guest, make, (input) => ({
      method: "POST",
      target: "/me",
      headers: [
        ["Host", "app.example.com"],
        ["Origin", "https://app.example.com"],
        ...(input as Input[]).map((value): [string, string] => ["Cookie", String(value)]),
      ],
    }));
  },
};
