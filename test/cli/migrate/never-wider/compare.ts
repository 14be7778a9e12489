/** Random configurations of a tool, what its documentation says of random requests, and what the migrated block does. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withThrowAwayKey } from "../../../../src/cli/middleware/caller.ts";
import { migrate } from "../../../../src/cli/migrate/read.ts";
import type { Draft } from "../../../../src/cli/migrate/draft.ts";
import { SourceFile } from "../../../../src/cli/source/file.ts";
import type { Guest } from "../../../../src/guest/guest.ts";
import { loadGuest } from "../../../../src/guest/load.ts";
import { type Dice, diceFor } from "../../../support/dice.ts";
import { pluginWasm } from "../../../support/gate.ts";

export type Claims = Record<string, unknown>;

export interface Request {
  method: string;
  host: string;
  path: string;
  /** With its question mark, or empty. */
  query: string;
  headers: Record<string, string>;
}

/** What a tool lets through to the application; null stands for nobody. */
export type Model = (request: Request, claims: Claims | null) => boolean;

export interface Drawn {
  name: string;
  text: string;
  admits: Model;
  /** Hosts and paths that its rules are about. */
  hosts: readonly string[];
  paths: readonly string[];
  claims: (dice: Dice) => Claims;
}

export type Draw = (dice: Dice) => Drawn;

export interface Tally {
  cases: number;
  /** The tool let them through, and the block does. */
  tool: number;
  block: number;
  /** Blocks that the plugin takes for wrong, so that nothing comes through. */
  wrong: string[];
  wider: string[];
}

/** Few of one configuration: mistakes are in configurations. */
const REQUESTS = 8;
const CALLERS = 3;
const NOW = 1_790_000_000;

/** `change`: of the block, to see that what is wider is found. */
export async function compare(
  name: string,
  draw: Draw,
  atLeast: number,
  change: (draft: Draft, dice: Dice) => void = () => {},
): Promise<Tally> {
  const dice = diceFor(`migrate ${name}`);
  const tally: Tally = { cases: 0, tool: 0, block: 0, wrong: [], wider: [] };
  const state = mkdtempSync(join(tmpdir(), "rolegate-migrate-"));
  writeFileSync(join(state, "session-secret"), dice.bytes(48).toString("base64url"));
  try {
    while (tally.cases < atLeast && tally.wider.length < 3) {
      await one(draw(dice), dice, state, tally, change);
    }
  } finally {
    rmSync(state, { recursive: true });
  }
  return tally;
}

async function one(
  drawn: Drawn,
  dice: Dice,
  state: string,
  tally: Tally,
  change: (draft: Draft, dice: Dice) => void,
): Promise<void> {
  const [draft] = migrate(new SourceFile(drawn.name, drawn.text));
  change(draft!, dice);
  const block = filled(draft!.whole());
  const issued = await withThrowAwayKey(block, undefined, NOW * 1000);
  const guest = await loadGuest({
    wasm: pluginWasm,
    config: issued.block,
    mounts: [`${state}:/state:ro`],
    env: {
      CLIENT_SECRET: "fm3bY0Gk4yT8sQ1nW7cZ5rV2",
      HS_SECRET: "kq9Xw2Jt7Lp4Vb1Nz8Rc5Hs3Md6Fg0Yq",
    },
    now: () => NOW * 1000,
  });
  const { errors, logs } = guest.check();
  if (errors > 0) {
    const first = logs.find(({ level }) => level === "error")?.data;
    tally.wrong.push(`${JSON.stringify(first)}\n${drawn.text}`);
  }
  const callers: (Claims | null)[] = [null, ...dice.times(CALLERS, () => drawn.claims(dice))];
  const tokens = await Promise.all(
    callers.map((claims) =>
      claims ? issued.token({ roles: [], claims: topLevel(claims) }) : null,
    ),
  );
  for (let count = 0; count < REQUESTS; count++) {
    const request = randomRequest(dice, drawn);
    for (const [at, claims] of callers.entries()) {
      const tool = drawn.admits(request, claims);
      const block = await comesThrough(guest, request, tokens[at]!);
      tally.cases++;
      if (tool) tally.tool++;
      if (tool && block) tally.block++;
      if (block && !tool) {
        const rules = draft!.finished().map(({ match, allow }) => `${match} => ${allow}`);
        tally.wider.push(
          [drawn.text, JSON.stringify(request), JSON.stringify(claims), ...rules].join("\n"),
        );
        return;
      }
    }
  }
}

/** withThrowAwayKey takes names as paths: dots in names are escaped. */
const topLevel = (claims: Claims): Claims =>
  Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name.replaceAll(".", "\\."), value]),
  );

async function comesThrough(
  guest: Guest,
  request: Request,
  token: string | null,
): Promise<boolean> {
  const { method, host, path, query } = request;
  const headers: [string, string][] = [["Host", host], ...Object.entries(request.headers)];
  if (token !== null) headers.push(["Authorization", `Bearer ${token}`]);
  const target = `${encodeURI(path).replaceAll("#", "%23")}${query}`;
  return (await guest.handle({ method, target, headers })).forwarded !== null;
}

function filled(value: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value).replaceAll(/<([^<>"]+)>/g, "$1")) as Record<
    string,
    unknown
  >;
}

const ENDS = ["", "/", "X", "/a", ".env", "/.git", "/private", "/a.php", "/img/x.png", "/7"];
const METHODS = ["GET", "GET", "HEAD", "POST", "POST", "OPTIONS"];
const QUERIES = ["", "", "", "?x=1", "?a=/b/", "?token=abc", "?y=/api.js"];

function randomRequest(dice: Dice, { hosts, paths }: Drawn): Request {
  const base = dice.pick(["", ...paths]);
  const path = `${base}${dice.chance(2) ? "" : dice.pick(ENDS)}`.replaceAll(/\/{2,}/g, "/");
  return {
    method: dice.pick(METHODS),
    host: dice.pick(hosts),
    path: path.startsWith("/") ? path : `/${path}`,
    query: dice.pick(QUERIES),
    headers: {
      ...(dice.chance(4) ? { "X-Forwarded-For": dice.pick(["10.0.0.9", "192.0.2.7"]) } : {}),
      ...(dice.chance(6) ? { "X-Real-Ip": "172.18.0.2" } : {}),
    },
  };
}

/** What a claim holds, as a list. */
export const valuesOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

export const some = <T>(dice: Dice, list: readonly T[], most: number): T[] => [
  ...new Set(dice.times(dice.below(most + 1), () => dice.pick(list))),
];

export const GROUPS = ["admins", "users", "Domain Admins", "dev", "ops"];

export const people = (dice: Dice): Claims => ({
  ...(dice.chance(5) ? {} : { groups: dice.chance(4) ? dice.pick(GROUPS) : some(dice, GROUPS, 3) }),
  ...(dice.chance(3) ? {} : { roles: some(dice, ["admin", "reader", "admins"], 2) }),
  ...(dice.chance(3)
    ? {}
    : { realm_access: { roles: some(dice, ["admin", "reader", "admins"], 2) } }),
  ...(dice.chance(6)
    ? {}
    : {
        email: dice.pick(["ann@example.com", "bob@evil.example", "eve@example.com@evil.example"]),
      }),
  ...(dice.chance(3) ? {} : { email_verified: !dice.chance(4) }),
  ...(dice.chance(2) ? { amr: some(dice, ["pwd", "mfa", "otp"], 3) } : {}),
  preferred_username: dice.pick(["ann", "bob", "eve"]),
});
