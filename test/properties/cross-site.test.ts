/**
 * Every combination of credential, method, `Origin`, `Sec-Fetch-Site` and `Sec-Fetch-Mode`, against an oracle that is
 * written from the text of the policy: who may act for a browser's user, and which other site's page may not.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { GATES, KEYS, SESSION_SECRETS } from "../cases/gates.ts";
import { bakedSession, COOKIE, placeOf, sealSession } from "../support/baked-session.ts";
import { loadGate } from "../support/gate.ts";
import { token } from "../support/tokens.ts";

const OURS = ["https://app.example.com", "https://b.example.com"];
const ALLOWED = "https://ui.example.com";
const CONFIG = {
  ...GATES["session-keys"],
  stateDir: undefined,
  session: { secrets: [SESSION_SECRETS[0]!.toString("hex")] },
  token: { cookie: "jwt" },
  logLevel: "info",
};

const CREDENTIALS = ["session", "token cookie", "basic", "bearer", "api key"] as const;
type Credential = (typeof CREDENTIALS)[number];
const METHODS = [
  ...["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"],
  ...["GETS", "GEM", "SET", "HEADS"],
  ...["GET websocket", "GET h2c", "POST websocket"],
];
const ORIGINS = [
  ...[undefined, ...OURS, ALLOWED, "null", "https://evil.example", "https://app.example.com."],
  ...["https://app.example.com:8443", "http://app.example.com", "https://APP.example.com"],
];
const SITES = [undefined, "same-origin", "same-site", "cross-site", "none"];
const MODES = [undefined, "navigate", "cors", "no-cors", "websocket"];

interface Combination {
  credential: Credential;
  method: string;
  origin: string | undefined;
  site: string | undefined;
  mode: string | undefined;
}

/** The text of docs/policy.md, sentence by sentence. */
function expected({ credential, method, origin, site, mode }: Combination): string {
  // What a page cannot make a browser send needs no defence.
  if (credential === "bearer" || credential === "api key") return "none";
  const ours = origin !== undefined && OURS.includes(origin);
  if (credential === "basic") {
    // Keys are for programs: what says that it is a browser is refused, and an `Origin` that is not ours does.
    if (site !== undefined || mode !== undefined) return "basic_from_browser";
    return origin === undefined || ours ? "none" : "basic_from_browser";
  }
  const [verb, upgrade] = method.split(" ");
  const isSafe = ["GET", "HEAD", "OPTIONS"].includes(verb!);
  const isNull = origin === "null";
  if (!isSafe || upgrade) {
    if (origin !== undefined && !isNull) return ours ? "none" : "cross_site";
    return site === "same-origin" ? "none" : "cross_site";
  }
  // How a page of our own asked is not looked at: what says so and has a foreign Origin is no browser's.
  if (mode === "navigate" && site !== "same-origin") return "none";
  if (isNull) return site === "same-origin" ? "none" : "cross_site";
  if (origin !== undefined) return ours || origin === ALLOWED ? "none" : "cross_site";
  return site === "cross-site" || site === "same-site" ? "cross_site" : "none";
}

const COMBINATIONS = CREDENTIALS.flatMap((credential) =>
  METHODS.flatMap((method) =>
    ORIGINS.flatMap((origin) =>
      SITES.flatMap((site) => MODES.map((mode) => ({ credential, method, origin, site, mode }))),
    ),
  ),
);

let guest: Guest;
let headersOf: Record<Credential, Record<string, string>>;

before(async () => {
  guest = await loadGate(CONFIG);
  const place = placeOf(SESSION_SECRETS[0]!, OURS[0]!);
  const session = sealSession(place, await bakedSession(CONFIG, {}, place));
  const bearer = await token();
  const basic = Buffer.from(`ci:${KEYS.ci}`).toString("base64");
  headersOf = {
    session: { Cookie: `${COOKIE}=${session}` },
    "token cookie": { Cookie: `jwt=${bearer}` },
    basic: { Authorization: `Basic ${basic}` },
    bearer: { Authorization: `Bearer ${bearer}` },
    "api key": { Authorization: `Bearer ${KEYS.ci}` },
  };
});

async function decided({ credential, method, origin, site, mode }: Combination): Promise<unknown> {
  const [verb, upgrade] = method.split(" ");
  const sent = {
    ...{ Host: "app.example.com", Upgrade: upgrade, Origin: origin },
    ...{ "Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode },
    ...headersOf[credential],
  };
  const headers = Object.entries(sent).filter((it): it is [string, string] => it[1] !== undefined);
  const result = await guest.handle({ method: verb!, target: "/me", headers });
  const reason = result.logs.find(({ data }) => data?.rolegate === "audit")?.data?.reason;
  assert.equal(result.forwarded !== null, reason === "none", "what is refused is not forwarded");
  return reason;
}

describe("another site's page", () => {
  for (const credential of CREDENTIALS) {
    const own = COMBINATIONS.filter((it) => it.credential === credential);
    test(`${credential}: ${own.length} combinations`, async () => {
      for (const it of own) assert.equal(await decided(it), expected(it), JSON.stringify(it));
    });
  }

  test("the oracle has both answers for each that a browser adds by itself", () => {
    for (const credential of ["session", "token cookie", "basic"]) {
      const own = COMBINATIONS.filter((it) => it.credential === credential).map(expected);
      assert.equal(new Set(own).size, 2, credential);
    }
  });
});
