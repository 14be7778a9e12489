/** With a session, what passes to and from the application passes as it comes: nothing of it is kept in memory, or kept back. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request, type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Stage } from "./stage.ts";
import { signIn, Windows } from "./window.ts";

const stage = new Stage();
const MiB = 1 << 20;

/** How long the WebSocket is kept open. */
const minutes = Number(process.env.ROLEGATE_SOCKET_MINUTES ?? 1);

/** How much Traefik may grow by. MiB. Its collector lets it swing by about half of that (measured). */
const room = 64;

async function ask(path: string, options: RequestOptions = {}): Promise<ClientRequest> {
  const browser = await stage.signIn("bob");
  const Cookie = await browser.jar.getCookieString(stage.url("/"));
  return request(stage.url(path), { ...options, headers: { Cookie, ...options.headers } });
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.on("response", resolve).on("error", reject));
}

async function open(path: string): Promise<IncomingMessage> {
  const sent = await ask(path);
  sent.end();
  const response = await answerTo(sent);
  assert.equal(response.statusCode, 200);
  return response;
}

/** Resident memory of Traefik. MiB. */
function memory(): number {
  const text = readFileSync(`/proc/${stage.stack.traefik.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)![1]) / 1024;
}

/** Looks at Traefik's memory while something happens; at its end it is within bounds. */
async function withFlatMemory(what: (look: () => void) => Promise<void>): Promise<string> {
  const before = memory();
  let most = before;
  const look = () => void (most = Math.max(most, memory()));
  await what(look);
  look();
  const figures = [before, most, memory()].map((it) => it.toFixed(1)).join(", ");
  assert.ok(most - before < room, `before, most, after: ${figures} MiB`);
  return `Traefik's memory before, at most and after: ${figures} MiB`;
}

const every = 5_000;
const count = Math.ceil((minutes * 60_000) / every);
/** What comes back to a page that says something every five seconds, while all the other tests run. */
let said: Promise<string[]>;
let opened = 0;
// Not a test's, which end with it.
const windows = new Windows();
after(() => windows.stop());

test("a WebSocket opens with a session that will be over long before it", async () => {
  stage.provider.lifetimes.access = 5;
  const page = await windows.open();
  await signIn(page, stage.url("/api/runs"), "bob");
  opened = Date.now();
  said = page.evaluate(
    ([pause, wanted]) =>
      new Promise<string[]>((resolve) => {
        type Socket = EventTarget & { send(text: string): void };
        const { WebSocket, location } = globalThis as unknown as {
          WebSocket: new (url: string) => Socket;
          location: { host: string };
        };
        const heard: string[] = [];
        const socket = new WebSocket(`ws://${location.host}/api/runs`);
        socket.addEventListener("message", (event) => {
          const { data } = event as unknown as { data: string };
          if (data.startsWith("still")) heard.push(data);
          if (heard.length === wanted) resolve(heard);
        });
        socket.addEventListener("close", () => resolve([...heard, "closed"]));
        let sent = 0;
        setInterval(() => socket.send(`still here ${++sent}`), pause);
      }),
    [every, count] as const,
  );
  // Whoever waits for it at the end is told.
  said.catch(() => {});
});

test("a download of a GiB takes no memory", async (context) => {
  const figures = await withFlatMemory(async (look) => {
    const response = await open("/api/runs?upstream=large");
    let bytes = 0;
    let next = 0;
    for await (const part of response) {
      bytes += (part as Buffer).length;
      if (bytes < next) continue;
      next = bytes + 64 * MiB;
      look();
    }
    assert.equal(bytes, 1024 * MiB);
  });
  context.diagnostic(figures);
});

test("an upload of 256 MiB whose length nobody knows takes no memory, and arrives while it is sent", async (context) => {
  const { upstream } = stage.stack;
  const figures = await withFlatMemory(async (look) => {
    const sent = await ask("/api/runs", {
      method: "POST",
      headers: { Origin: stage.url(""), "Transfer-Encoding": "chunked" },
    });
    const answer = answerTo(sent);
    const part = Buffer.alloc(MiB, "x");
    upstream.bodyBytes = 0;
    for (let count = 1; count <= 256; count++) {
      if (!sent.write(part)) await new Promise((resolve) => sent.once("drain", resolve));
      if (count % 64 > 0) continue;
      // The rest is not sent before this much has come through.
      for (const end = Date.now() + 20_000; upstream.bodyBytes < count * MiB; await sleep(10)) {
        assert.ok(Date.now() < end, `${upstream.bodyBytes} B of ${count} MiB are there`);
      }
      look();
    }
    sent.end();
    const response = await answer;
    assert.equal(response.statusCode, 200);
    response.resume();
    const last = upstream.received.at(-1)!;
    assert.equal(last.bodyLength, 256 * MiB);
    assert.deepEqual(
      last.headers.filter(([name]) => /^(content-length|cookie)$/i.test(name)),
      [],
    );
  });
  context.diagnostic(figures);
});

test("server-sent events arrive one by one", async () => {
  const response = await open("/api/runs?upstream=stream");
  const events: string[] = [];
  // The next one is sent when this one is here: kept back, it would never come.
  for await (const part of response) {
    events.push(String(part));
    if (events.length === 10) break;
    stage.stack.upstream.next();
  }
  assert.deepEqual(
    events,
    Array.from({ length: 10 }, (_, index) => `data: ${index + 1}\n\n`),
  );
});

test("the login router alone is buffered", async () => {
  const { api } = stage.stack.traefik;
  const routers = (await (await fetch(`${api}/api/http/routers`)).json()) as {
    name: string;
    middlewares?: string[];
  }[];
  const buffered = routers.filter(({ middlewares = [] }) =>
    middlewares.includes("rolegate-buffering@file"),
  );
  assert.deepEqual(
    buffered.map(({ name }) => name),
    ["login@file"],
  );
});

test(`the WebSocket has lived for ${minutes} min`, async () => {
  const heard = await Promise.race([
    said,
    sleep(opened + minutes * 60_000 + 30_000 - Date.now(), ["late"], { ref: false }),
  ]);
  assert.deepEqual(
    heard,
    Array.from({ length: count }, (_, index) => `still here ${index + 1}`),
  );
  assert.ok(Date.now() - opened >= minutes * 60_000 - every);
});
