/** The dynamic configuration changes 200 times under load: no request fails, none is let through, and memory levels off. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { calls, startGates } from "./gates.ts";
import { assertNoneFailed, inWords, Load } from "./load.ts";
import { descriptors, median, memory } from "./process.ts";

const ROUTERS = 10;
const RELOADS = 200;
/** What the last half may have more than the first, in its median. MiB: the collector lets it swing by as much. */
const ROOM = 48;

test(`${RELOADS} reloads with ${ROUTERS} routers under load`, async (context) => {
  const gates = await startGates(ROUTERS);
  try {
    const { traefik, upstream } = gates;
    const load = new Load(await calls(traefik.url, ROUTERS), { clients: 4, pause: 2 });
    const sizes: number[] = [];
    const files = descriptors(traefik.pid);
    for (let revision = 1; revision <= RELOADS; revision++) {
      await gates.reload(revision);
      sizes.push(memory(traefik.pid));
    }
    const outcome = await load.stop();
    assertNoneFailed(outcome, RELOADS);
    // The last configuration is the one that decides.
    assert.ok(upstream.received.every(({ url }) => url === "/api/a"));
    const half = RELOADS / 2;
    const [first, last] = [median(sizes.slice(half / 2, half)), median(sizes.slice(-half / 2))];
    const at = [0, 9, 49, 99, 149, 199].map((index) => sizes[index]!.toFixed(0));
    context.diagnostic(`${RELOADS} reloads: ${inWords(outcome)}`);
    context.diagnostic(`memory after reload 1, 10, 50, 100, 150, 200: ${at.join(", ")} MiB`);
    assert.ok(last - first < ROOM, `${first} MiB, then ${last} MiB`);
    assert.ok(descriptors(traefik.pid) < files + 64, "files are closed");
    assert.equal(traefik.log.traps, 0);
  } finally {
    await gates.stop();
  }
});
