/** What `rolegate init --replicas 3` writes, as somebody new follows it: one copy for each of three machines, and etcd with a user. */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startEtcd } from "../../stack/etcd/etcd.ts";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { Undo } from "../../stack/machine/undo.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { startBalancer } from "../../stack/upstream/balancer.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { until } from "../browser/until.ts";
import { rolegate } from "../cli/run.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { BOUND, PREFIX, SIZE } from "./fleet.ts";

const undo = new Undo();
after(() => undo.all());

const PASSWORD = "of the user rolegate";

test("three Traefiks from its files: a sign-out at one holds at all", async (context) => {
  const etcd = await startEtcd({
    access: { username: "rolegate", password: PASSWORD, prefix: "rolegate/" },
  });
  undo.add(() => etcd.stop());
  const provider = await startProvider();
  undo.add(() => provider.stop());
  const upstream = await startUpstream();
  undo.add(() => upstream.stop());
  const balancer = await startBalancer();
  undo.add(() => balancer.stop());
  const home = temporaryFolder("init-fleet");
  undo.add(() => home.remove());
  const url = `http://localhost:${balancer.port}`;
  provider.clients.serve(url);
  const made = await rolegate(
    [
      ...["init", "--yes", "--issuer", provider.issuer, "--client-id", provider.clients.id],
      ...["--public-url", url, "--service", upstream.url, "--out", "gate"],
      ...[
        "--replicas",
        String(SIZE),
        "--store",
        etcd.url.replace("http://", "etcd=http://rolegate@"),
      ],
    ],
    { cwd: home.path },
  );
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /^ {2}export ETCD_PASSWORD=/m);
  const checked = await rolegate(["check", "traefik.yml", "dynamic.yml"], {
    cwd: join(home.path, "gate"),
  });
  assert.equal(checked.code, 0, checked.stdout);

  const lines: string[] = [];
  for (let i = 0; i < SIZE; i++) {
    // A machine of its own would have these two ports to itself.
    const [port, inside] = (await freePorts(2)) as [number, number];
    const machine = join(home.path, `machine-${i}`);
    mkdirSync(machine);
    cpSync(join(home.path, "gate"), machine, { recursive: true });
    for (const name of ["traefik.yml", "dynamic.yml"]) {
      const text = readFileSync(join(machine, name), "utf8");
      const moved = text
        .replaceAll("127.0.0.1:8088", `127.0.0.1:${inside}`)
        .replace(`":${balancer.port}"`, `"127.0.0.1:${port}"`);
      assert.notEqual(moved, text);
      writeFileSync(join(machine, name), moved);
    }
    const child = await startChild(await findTraefik(), ["--configFile=traefik.yml"], {
      cwd: machine,
      env: {
        PATH: process.env.PATH ?? "",
        CLIENT_SECRET: provider.clients.secret,
        ETCD_PASSWORD: PASSWORD,
      },
      onLine: (line) => lines.push(line),
    });
    undo.add(() => child.stop());
    balancer.targets.push(port);
    for (const file of [stateFile("jwks", provider.issuer), stateFile("store-read", PREFIX)]) {
      const path = join(machine, "state", file);
      await until(`${file} of ${i}\n${lines.slice(-9).join("\n")}`, () => existsSync(path));
    }
  }

  const browser = new HttpBrowser({ address: "127.0.0.1" });
  undo.add(() => browser.close());
  const all = [...balancer.targets];
  const at = (...ports: number[]) => {
    balancer.targets.splice(0, Infinity, ...ports);
    balancer.drop();
  };
  at(all[0]!);
  await browser.go(`${url}/api/runs`, { from: null });
  assert.equal((await browser.submit({ user: "bob" })).status, 200);
  const Cookie = await browser.jar.getCookieString(url);
  const statuses = () =>
    Promise.all(
      all.map(async (port) => {
        const answer = await fetch(`http://localhost:${port}/api/runs`, {
          headers: { Cookie, Host: `localhost:${balancer.port}` },
        });
        await answer.text();
        return answer.status;
      }),
    );
  assert.deepEqual(await statuses(), [200, 200, 200]);
  at(all[1]!);
  await browser.go(`${url}/oidc/logout`);
  const begin = Date.now();
  let lastIn = begin;
  for (let out = 0; out < 10; out = (await statuses()).includes(200) ? 0 : out + 1) {
    if (out === 0) lastIn = Date.now();
    assert.ok(lastIn - begin < 2 * BOUND * 1_000, lines.slice(-20).join("\n"));
    await sleep(200);
  }
  context.diagnostic(`signed out everywhere after ${((lastIn - begin) / 1_000).toFixed(1)} s`);
});
