/**
 * A real etcd of one member on the loopback address, with or without users: started, stopped,
 * killed, and started again on its data at the same address.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild, type Child } from "../machine/child.ts";
import { temporaryFolder } from "../machine/cleanup.ts";
import { freePorts, loopback } from "../machine/ports.ts";
import { findEtcd } from "./binary.ts";
import { type Access, type Entry, Gateway, type Json } from "./gateway.ts";

export interface EtcdOptions {
  /** A user with a role on one prefix; all others are refused. */
  access?: Access;
}

export interface Etcd {
  /** `http://127.0.0.1:port`; the same after each start. */
  url: string;
  port: number;
  /** Starts it again, on what it had. */
  start(): Promise<void>;
  /** Ends it in order; its data stay. */
  pause(): Promise<void>;
  /** As a machine that loses its power. */
  kill(): Promise<void>;
  /** One call of the JSON gateway below `/v3/`, as its administrator. */
  ask(path: string, body: Json): Promise<Json>;
  /** All keys and values. */
  entries(): Promise<Entry[]>;
  /** Ends it, and removes its data. */
  stop(): Promise<void>;
}

/** How long it may take until it answers. Milliseconds. */
const PATIENCE = 30_000;

export async function startEtcd(options: EtcdOptions = {}): Promise<Etcd> {
  const program = await findEtcd();
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn((await freePorts(2)) as [number, number], program, options);
    } catch (error) {
      // Another process took a port between the check and etcd's start.
      const isPortLost = (error as Error).message.includes("address already in use");
      if (!isPortLost || attempt === 3) throw error;
    }
  }
}

async function startOn(
  [port, peer]: [number, number],
  program: string,
  { access }: EtcdOptions,
): Promise<Etcd> {
  const home = temporaryFolder("etcd");
  const url = `http://${loopback}:${port}`;
  const peerUrl = `http://${loopback}:${peer}`;
  const gateway = new Gateway(url);
  let lines: string[] = [];
  let child: Child | null = null;

  const start = async () => {
    lines = [];
    child = await startChild(
      program,
      [
        ...["--name", "one", "--data-dir", join(home.path, "data")],
        ...["--listen-client-urls", url, "--advertise-client-urls", url],
        ...["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl],
        ...["--initial-cluster", `one=${peerUrl}`, "--logger", "zap"],
      ],
      { cwd: home.path, env: { PATH: process.env.PATH ?? "" }, onLine: (line) => lines.push(line) },
    );
    for (const end = Date.now() + PATIENCE; !(await gateway.isHealthy()); await sleep(20)) {
      if (child.running() && Date.now() < end) continue;
      throw new Error(`etcd does not answer:\n${lines.slice(-10).join("\n")}`);
    }
  };
  try {
    await start();
    if (access) await gateway.admit(access);
  } catch (error) {
    await (child as Child | null)?.stop();
    home.remove();
    throw error;
  }
  return {
    url,
    port,
    start,
    pause: () => child!.stop(),
    async kill() {
      if (child!.running()) process.kill(child!.pid, "SIGKILL");
      await child!.ended;
    },
    ask: (path, body) => gateway.ask(path, body),
    entries: () => gateway.entries(),
    async stop() {
      await child!.stop();
      home.remove();
    },
  };
}
