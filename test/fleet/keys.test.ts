/** One Traefik reaches the provider. The two others, which do not, take the keys that it has fetched from the engine. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Tree } from "../../stack/traefik/config.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { until } from "../browser/until.ts";
import { Fleet, PREFIX } from "./fleet.ts";

/** The shortest `keys.refresh`: keys that are older are taken from the engine. */
const fleet = new Fleet({ block: { keys: { refresh: "10s" } } });
const { stage } = fleet;
const [ONE, ...OTHERS] = fleet.all as [number, ...number[]];

/** The answer of one of them to a program's token. */
const answer = (index: number, token: string) =>
  fleet.askWith(index, { Authorization: `Bearer ${token}` });

/** Its way to the provider leads to a port at which nothing listens. */
async function cutOff(index: number): Promise<void> {
  const replica = stage.stack.replicas[index]!;
  const file = join(replica.folder, "dynamic", "dynamic.yml");
  const tree = JSON.parse(readFileSync(file, "utf8")) as { http: { services: Tree } };
  const service = tree.http.services.provider as { loadBalancer: Tree };
  service.loadBalancer.servers = [{ url: "http://127.0.0.1:1" }];
  await replica.configure(tree);
}

/** Its folder is like that of a Traefik that has just started. */
function forgetKeys(index: number): void {
  const folder = stage.stack.stateFolders[index]!;
  for (const name of readdirSync(folder)) {
    if (name.startsWith("jwks")) rmSync(join(folder, name), { force: true });
  }
}

test("a key that only one Traefik can fetch passes at all three", async () => {
  await fleet.ready();
  const { provider } = stage;
  for (const index of OTHERS) await cutOff(index);
  await provider.rotate();
  const token = await provider.token("bob");
  for (const index of [ONE, ...OTHERS])
    await until(
      `the new key at ${index}`,
      async () => (await answer(index, token)) === 200,
      30_000,
    );
  const names = (await fleet.etcd.entries()).map(({ key }) => key);
  assert.deepEqual(
    names.filter((name) => name.startsWith(`${PREFIX}keys/`)),
    [`${PREFIX}keys/${stateFile("jwks", provider.issuer)}`],
  );
});

test("one that has none, and reaches neither provider nor engine, has none", async () => {
  const { provider } = stage;
  const token = await provider.token("bob");
  const [index] = OTHERS as [number];
  const { log } = stage.stack.replicas[index]!;
  fleet.relays[index]!.isCut = true;
  await log.waitForGuest(({ event }) => event === "store_unreadable", log.length);
  forgetKeys(index);
  await log.waitForGuest(({ event }) => event === "keys_not_fetched", log.length, 70_000);
  const file = fleet.file(index, stateFile("jwks", provider.issuer));
  assert.ok(!existsSync(file));
  fleet.relays[index]!.isCut = false;
  await until("the engine's keys", () => existsSync(file));
  await until("its keys are used", async () => (await answer(index, token)) === 200);
});
