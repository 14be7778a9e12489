/** The state directory on a real Traefik, as on the Node host; and what only many guests at once can show. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { prepareState, STATES } from "../cases/states.ts";
import { visitorWasm } from "../support/probe.ts";
import { send } from "../support/wire.ts";

const folder = temporaryFolder("state");
const mount = join(folder.path, "mount");
/** Two of them share the mount. */
const traefiks: Traefik[] = [];

/** What came of the steps. */
async function run(steps: string, traefik = 0): Promise<string> {
  const port = Number(new URL(traefiks[traefik]!.url).port);
  const { status, body } = await send(port, { target: "/", headers: { "X-State": steps } });
  assert.equal(status, 203);
  return body.toString().trimEnd();
}

before(async () => {
  const plugin = join(folder.path, "plugin");
  mkdirSync(plugin);
  prepareState(mount);
  copyFileSync(join(root, ".traefik.yml"), join(plugin, ".traefik.yml"));
  copyFileSync(visitorWasm(), join(plugin, "plugin.wasm"));
  const dynamic = {
    http: {
      routers: { all: { rule: "PathPrefix(`/`)", service: "app", middlewares: ["visitor"] } },
      services: { app: { loadBalancer: { servers: [{ url: "http://127.0.0.1:9" }] } } },
      middlewares: { visitor: { plugin: { rolegate: {} } } },
    },
  };
  for (let i = 0; i < 2; i++) {
    traefiks.push(await startTraefik({ pluginDir: plugin, mounts: { "/state": mount }, dynamic }));
  }
});
after(async () => {
  for (const traefik of traefiks) await traefik.stop();
  folder.remove();
});

describe("the state directory", () => {
  for (const [name, steps, expected] of STATES) {
    test(name, async () => {
      const said = await run(steps);
      if (expected instanceof RegExp) assert.match(said, expected);
      else assert.equal(said, expected);
    });
  }
});

describe("many guests of two Traefiks at once", () => {
  const GUESTS = 24;
  const STEPS = 40;
  /** The same number of steps in every guest, all at once; what came of them, by guest. */
  async function all(step: (guest: number, i: number) => string): Promise<string[][]> {
    const said = await Promise.all(
      Array.from({ length: GUESTS }, (_, guest) =>
        run(Array.from({ length: STEPS }, (_, i) => step(guest, i)).join("|"), guest % 2),
      ),
    );
    return said.map((text) => text.split("\n"));
  }
  const file = (name: string) => join(mount, "rolegate", name);

  test("every append is there, whole and once", async () => {
    const record = (guest: number, i: number) => `<${guest}:${i}:${"x".repeat(100 + i)}>`;
    const said = await all((guest, i) => `append shared ${record(guest, i)}`);
    assert.ok(said.flat().every((text) => text === "true"));
    const found = readFileSync(file("shared"), "utf8").match(/<[^<>]*>/g)!;
    const sent = said.flatMap((steps, guest) => steps.map((_, i) => record(guest, i)));
    assert.deepEqual(found.sort(), sent.sort());
    assert.equal(readFileSync(file("shared"), "utf8").length, sent.join("").length);
  });

  test("of all who create a file one is told so", async () => {
    const said = await all((guest, i) => `create lock-${i} guest-${guest}`);
    for (let i = 0; i < STEPS; i++) {
      const winners = said.flatMap((steps, guest) => (steps[i] === "true" ? [guest] : []));
      assert.equal(winners.length, 1, `lock ${i}`);
      assert.equal(readFileSync(file(`lock-${i}`), "utf8"), `guest-${winners[0]}`);
    }
  });

  test("of all who rename a file one is told so", async () => {
    const said = await all((guest, i) => `rename lock-${i} taken-${i}-by-${guest}`);
    for (let i = 0; i < STEPS; i++) {
      const winners = said.flatMap((steps, guest) => (steps[i] === "true" ? [guest] : []));
      assert.equal(winners.length, 1, `lock ${i}`);
      const [name] = readdirSync(file("")).filter((name) => name.startsWith(`taken-${i}-`));
      assert.equal(name, `taken-${i}-by-${winners[0]}`);
    }
  });

  test("who reads a file that is written all the time gets a whole one, and nothing is left over", async () => {
    const content = (guest: number) => String.fromCharCode(97 + guest).repeat(300 + guest * 20);
    await run(`write hot ${content(0)} t0`);
    const said = await all((guest, i) =>
      guest % 3 === 0 ? "read hot" : `write hot ${content(guest)} t${guest}x${i}`,
    );
    const whole = new Set(Array.from({ length: GUESTS }, (_, guest) => `"${content(guest)}"`));
    said.forEach((steps, guest) => {
      for (const text of steps) {
        if (guest % 3 === 0) assert.ok(whole.has(text), text.slice(0, 50));
        else assert.equal(text, "true");
      }
    });
    assert.deepEqual(
      readdirSync(file("")).filter((name) => name.endsWith("~")),
      [],
    );
  });
});
