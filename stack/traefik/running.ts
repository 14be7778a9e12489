/**
 * A Traefik that runs: its addresses, its log, and changes of its dynamic configuration that are
 * seen to take effect.
 */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Child } from "../machine/child.ts";
import type { TemporaryFolder } from "../machine/cleanup.ts";
import type { Tree } from "./config.ts";
import type { TraefikLog } from "./log.ts";

/** Traefik ended without being told to. The message carries its last log lines. */
export class TraefikEnded extends Error {
  constructor(
    readonly code: number | null,
    readonly log: TraefikLog,
  ) {
    super(`Traefik ended with code ${code}:\n${log.tail()}`);
  }
}

/** Name of the entry point that Traefik's API is on. */
export const apiEntryPoint = "traefik";

interface Router {
  name: string;
  status: string;
  error?: string[];
}

export interface Running {
  child: Child;
  home: TemporaryFolder;
  log: TraefikLog;
  /** Entry point -> port. */
  ports: Record<string, number>;
  /** Entry point -> `http://127.0.0.1:port`. */
  urls: Record<string, string>;
  /** True: a router that Traefik drops is accepted. Otherwise it is an error. */
  allowDropped: boolean;
}

export class Traefik {
  /** `http://127.0.0.1:port` of the first entry point that is not the API's. */
  readonly url: string;
  /** By entry point, as the addresses below. */
  readonly ports: Record<string, number>;
  /** By entry point. */
  readonly urls: Record<string, string>;
  /** Traefik's own API, without a trailing slash: `${api}/api/rawdata`. */
  readonly api: string;
  /** The working folder: `traefik.yml`, `dynamic/`, `plugins-local/`. */
  readonly folder: string;
  readonly log: TraefikLog;
  readonly pid: number;
  /** Resolves when Traefik has ended, for whatever reason. */
  readonly ended: Promise<TraefikEnded>;
  #running: Running;
  #generation = 0;

  constructor(running: Running) {
    this.#running = running;
    this.ports = running.ports;
    this.urls = running.urls;
    this.api = running.urls[apiEntryPoint]!;
    this.url = Object.entries(running.urls).find(([name]) => name !== apiEntryPoint)![1];
    this.folder = running.home.path;
    this.log = running.log;
    this.pid = running.child.pid;
    this.ended = running.child.ended.then((code) => new TraefikEnded(code, running.log));
  }

  /**
   * Replaces the dynamic configuration (a tree, or YAML text) and waits until requests are answered
   * by the new one. Rejects when Traefik refuses it, drops one of its routers, or takes longer than
   * `timeout` ms.
   */
  async configure(dynamic: Tree | string, timeout = 60_000): Promise<void> {
    const generation = ++this.#generation;
    this.#publish("dynamic.yml", typeof dynamic === "string" ? dynamic : yamlOf(dynamic));
    // Written last, and by its name read first: Traefik reads the folder file by file, and a
    // reading that was under way was seen to take this one new and the other one old.
    const marker = {
      rule: `Path(\`/generation/${generation}\`)`,
      entryPoints: [apiEntryPoint],
      service: "noop@internal",
    };
    this.#publish(
      "0-generation.yml",
      JSON.stringify({ http: { routers: { generation: marker } } }),
    );
    await this.#poll(timeout, "the dynamic configuration is not in force", async () =>
      (await fetch(`${this.api}/generation/${generation}`)).status === 418 ? true : null,
    );
    const dropped = this.#running.allowDropped ? [] : await this.dropped();
    if (dropped.length > 0) throw new Error(`Traefik dropped routers:\n${dropped.join("\n")}`);
  }

  /**
   * Routers that Traefik does not serve, each with its reason. Their requests go to the next that
   * matches.
   */
  async dropped(): Promise<string[]> {
    const routers = (await (
      await fetch(`${this.api}/api/http/routers?per_page=1000`)
    ).json()) as Router[];
    return routers
      .filter(({ status }) => status !== "enabled")
      .map(({ name, error = [] }) => `  ${name}: ${error.join("; ")}`);
  }

  /**
   * Waits for a router of another provider, for example `app@docker`, and gives Traefik's view of
   * it.
   */
  waitForRouter(name: string, timeout = 60_000): Promise<Tree> {
    const url = `${this.api}/api/http/routers/${encodeURIComponent(name)}`;
    return this.#poll(timeout, `there is no router ${name}`, async () => {
      const response = await fetch(url);
      return response.ok ? ((await response.json()) as Tree) : null;
    });
  }

  /**
   * Ends Traefik and removes its folder. May be called again. Rejects when the plugin trapped
   * meanwhile.
   */
  async stop(): Promise<void> {
    const { child, home, log } = this.#running;
    await child.stop();
    home.remove();
    if (log.traps > 0) {
      throw new Error(`the plugin trapped ${log.traps} times. Traefik's log:\n${log.tail()}`);
    }
  }

  /** As a machine that loses its power. Its folder stays; may be called again. */
  async kill(): Promise<void> {
    const { child } = this.#running;
    if (child.running()) process.kill(child.pid, "SIGKILL");
    await child.ended;
  }

  #publish(name: string, text: string): void {
    const file = join(this.folder, "dynamic", name);
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }

  async #poll<T>(timeout: number, what: string, ask: () => Promise<T | null>): Promise<T> {
    const { child, log } = this.#running;
    for (const end = Date.now() + timeout; Date.now() < end; await sleep(20)) {
      if (!child.running()) throw new TraefikEnded(await child.ended, log);
      const found = await ask().catch(() => null);
      if (found !== null) return found;
    }
    throw new Error(`after ${timeout} ms ${what}. Traefik's log:\n${log.tail()}`);
  }
}

/**
 * JSON is YAML with every string quoted, but for control characters that JSON leaves as they are
 * (YAML 1.2 §5.1).
 */
function yamlOf(tree: Tree): string {
  return JSON.stringify(tree).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
