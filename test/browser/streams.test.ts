/** With a session, what the application sends passes as it comes: nothing of it is kept in memory, or kept back. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Stage } from "./stage.ts";
import { signIn } from "./window.ts";

const stage = new Stage();

async function open(path: string): Promise<IncomingMessage> {
  const browser = await stage.signIn("bob");
  const Cookie = await browser.jar.getCookieString(stage.url("/"));
  return new Promise((resolve, reject) =>
    get(stage.url(path), { headers: { Cookie } }, resolve).on("error", reject),
  );
}

/** Resident memory of Traefik. MiB. */
function memory(): number {
  const text = readFileSync(`/proc/${stage.stack.traefik.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)![1]) / 1024;
}

test("a download of a GiB takes no memory", async () => {
  const response = await open("/api/runs?upstream=large");
  assert.equal(response.statusCode, 200);
  const before = memory();
  let most = before;
  let bytes = 0;
  let next = 0;
  for await (const part of response) {
    bytes += (part as Buffer).length;
    if (bytes < next) continue;
    next = bytes + (64 << 20);
    most = Math.max(most, memory());
  }
  assert.equal(bytes, 2 ** 30);
  assert.ok(most - before < 64, `${before} MiB, then ${most} MiB`);
});

test("server-sent events arrive one by one", async () => {
  const response = await open("/api/runs?upstream=stream");
  const times: number[] = [];
  for await (const _ of response) {
    times.push(performance.now());
    if (times.length === 10) break;
  }
  // They are sent 50 ms apart: kept back, they would come together.
  assert.ok(times.at(-1)! - times[0]! > 200, String(times.at(-1)! - times[0]!));
});

test("a WebSocket lives for minutes, longer than the session that opened it", async () => {
  stage.provider.lifetimes.access = 5;
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/runs"), "bob");
  const start = Date.now();
  const said = page.evaluate(
    () =>
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
          if (heard.length === 13) resolve(heard);
        });
        socket.addEventListener("close", () => resolve([...heard, "closed"]));
        let count = 0;
        setInterval(() => socket.send(`still here ${++count}`), 10_000);
      }),
  );
  const heard = await Promise.race([said, sleep(160_000).then(() => ["late"])]);
  assert.deepEqual(
    heard,
    Array.from({ length: 13 }, (_, index) => `still here ${index + 1}`),
  );
  assert.ok(Date.now() - start > 120_000);
});
