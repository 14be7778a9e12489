/** The three modes on the Go host of test/hunt/gate, where a guest that loops ends the program and is told. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findGo } from "../../bench/toolchain.ts";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { gate, stateMount } from "../../stack/demo.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import type { Provider } from "../../stack/provider/provider.ts";
import { root } from "../../tools/root.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { Undo } from "../../stack/machine/undo.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { marshal } from "../../src/guest/config.ts";
import type { Gateway } from "./life.ts";

/** A call of a guest may take that long; the longest takes a tenth of a second. Milliseconds. */
const DEADLINE = 10_000;
const TICK = 500;

export async function buildGate(): Promise<string> {
  const program = join(root, "build/hunt/gate");
  const env = {
    ...process.env,
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    GOFLAGS: "-buildvcs=false",
  };
  const cwd = join(root, "test/hunt/gate");
  await promisify(execFile)(await findGo(), ["build", "-o", program, "."], { cwd, env });
  return program;
}

export async function startOnGo(program: string, provider: Provider, pluginDir = root) {
  const undo = new Undo();
  return undo.orKeep(() => start(program, provider, pluginDir, undo));
}

async function start(program: string, provider: Provider, pluginDir: string, undo: Undo) {
  const folder = temporaryFolder("gate");
  undo.add(() => folder.remove());
  const state = join(folder.path, "state");
  mkdirSync(state);
  const upstream = await startUpstream();
  undo.add(() => upstream.stop());
  const [web, internal] = await freePorts(2);
  const url = `http://localhost:${web}`;
  provider.clients.serve(url);
  const { jwksFile: _, ...base } = gate({
    issuer: provider.issuer,
    clientId: provider.clients.idOf("basic"),
    upstreamUrl: upstream.url,
  });
  const block = {
    ...base,
    publicUrl: url,
    session: { secrets: ["env:SESSION_SECRET"] },
    login: { clientAuth: "basic", clientSecret: "env:CLIENT_SECRET" },
    stateDir: stateMount,
    keys: { refresh: "10s" },
  };
  const config = (mode: string) => Buffer.from(marshal({ ...block, mode }), "latin1").toString();
  const cache = join(root, "build/hunt/cache");
  mkdirSync(cache, { recursive: true });
  const settings = {
    wasm: join(pluginDir, "plugin.wasm"),
    cache,
    deadline: DEADLINE,
    tick: TICK,
    env: {
      SESSION_SECRET: randomBytes(32).toString("base64url"),
      CLIENT_SECRET: provider.clients.secret,
    },
    mounts: { [state]: stateMount },
    configs: { protect: config("protect"), login: config("login"), keys: config("keys") },
    web: `127.0.0.1:${web}`,
    internal: `127.0.0.1:${internal}`,
    app: upstream.url,
    provider: provider.url,
  };
  const file = join(folder.path, "settings.json");
  writeFileSync(file, JSON.stringify(settings));
  const lines: string[] = [];
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const child = await startChild(program, [file], {
    cwd: folder.path,
    env: { GOGC: "10", GOTRACEBACK: "crash" },
    onLine(line) {
      lines.push(line);
      if (line === "ready") isReady();
    },
  });
  undo.add(() => child.stop());
  await Promise.race([ready, child.ended]);
  if (!child.running()) throw new Error(lines.join("\n"));
  const gateway: Gateway = {
    pid: child.pid,
    url,
    keysFile: join(state, stateFile("jwks", provider.issuer)),
    ended: child.ended,
    output: () => lines.join("\n"),
    stop: () => undo.all(),
  };
  return gateway;
}
