/**
 * A token that came in the query or among a WebSocket's protocols never reaches the application, however it is spelt,
 * and everything around it does, as it was.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { WireRequest } from "../../src/guest/entrypoint.ts";
import type { Result } from "../../src/guest/guest.ts";
import { type Dice, diceFor } from "../support/dice.ts";
import { loadGate, reasonOf, step } from "../support/gate.ts";
import { bearer, SECRETS } from "./language/random-callers.ts";
import { CLIENTS, ISSUERS } from "./language/vocabulary.ts";

const REQUESTS = 12_000;
const PARAMETERS = ["access_token", "t", "auth-token"];
const CLAIMS = { preferred_username: "alice", roles: ["viewer"] };
const GOOD = bearer(CLAIMS).slice("Bearer ".length);
const OTHER = bearer({ preferred_username: "bob", roles: ["viewer"] }).slice("Bearer ".length);
const BAD = `${GOOD.slice(0, -3)}AAA`;
const MARK = "kept";

interface Setting {
  parameter: string;
  protocols: boolean;
  reportOnly: boolean;
}

const SETTINGS: Setting[] = PARAMETERS.flatMap((parameter) =>
  [false, true].flatMap((protocols) =>
    [false, true].map((reportOnly) => ({ parameter, protocols, reportOnly })),
  ),
);

const configOf = ({ parameter, protocols, reportOnly }: Setting) => ({
  issuer: ISSUERS[0],
  clientId: CLIENTS[0],
  signingSecret: SECRETS[0],
  token: { query: parameter, webSocketProtocol: protocols },
  forwardHeaders: { "X-User": "preferred_username" },
  reportOnly,
  logLevel: "debug",
  rules: [
    { match: "PathPrefix(`/public`)", allow: "public" },
    { match: "PathPrefix(`/api`)", allow: "Role(`viewer`)" },
  ],
});

/** Any spelling that a form decoder makes the same text of. */
const spelt = (dice: Dice, text: string) =>
  text.replace(/[^]/g, (it) => {
    if (!dice.chance(4)) return it;
    const hex = it.charCodeAt(0).toString(16).padStart(2, "0");
    return `%${dice.chance(2) ? hex.toUpperCase() : hex}`;
  });

function queryOf(dice: Dice, { parameter }: Setting, tokens: string[]): string {
  const pairs = tokens.map((token) => `${spelt(dice, parameter)}=${spelt(dice, token)}`);
  for (let count = dice.below(4); count > 0; count--) {
    const near = [parameter + "s", parameter.toUpperCase() + "_", `x${parameter}`, "a", "%zz"];
    const value = dice.pick([MARK, "", "%20", "a%26b", "a+b", "%", "%C3%A9", `${parameter}=1`]);
    pairs.push(dice.pick([`${dice.pick(near)}=${value}`, dice.pick(near), ""]));
  }
  if (dice.chance(8)) pairs.push(dice.pick([parameter, `${spelt(dice, parameter)}=`]));
  return dice.shuffled(pairs).join(dice.pick(["&", "&", ";", "&&"]));
}

function protocolsOf(dice: Dice, tokens: string[]): string[] {
  const offered: string[][] = tokens.map((token) => [
    dice.pick(["bearer", "bearer", "Bearer", "BEARER"]),
    token,
  ]);
  for (let count = dice.below(3); count > 0; count--) {
    offered.push([dice.pick(["chat", "v1.prefect", `${MARK}.x`, "bearer2", "xbearer"])]);
  }
  const list = dice.shuffled(offered).flat();
  // In one header or in several, with any white space around.
  const lines: string[][] = [[]];
  for (const protocol of list) {
    if (dice.chance(4) && lines.at(-1)!.length > 0) lines.push([]);
    lines.at(-1)!.push(dice.pick(["", "", " ", "\t"]) + protocol + dice.pick(["", "", " "]));
  }
  return lines.map((line) => line.join(dice.pick([",", ", ", ",,", " , "])));
}

