/**
 * Two Traefik are upgraded one after the other under load, and downgraded again, between two builds that disagree on what
 * a session's content depends on: for a while both are there. Nobody is signed out, and nobody gets further than before.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { root } from "../../tools/root.ts";
import { Stage } from "../browser/stage.ts";
import { person, program, reader, scanner, Tally, type World } from "../soak/people.ts";
import { olderBuild } from "./older-build.ts";
import { assertNobodySignedOut, path, signInMany } from "./signed-in.ts";

const older = olderBuild();
const stage = new Stage({ replicas: 2, pluginDir: older });
const PEOPLE = 10;

test("upgrade and downgrade under load", async (context) => {
  const browsers = await signInMany(stage, PEOPLE);
  // Who may less, and who has signed out.
  const alice = await stage.signIn("alice", "/api/anything");
  const tally = new Tally();
  let open = true;
  const world: World = { stack: stage.stack, tally, isOpen: () => open, pause: 30 };
  const watch = async () => {
    while (open) {
      const { status } = await alice.fetch(stage.url(path));
      tally.note("read without the role", 403, status);
    }
  };
  stage.provider.network.reset();
  const crowd = [
    ...browsers.map((browser) => reader(world, browser)),
    person(world, "dora"),
    program(world),
    scanner(world),
    watch(),
  ];
  const replace = (index: number, pluginDir: string) =>
    stage.stack.replace(index, { killed: false, pluginDir });
  const counts: number[] = [];
  for (const build of [root, older]) {
    for (const index of [0, 1]) {
      await replace(index, build);
      counts.push(stage.refreshes());
    }
  }
  open = false;
  await Promise.all(crowd);
  const total = Object.values(tally.done).reduce((sum, count) => sum + count, 0);
  context.diagnostic(
    `upgrade and downgrade: ${total} acts, wrong: ${Object.keys(tally.wrong).length}`,
  );
  context.diagnostic(`refreshes after each of four replacements: ${counts.join(", ")}`);
  assert.deepEqual(tally.wrong, {}, JSON.stringify(tally.samples));
  assert.ok(counts[1]! > 0, "the builds do disagree");
  await assertNobodySignedOut(stage, browsers);
});
