/** The balancer: turn by turn, on to those that are left, and nothing open at the end. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startBalancer } from "../../stack/upstream/balancer.ts";
import { isFree, loopback } from "../../stack/machine/ports.ts";

async function named(name: string): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.end(name));
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

test("connections go to the servers in turn, and to those that are left", async () => {
  const servers = [await named("a"), await named("b")];
  const balancer = await startBalancer();
  balancer.targets.push(...servers.map(({ port }) => port));
  const ask = async () => {
    const response = await fetch(`http://${loopback}:${balancer.port}`, {
      headers: { Connection: "close" },
    });
    return response.text();
  };
  assert.deepEqual([await ask(), await ask(), await ask()], ["a", "b", "a"]);
  balancer.targets.shift();
  assert.deepEqual([await ask(), await ask()], ["b", "b"]);
  await balancer.stop();
  assert.equal(await isFree(balancer.port), true);
  for (const { server } of servers) server.close();
});
