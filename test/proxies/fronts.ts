/** The proxies of docs/proxies.md, each started with its block from there; ports are ours. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts, isFree } from "../../stack/machine/ports.ts";
import type { Undo } from "../../stack/machine/undo.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { blocks } from "../docs/blocks.ts";
import { nginx, wheelProgram } from "./programs.ts";

const PAGE = "docs/proxies.md";

export function blockOf(kind: string): string {
  const found = blocks.filter((it) => it.place.startsWith(`${PAGE}:`) && it.kind === kind);
  assert.equal(found.length, 1, kind);
  return found[0]!.text;
}

/** Ports of the docs, and whose they are. */
const PORTS = { own: 8080, gate: 8081, app: 4200 };
export type Ports = typeof PORTS;

function ported(text: string, ports: Ports): string {
  let result = text;
  for (const [name, port] of Object.entries(PORTS)) {
    result = result.replaceAll(String(port), `<${name}>`);
  }
  return result.replace(/<(own|gate|app)>/g, (_, name: keyof Ports) => String(ports[name]));
}

export interface Front {
  port: number;
}

interface Program {
  file: string;
  kind: string;
  start(folder: string): Promise<{ program: string; args: string[] }>;
  /** What a test needs besides: no other port, no file elsewhere. */
  more?: (text: string) => string;
}

async function startProgram(
  it: Program,
  others: Omit<Ports, "own">,
  undo: Undo,
  port?: number,
): Promise<Front> {
  const home = temporaryFolder("proxy");
  undo.add(() => home.remove());
  const own = port ?? (await freePorts(1))[0]!;
  const text = ported(blockOf(it.kind), { ...others, own });
  mkdirSync(join(home.path, "logs"));
  writeFileSync(join(home.path, it.file), it.more?.(text) ?? text);
  const lines: string[] = [];
  const { program, args } = await it.start(home.path);
  const child = await startChild(program, args, {
    cwd: home.path,
    env: { PATH: process.env.PATH ?? "", HOME: home.path },
    onLine: (line) => lines.push(line),
  });
  undo.add(() => child.stop());
  for (const end = Date.now() + 30_000; await isFree(own); await sleep(50)) {
    if (!child.running() || Date.now() > end) throw new Error(lines.join("\n"));
  }
  return { port: own };
}

const startNginx = (kind: string): Program => ({
  file: "nginx.conf",
  kind,
  more: (text) => text.replace("http {", "http {\naccess_log off;"),
  async start(folder) {
    const args = ["-p", folder, "-c", "nginx.conf", "-e", "stderr"];
    return { program: await nginx(), args: [...args, "-g", "daemon off; pid nginx.pid;"] };
  },
});

const CADDY: Program = {
  file: "Caddyfile",
  kind: "Caddyfile",
  more: (text) => `{\n\tadmin off\n}\n${text}`,
  async start(folder) {
    const args = ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"];
    return { program: await wheelProgram("caddy"), args };
  },
};

const ENVOY: Program = {
  file: "envoy.yml",
  kind: "envoy.yml",
  async start() {
    const args = ["-c", "envoy.yml", "--log-level", "error", "--concurrency", "1"];
    return { program: await wheelProgram("envoy"), args: [...args, "--disable-hot-restart"] };
  },
};

/** Name -> what starts it before an application and a gate. */
export const FRONTS: Record<string, (others: Omit<Ports, "own">, undo: Undo) => Promise<Front>> = {
  nginx: (others, undo) => startProgram(startNginx("nginx.conf"), others, undo),
  Caddy: (others, undo) => startProgram(CADDY, others, undo),
  "Traefik's ForwardAuth": async (others, undo) => {
    const text = ported(blockOf("forward-auth.yml"), { ...others, own: 0 });
    const { entryPoints } = parse(blockOf("forward-auth-static.yml")) as {
      entryPoints: { web: { http: Tree } };
    };
    const { http } = entryPoints.web;
    const traefik = await startTraefik({
      dynamic: parse(text) as Tree,
      pluginDir: null,
      static: { entryPoints: { web: { http } } },
    });
    undo.add(() => traefik.stop());
    return { port: traefik.ports.web! };
  },
  Envoy: (others, undo) => startProgram(ENVOY, others, undo),
};

/** nginx in front, with sign-in at the gate. */
export function startSignInFront(
  own: number,
  app: number,
  gate: number,
  undo: Undo,
): Promise<Front> {
  const front = startNginx("sign-in.conf");
  return startProgram(
    { ...front, more: (text) => front.more!(text.replaceAll("8082", String(gate))) },
    { app, gate: 0 },
    undo,
    own,
  );
}

/** nginx between Traefik with the plugin and the application. */
export function startBehind(app: number, undo: Undo): Promise<Front> {
  return startProgram(startNginx("behind.conf"), { app, gate: 0 }, undo);
}

/** The Traefik of docs/proxies.md that decides. */
export async function startGate(state: string): Promise<Awaited<ReturnType<typeof startTraefik>>> {
  const { entryPoints } = parse(blockOf("gate-static.yml")) as {
    entryPoints: { gate: { forwardedHeaders: Tree } };
  };
  const { forwardedHeaders } = entryPoints.gate;
  return startTraefik({
    dynamic: blockOf("gate.yml"),
    mounts: { "/state": state },
    entryPoints: { gate: 0 },
    static: { entryPoints: { gate: { forwardedHeaders } } },
  });
}
