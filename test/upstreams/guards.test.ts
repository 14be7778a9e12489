/**
 * What `BodyOnly` and `QueryOnly` let through, no application reads as anything but an allowed value: every attempt goes
 * to real servers as it is, and once more as the gate passes it on.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { loadGate } from "../support/gate.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";
import { send } from "../support/wire.ts";
import { type Attempt, ATTEMPTS } from "./corpus.ts";
import { type Server, startServers } from "./servers.ts";

const AT_ONCE = 8;
const SERVERS = ["Go", "FastAPI", "Flask", "Express"];

const config = {
  issuer: ISSUER,
  clientId: CLIENT,
  jwks: JSON.stringify(keySet(rsa)),
  rules: [
    {
      match:
        "PathPrefix(`/read`) && QueryOnly(`secrets`, `false`) && QueryOnly(`nested[secrets]`, `false`) && BodyOnly(`secrets`, `false`) && BodyOnly(`nested.secrets`, `false`)",
      allow: "public",
    },
  ],
  default: "deny",
};

interface Row {
  attempt: Attempt;
  /** The gate lets it pass. */
  passes: boolean;
  /** By server: what it reads that is not allowed, with and without the gate. */
  bare: Map<string, unknown[]>;
  gated: Map<string, unknown[]>;
}

let servers: Server[] = [];
const rows: Row[] = [];

/** What is neither false nor a list of nothing else. */
const isMore = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isMore) : value !== false && value !== "false";

async function read(server: Server, attempt: Attempt): Promise<unknown[]> {
  const found: unknown[] = [];
  const paths = attempt.method === "GET" ? ["/read"] : server.paths;
  for (const path of paths) {
    const target = attempt.target.replace("/read", path);
    const { status, body } = await send(server.port, { ...attempt, target });
    // Servers may answer with an error what they cannot read.
    if (status !== 200) continue;
    found.push(...(JSON.parse(body.toString()) as unknown[]));
  }
  return found.filter(isMore);
}

/** What the gate passes on of it; null: nothing. */
async function passedOn(guest: Guest, attempt: Attempt): Promise<Attempt | null> {
  const { forwarded, trap } = await guest.handle(attempt);
  if (trap) throw trap;
  if (!forwarded) return null;
  const isSame = forwarded.body.equals(Buffer.from(attempt.body));
  const body = isSame ? attempt.body : forwarded.body;
  return { ...attempt, target: forwarded.target, body };
}

async function ask(attempt: Attempt, passed: Attempt | null): Promise<void> {
  const row: Row = { attempt, passes: passed !== null, bare: new Map(), gated: new Map() };
  for (const server of servers) {
    const bare = await read(server, attempt);
    row.bare.set(server.name, bare);
    // Most are passed on as they are.
    const isSame = passed?.target === attempt.target && passed.body === attempt.body;
    if (passed) row.gated.set(server.name, isSame ? bare : await read(server, passed));
  }
  rows.push(row);
}

before(async () => {
  servers = await startServers();
  const guest = await loadGate(config);
  assert.equal(guest.check().errors, 0);
  const queue: [Attempt, Attempt | null][] = [];
  for (const attempt of ATTEMPTS) queue.push([attempt, await passedOn(guest, attempt)]);
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await ask(...next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
});
after(() => Promise.all(servers.map((server) => server.stop())));

const shown = ({ attempt, gated }: Row, server: string) =>
  JSON.stringify([attempt.target, attempt.headers, String(attempt.body), gated.get(server)]);

for (const server of SERVERS) {
  describe(server, () => {
    test("reads nothing that was let through", () => {
      const wrong = rows.filter(({ gated }) => (gated.get(server) ?? []).length > 0);
      assert.deepEqual(
        wrong.map((row) => shown(row, server)),
        [],
      );
    });

    test("reads much of it where no gate is", (context) => {
      const wrong = rows.filter(({ bare }) => bare.get(server)!.length > 0);
      const classes = new Set(wrong.map(({ attempt }) => attempt.class));
      context.diagnostic(`${wrong.length} of ${rows.length} attempts, ${classes.size} classes`);
      assert.ok(
        wrong.some(({ attempt }) => attempt.method === "GET"),
        "no query",
      );
      assert.ok(
        wrong.some(({ attempt }) => attempt.method === "POST"),
        "no body",
      );
    });
  });
}

test("what asks for nothing passes", (context) => {
  const passed = rows.filter(({ passes }) => passes);
  context.diagnostic(`${passed.length} of ${rows.length} attempts pass`);
  for (const [part, type] of [
    ["/read?x=true", undefined],
    ["/read?secrets=false", undefined],
    ["/read", '{"secretsx":true}'],
    ["/read", '{"secrets":false}'],
    ["/read", '[{"x":1},{"x":true}]'],
  ]) {
    const found = passed.some(
      ({ attempt }) => attempt.target === part && (type === undefined || attempt.body === type),
    );
    assert.ok(found, `${part} ${type}`);
  }
});
