/**
 * The application and Traefik's router see no host of a rule where the rule does not: whatever stands in Host, the
 * names that Go, Python and Node read in it are the name that rules see, or the request was refused.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { diceFor } from "../support/dice.ts";
import { loadGate } from "../support/gate.ts";
import { randomHost } from "./host/hosts.ts";
import { goReaders, nodeReaders, pythonReaders, type Readers } from "./host/readers.ts";
import { SECRETS } from "./language/random-callers.ts";
import { CLIENTS, ISSUERS } from "./language/vocabulary.ts";

const HOSTS = 100_000;

const PROTECTED = ["admin.example.com", "10.1.2.3", "[2001:db8::1]", "*.tenant.example.com"];
/** For those who know no `*`; in their spelling. */
const PLAIN = ["admin.example.com", "10.1.2.3", "a.tenant.example.com"];

/** It knows no brackets. */
const PLAINEST = "split at the colon";

/** Position of the protected host that a reader sees, or -1. */
function protectedBy(reading: string): number {
  const name = reading.toLowerCase().replace(/\.$/, "");
  if (name.includes(":")) return PROTECTED.indexOf(canonical(name.replace(/^\[|\]$/g, "")));
  const below = name.replace(/^[^.]+/, "*");
  return PROTECTED.findIndex((it) => it === name || it === below);
}

function canonical(address: string): string {
  try {
    return new URL(`http://[${address}]`).hostname;
  } catch {
    return "";
  }
}

describe("hosts", () => {
  /** In mode auth: there every byte that a header may have reaches the guest. Each host's rule has a path of its own. */
  let guest: Guest;
  let hosts: string[];
  /** By host: what the guest has said about the path of each rule. */
  const said = new Map<string, number>();

  before(async () => {
    guest = await loadGate({
      issuer: ISSUERS[0],
      clientId: CLIENTS[0],
      signingSecret: SECRETS[0],
      mode: "auth",
      forwardAuth: {
        trusted: "127.0.0.1",
        uriHeader: "X-Uri",
        methodHeader: "X-Method",
        hostHeader: "X-Host",
      },
      audit: "off",
      rules: PROTECTED.map((host, index) => ({
        match: `Host(\`${host}\`) && Path(\`/${index}\`)`,
        allow: "public",
      })),
    });
    const dice = diceFor("hosts");
    const distinct = new Set<string>();
    while (distinct.size < HOSTS) {
      // White space around a header's value is none of it, RFC 9110 §5.5.
      const host = randomHost(dice).replace(/^[ \t]+|[ \t]+$/g, "");
      if (host !== "") distinct.add(host);
    }
    hosts = [...distinct];
  });

  /** 200: the rule's host; 401: another; 403 and 400: refused. */
  async function ask(host: string, index: number): Promise<number> {
    const key = `${index}${host}`;
    const known = said.get(key);
    if (known) return known;
    const headers = { "X-Uri": `/${index}`, "X-Method": "GET", "X-Host": host };
    const { response, trap } = await guest.handle({ target: "/", headers });
    assert.equal(trap, null, host);
    said.set(key, response.status);
    return response.status;
  }

  async function compare(readers: Readers): Promise<string> {
    const seen = { protected: 0, ours: 0, refused: 0, others: 0 };
    const readings = await readers(hosts);
    for (const [number, host] of hosts.entries()) {
      for (const [reader, reading] of Object.entries(readings[number]!)) {
        const index = protectedBy(reading);
        const status = await ask(host, Math.max(index, 0));
        const what = `Host ${JSON.stringify(host)}: ${reader} sees ${reading}; the guest says ${status}`;
        assert.ok([200, 400, 401, 403].includes(status), what);
        if (status === 400 || status === 403) seen.refused++;
        if (index >= 0) {
          seen.protected++;
          if (status === 200) seen.ours++;
          assert.notEqual(status, 401, what);
        } else if (reading !== "") {
          seen.others++;
          // The other way round: a rule for a host opens nothing to another one.
          if (reader !== PLAINEST) assert.notEqual(status, 200, what);
        }
      }
    }
    assert.ok(seen.ours > HOSTS / 25, JSON.stringify(seen));
    assert.ok(seen.protected > seen.ours, JSON.stringify(seen));
    assert.ok(seen.others > HOSTS / 25, JSON.stringify(seen));
    return JSON.stringify(seen);
  }

  test(`${HOSTS} hosts, as Go sees them`, async (t) => {
    t.diagnostic(await compare(await goReaders(PLAIN)));
  });

  test(`${HOSTS} hosts, as Starlette and other Python see them`, async (t) => {
    t.diagnostic(await compare(await pythonReaders([...PLAIN, PROTECTED[2]!])));
  });

  test(`${HOSTS} hosts, as Node sees them`, async (t) => {
    t.diagnostic(await compare(nodeReaders));
  });
});