/** Where each token is put. */
function attempt(dice: Dice, setting: Setting) {
  const pick = (most: number) =>
    dice.times(dice.below(most + 1), () => dice.pick([GOOD, GOOD, GOOD, OTHER, BAD]));
  const inQuery = pick(2);
  const inProtocols = setting.protocols ? pick(2) : [];
  const inHeader = dice.chance(4) ? pick(1) : [];
  const isUpgrade = setting.protocols && dice.chance(2);
  const headers: [string, string][] = inHeader.map((it) => ["Authorization", `Bearer ${it}`]);
  if (isUpgrade) headers.push(["Connection", "Upgrade"], ["Upgrade", "websocket"]);
  const lines = protocolsOf(dice, inProtocols);
  for (const line of lines) {
    headers.push([dice.pick(["Sec-WebSocket-Protocol", "sec-websocket-protocol"]), line]);
  }
  const query = queryOf(dice, setting, inQuery);
  const path = dice.pick(["/api/a", "/api/a", "/public/a", "/shut"]);
  const wire: WireRequest = { target: query ? `${path}?${query}` : path, headers };
  const counted = [...inHeader, ...inQuery, ...(isUpgrade ? inProtocols : [])];
  return { wire, query, lines, counted, hasProtocolToken: inProtocols.length > 0 };
}

const elements = (lines: string[]) =>
  lines.flatMap((line) => line.split(",").map((it) => it.trim())).filter((it) => it !== "");

/** What an application makes of a query. Go and Traefik have made `&` of `;` by then. */
const pairsOf = (query: string) =>
  [...new URLSearchParams(query.replaceAll(";", "&"))].map((pair) => pair.join("="));

function check(result: Result, setting: Setting, made: ReturnType<typeof attempt>): void {
  const { forwarded, response } = result;
  const { target, headers } = forwarded!;
  const text = JSON.stringify([
    decodeURIComponent(target.replace(/%(?![0-9a-f]{2})/gi, "%25")),
    [...headers.entries()],
  ]);
  for (const token of [GOOD, OTHER, BAD]) assert.ok(!text.includes(token), "a token went on");
  const at = target.indexOf("?");
  const name = `${setting.parameter}=`;
  assert.deepEqual(
    at < 0 ? [] : pairsOf(target.slice(at + 1)),
    pairsOf(made.query).filter((pair) => !pair.startsWith(name)),
  );
  const offered = elements(made.lines);
  const rest = offered.filter((it, i) => !isBearer(it) && !(i > 0 && isBearer(offered[i - 1]!)));
  const values = headers.entries().filter(([it]) => /^sec-websocket-protocol$/i.test(it));
  const kept = elements(values.map(([, value]) => value));
  assert.deepEqual(kept, made.hasProtocolToken ? rest : offered);
  // A browser fails a handshake in which none of its protocols is taken.
  const taken = made.hasProtocolToken && rest.length === 0 ? "bearer" : undefined;
  assert.equal(response.headers.get("Sec-WebSocket-Protocol"), taken);
}

const isBearer = (protocol: string) => protocol.toLowerCase() === "bearer";

test(`${REQUESTS} requests with tokens in the query and among protocols: none goes on, the rest does`, async () => {
  const dice = diceFor("tokens removed");
  const guests = await Promise.all(SETTINGS.map((it) => loadGate(configOf(it))));
  for (const guest of guests) assert.equal(guest.check().errors, 0);
  const seen = { alice: 0, nobody: 0, reported: 0, ambiguous: 0, refused: 0, bearerTaken: 0 };
  for (let count = 0; count < REQUESTS; count++) {
    const number = dice.below(SETTINGS.length);
    const setting = SETTINGS[number]!;
    const made = attempt(dice, setting);
    const result = await guests[number]!.handle(made.wire);
    if (!result.reached) continue;
    try {
      assert.equal(result.trap, null);
      const different = new Set(made.counted).size > 1;
      const reason = reasonOf(result);
      const isAmbiguous = reason === "credential_repeated" || reason === "credentials_conflict";
      assert.equal(isAmbiguous, different, `refused as ambiguous: ${isAmbiguous}`);
      if (isAmbiguous) seen.ambiguous++;
      if (!result.forwarded) {
        seen.refused++;
        continue;
      }
      check(result, setting, made);
      const isReported = step(result, "decision")?.decision === "report";
      const isKnown = made.counted.length > 0 && made.counted[0] !== BAD && !isReported;
      const user = made.counted[0] === OTHER ? "bob" : "alice";
      assert.equal(result.forwarded.headers.get("X-User"), isKnown ? user : undefined);
      if (isReported) seen.reported++;
      else seen[isKnown ? "alice" : "nobody"]++;
      if (result.response.headers.get("Sec-WebSocket-Protocol")) seen.bearerTaken++;
    } catch (error) {
      console.error(`seed ${dice.seed}, request ${count}`, JSON.stringify({ setting, ...made }));
      throw error;
    }
  }
  assert.ok(Math.min(...Object.values(seen)) > 150, JSON.stringify(seen));
});
