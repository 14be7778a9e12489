/** From the packed tarball in an empty folder to somebody who has signed in: npx rolegate init, Traefik, Chromium. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, test } from "node:test";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import { root } from "../../tools/root.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { signIn, Windows } from "./window.ts";

const undo: (() => unknown)[] = [];
after(async () => {
  for (let last = undo.pop(); last; last = undo.pop()) await last();
});

test("npx rolegate init, Traefik with what it wrote, and alice signs in", async () => {
  const folder = temporaryFolder("npx");
  undo.push(() => folder.remove());
  const home = folder.path;
  const run = (command: string, ...args: string[]) => {
    const env = {
      ...process.env,
      npm_config_cache: join(home, "cache"),
      npm_config_offline: "true",
    };
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: home,
      encoding: "utf8",
      env,
    });
    assert.equal(status, 0, `${command} ${args.join(" ")}\n${stderr}`);
    return { stdout, stderr };
  };
  const [packed] = JSON.parse(run("npm", "pack", root, "--json", "--ignore-scripts").stdout) as [
    { filename: string },
  ];
  writeFileSync(join(home, "package.json"), "{}");
  run("npm", "install", `./${packed.filename}`, "--no-audit", "--no-fund");

  const provider = await startProvider();
  undo.push(() => provider.stop());
  const upstream = await startUpstream();
  undo.push(() => upstream.stop());
  const [port, keysPort] = (await freePorts(2)) as [number, number];
  const url = `http://localhost:${port}`;
  provider.clients.serve(url);
  const answers = [
    ...["--issuer", provider.issuer, "--client-id", provider.clients.id, "--public-url", url],
    ...["--service", upstream.url, "--keys-port", String(keysPort)],
  ];
  const { stderr } = await new Promise<{ stderr: string }>((resolve, reject) => {
    // Not at once with the provider, which is in this process.
    const ran: string[] = [];
    void startChild("npx", ["--no-install", "rolegate", "init", "--yes", ...answers], {
      cwd: home,
      env: { PATH: process.env.PATH ?? "", HOME: home, npm_config_offline: "true" },
      onLine: (line) => ran.push(line),
    }).then(async (child) => {
      const code = await child.ended;
      if (code === 0) resolve({ stderr: ran.join("\n") });
      else reject(new Error(ran.join("\n")));
    }, reject);
  });
  assert.match(stderr, /wrote dynamic\.yml/);

  const lines: string[] = [];
  const traefik = await startChild(await findTraefik(), ["--configFile=traefik.yml"], {
    cwd: home,
    env: { PATH: process.env.PATH ?? "", CLIENT_SECRET: provider.clients.secret },
    onLine: (line) => lines.push(line),
  });
  undo.push(() => traefik.stop());
  for (
    const end = Date.now() + 40_000;
    !existsSync(join(home, "state", stateFile("jwks", provider.issuer)));
    await sleep(100)
  ) {
    assert.ok(Date.now() < end, lines.slice(-20).join("\n"));
  }
  const windows = new Windows();
  undo.push(() => windows.stop());
  const page = await windows.open();
  await signIn(page, `${url}/api/x`, "alice");
  assert.equal(page.url(), `${url}/api/x`);
  assert.match((await page.textContent("body")) ?? "", /"X-Forwarded-User", "alice"/);
  assert.match(readFileSync(join(home, "dynamic.yml"), "utf8"), /mode: login/);
});
