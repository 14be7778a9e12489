/** Very many, very large, very slow, and those who go away: nobody else notices, nothing is let through, memory comes to an end. */
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { get } from "node:http";
import type { Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../browser/until.ts";
import { ec } from "../support/keys.ts";
import { claims, token } from "../support/tokens.ts";
import { calls, startGates } from "./gates.ts";
import { assertNoneFailed, inWords, Load } from "./load.ts";
import { descriptors, memory } from "./process.ts";
import { lines, open, sendAll } from "./sockets.ts";

const TOKENS = 20_000;
const LARGE = 10_000;
const KiB = 1_024;
/** MiB that Traefik may have at the end of it, with as many guests as there were connections. */
const MOST = 700;

/** The status, and whether the answer came to its end. */
function ask(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const sent = get(url, { headers }, (answer) => {
      answer.on("error", () => resolve("broken off"));
      answer.on("end", () => resolve(`${answer.statusCode} whole`));
      answer.resume();
    });
    sent.on("error", () => resolve("broken off"));
  });
}

describe("one Traefik", () => {
  let gates: Awaited<ReturnType<typeof startGates>>;
  let good: string;
  const target = () => ({ port: Number(new URL(gates.traefik.url).port) });
  const host = "Host: app0.localhost";
  before(async () => {
    gates = await startGates(1);
    good = `Authorization: Bearer ${await token()}`;
  });
  after(() => gates.stop());

  /** Who comes meanwhile is served as ever. */
  async function whileOthersAreServed(what: string, act: () => Promise<void>): Promise<string> {
    const load = new Load(await calls(gates.traefik.url, 1), { clients: 2, pause: 5 });
    const outcome = await act()
      .finally(() => load.stop())
      .then(() => load.outcome);
    assertNoneFailed(outcome);
    assert.equal(gates.traefik.log.traps, 0);
    return `${what}: others meanwhile: ${inWords(outcome)}; memory ${memory(gates.traefik.pid).toFixed(0)} MiB`;
  }

  test(`${TOKENS} different tokens, 500 at a time`, async (context) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const head = part({ alg: "ES256", kid: ec.kid, typ: "JWT" });
    const made = (index: number) => {
      const input = `${head}.${part(claims({ sub: `subject-${index}`, jti: String(index) }))}`;
      const key = { key: ec.privateKey, dsaEncoding: "ieee-p1363" } as const;
      return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
    };
    const request = (index: number) =>
      lines("GET /api/a HTTP/1.1", host, `Authorization: Bearer ${made(index)}`);
    const begin = performance.now();
    const statuses = await sendAll(target(), TOKENS, 500, request);
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    assert.deepEqual(statuses, { 200: TOKENS });
    const size = memory(gates.traefik.pid);
    context.diagnostic(`${TOKENS} tokens in ${seconds} s, memory ${size.toFixed(0)} MiB`);
    assert.ok(size < MOST, `${size} MiB`);
  });

  test(`${LARGE} requests with 64 KiB of headers`, async (context) => {
    const pad = `X-Pad: ${"p".repeat(63 * KiB)}`;
    const request = Buffer.from(lines("GET /api/a HTTP/1.1", host, pad));
    let statuses: Record<string, number> = {};
    const said = await whileOthersAreServed(`${LARGE} large requests`, async () => {
      statuses = await sendAll(target(), LARGE, 16, () => request);
    });
    assert.deepEqual(statuses, { 401: LARGE });
    context.diagnostic(said);
    assert.ok(memory(gates.traefik.pid) < MOST);
  });

  test("400 clients that are slow: to ask, to send a body, to read", async (context) => {
    const files = descriptors(gates.traefik.pid);
    const sockets: Socket[] = [];
    const said = await whileOthersAreServed("slow clients", async () => {
      for (let i = 0; i < 400; i++) {
        const socket = await open(target());
        sockets.push(socket);
        const [asks, sends] = [i % 3 === 0, i % 3 === 1];
        if (asks) socket.write(`GET /api/a HTTP/1.1\r\n${host}\r\nX-Slow: `);
        else if (sends) {
          socket.write(lines("POST /api/a HTTP/1.1", host, good, "Content-Length: 100000"));
        } else {
          socket.pause();
          socket.write(lines("GET /api/a?upstream=large HTTP/1.1", host, good));
        }
      }
      for (let round = 0; round < 10; round++) {
        for (const socket of sockets.filter((_, index) => index % 3 < 2)) socket.write("x");
        await sleep(100);
      }
    });
    for (const socket of sockets) socket.destroy();
    context.diagnostic(said);
    await until("all are let go", () => descriptors(gates.traefik.pid) < files + 60);
  });

  /** The bytes after which a client goes away, and what it waits for before. */
  const leaving: [string, () => string, "nothing" | "an answer"][] = [
    ["without a word", () => "", "nothing"],
    ["within the request line", () => "GET /api/a HT", "nothing"],
    ["within the headers", () => `GET /api/a HTTP/1.1\r\n${host}\r\nAuthor`, "nothing"],
    ["as soon as it has asked", () => lines("GET /api/a HTTP/1.1", host, good), "nothing"],
    [
      "within the body",
      () => `${lines("POST /api/a HTTP/1.1", host, good, "Content-Length: 1000")}half`,
      "nothing",
    ],
    [
      "within a chunk",
      () => `${lines("POST /api/a HTTP/1.1", host, good, "Transfer-Encoding: chunked")}ff\r\nhalf`,
      "nothing",
    ],
    [
      "within the answer",
      () => lines("GET /api/a?upstream=large HTTP/1.1", host, good),
      "an answer",
    ],
    [
      "within a stream of events",
      () => lines("GET /api/a?upstream=stream HTTP/1.1", host, good),
      "an answer",
    ],
    [
      "after the handshake of a WebSocket",
      () =>
        lines(
          ...["GET /api/a HTTP/1.1", host, good, "Connection: Upgrade", "Upgrade: websocket"],
          ...["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
        ),
      "an answer",
    ],
  ];
  test(`clients that go away, 50 at each of ${leaving.length} stages`, async (context) => {
    const files = descriptors(gates.traefik.pid);
    const said = await whileOthersAreServed("clients that go away", async () => {
      for (const [, bytes, waitsFor] of leaving) {
        await Promise.all(
          Array.from({ length: 50 }, async () => {
            const socket = await open(target());
            socket.write(bytes());
            if (waitsFor === "an answer") await new Promise((go) => socket.once("data", go));
            socket.destroy();
          }),
        );
      }
    });
    context.diagnostic(said);
    await until("all are let go", () => descriptors(gates.traefik.pid) < files + 60);
  });

  test("upstreams that fail: before, within and after the answer's beginning", async (context) => {
    const said = await whileOthersAreServed("upstreams that fail", async () => {
      for (const wish of ["truncate", "short", "reset", "error"]) {
        const seen = await Promise.all(
          Array.from({ length: 50 }, () =>
            ask(`${gates.traefik.url}/api/a?upstream=${wish}`, {
              Host: "app0.localhost",
              Authorization: good.split(": ")[1]!,
            }),
          ),
        );
        // Nobody takes a half for a whole.
        const expected = {
          truncate: /broken off/,
          short: /broken off/,
          reset: /^502/,
          error: /^500 whole/,
        };
        for (const came of seen) assert.match(came, expected[wish as keyof typeof expected], wish);
      }
    });
    context.diagnostic(said);
  });
});

test("a collector that is always at work drops guests all the time: nothing is lost with them", async (context) => {
  const gates = await startGates(1, {}, { envs: { GOGC: "1" } });
  try {
    const load = new Load(await calls(gates.traefik.url, 1), { clients: 16 });
    await sleep(8_000);
    const outcome = await load.stop();
    context.diagnostic(
      `GOGC=1: ${inWords(outcome)}, memory ${memory(gates.traefik.pid).toFixed(0)} MiB`,
    );
    assertNoneFailed(outcome, 100);
    assert.equal(gates.traefik.log.traps, 0);
  } finally {
    await gates.stop();
  }
});
