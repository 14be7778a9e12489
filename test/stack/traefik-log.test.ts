/** Lines of Traefik's log as data, and the plugin's own lines in them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLine, TraefikLog } from "../../stack/traefik/log.ts";

const line = (level: string, message: string) => JSON.stringify({ level, message, time: "t" });

test("a line of the plugin, a line of Traefik, and a line that is no JSON", () => {
  const own = parseLine(line("info", '{"event":"decision","status":403}'));
  assert.deepEqual([own.level, own.guest], ["info", { event: "decision", status: 403 }]);
  assert.equal(own.fields.time, "t");
  assert.deepEqual(parseLine(line("error", "{broken")).guest, null);
  const panic = parseLine("goroutine 1 [running]:");
  assert.deepEqual([panic.level, panic.message, panic.guest], ["", "", null]);
});

test("a mark finds what came after it", () => {
  const log = new TraefikLog();
  log.add(line("info", '{"n":1}'));
  const mark = log.length;
  log.add(line("info", "plain"));
  log.add(line("info", '{"n":2}'));
  assert.deepEqual(log.guestLines(mark), [{ n: 2 }]);
  assert.deepEqual(log.guestLines(), [{ n: 1 }, { n: 2 }]);
});

test("waiting ends with the line, whether it is there or comes, or with the time", async () => {
  const log = new TraefikLog();
  const coming = log.waitForGuest(({ n }) => n === 2);
  log.add(line("info", '{"n":1}'));
  log.add(line("info", '{"n":2}'));
  assert.deepEqual(await coming, { n: 2 });
  assert.deepEqual(await log.waitForGuest(({ n }) => n === 1), { n: 1 });
  log.add(line("error", "what went wrong"));
  await assert.rejects(
    log.waitFor(() => false, 0, 20),
    /error: what went wrong/,
  );
});

test("old lines are forgotten, and marks stay right", () => {
  const log = new TraefikLog();
  const add = (from: number, to: number) => {
    for (let n = from; n < to; n++) log.add(line("info", `{"n":${n}}`));
  };
  add(0, 19_990);
  const mark = log.length;
  add(19_990, 40_000);
  assert.equal(log.length, 40_000);
  assert.ok(log.lines().length <= 20_000);
  assert.deepEqual(log.guestLines(39_998), [{ n: 39_998 }, { n: 39_999 }]);
  assert.equal(mark, 19_990);
});
