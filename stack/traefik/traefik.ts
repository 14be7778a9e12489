/**
 * Starts a real Traefik on the loopback address, with the plugin in local mode in a temporary
 * folder of its own. Its end before it answers is an error that carries its last log lines.
 */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startChild } from "../machine/child.ts";
import { temporaryFolder } from "../machine/cleanup.ts";
import { freePorts, loopback } from "../machine/ports.ts";
import { root } from "../../tools/root.ts";
import { findTraefik } from "./binary.ts";
import { pluginName, staticConfiguration, type Tree } from "./config.ts";
import { TraefikLog } from "./log.ts";
import { apiEntryPoint, Traefik, TraefikEnded } from "./running.ts";

export interface TraefikOptions {
  /** The program; what `findTraefik` finds when absent. */
  binary?: string | undefined;
  /**
   * Dynamic configuration (`http: {routers, services, middlewares}`) for the file provider, or YAML
   * text; or what makes it of the entry points' ports.
   */
  dynamic?: Tree | string | ((ports: Record<string, number>) => Tree);
  /** Further files of dynamic configuration, name -> YAML text. They are not changed afterwards. */
  files?: Record<string, string>;
  /** Merged into the static configuration. */
  static?: Tree;
  /**
   * Holds `.traefik.yml` and `plugin.wasm`; the checkout's when absent, no plugin at all when null.
   */
  pluginDir?: string | null;
  /** Further plugins by name, with the same mounts; all that is in the folder is copied. */
  morePlugins?: Record<string, { module: string; folder: string }>;
  /** Path as the guest sees it -> folder of the host (`:ro` at its end for read-only). */
  mounts?: Record<string, string>;
  /** Environment variables that the guest may see. */
  envs?: Record<string, string>;
  /** Environment variables that Go's runtime in Traefik reads, and no guest sees. */
  runtime?: Record<string, string>;
  logLevel?: "DEBUG" | "INFO" | "WARN" | "ERROR";
  /** Name -> port, 0 for one that is free; `{web: 0}` when absent. */
  entryPoints?: Record<string, number>;
  /** True: a router that Traefik drops (its plugin does not start) is accepted. */
  allowDropped?: boolean;
  /** How long it may take until the dynamic configuration is in force. Milliseconds. */
  timeout?: number;
}

/**
 * Starts Traefik and waits until the dynamic configuration is in force. Rejects with
 * `TraefikEnded`.
 */
export async function startTraefik(options: TraefikOptions = {}): Promise<Traefik> {
  const binary = options.binary ?? (await findTraefik());
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(binary, options);
    } catch (error) {
      // Another process took a port between the check and Traefik's start.
      const portLost =
        error instanceof TraefikEnded && error.message.includes("address already in use");
      if (!portLost || attempt === 3) throw error;
    }
  }
}

async function choosePorts(entryPoints: Record<string, number>): Promise<Record<string, number>> {
  const names = [...Object.keys(entryPoints), apiEntryPoint];
  const free = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, entryPoints[name] || free[index]!]));
}

function writePlugin(folder: string, source: string): void {
  const target = join(folder, "plugins-local", "src", pluginName);
  mkdirSync(target, { recursive: true });
  // A copy: a build that runs meanwhile must not change what Traefik loads.
  for (const file of [".traefik.yml", "plugin.wasm"])
    cpSync(join(source, file), join(target, file));
}

async function start(binary: string, options: TraefikOptions): Promise<Traefik> {
  const { pluginDir = root, envs = {}, entryPoints = { web: 0 } } = options;
  const ports = await choosePorts(entryPoints);
  const home = temporaryFolder("traefik");
  const configFile = join(home.path, "traefik.yml");
  const dynamicFolder = join(home.path, "dynamic");
  const log = new TraefikLog();
  let traefik: Traefik | undefined;
  try {
    mkdirSync(dynamicFolder);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      writeFileSync(join(dynamicFolder, name), text);
    }
    if (pluginDir !== null) writePlugin(home.path, pluginDir);
    const more = Object.entries(options.morePlugins ?? {});
    for (const [, { module, folder }] of more) {
      cpSync(folder, join(home.path, "plugins-local", "src", module), { recursive: true });
    }
    const configuration = staticConfiguration({
      ports,
      dynamicFolder,
      plugin: pluginDir !== null,
      morePlugins: Object.fromEntries(more.map(([name, { module }]) => [name, module])),
      mounts: options.mounts ?? {},
      envs: Object.keys(envs),
      logLevel: options.logLevel ?? "INFO",
      extra: options.static ?? {},
    });
    writeFileSync(configFile, JSON.stringify(configuration, null, 2));
    const child = await startChild(binary, [`--configFile=${configFile}`], {
      cwd: home.path,
      // No further variables: TRAEFIK_* would change the static configuration.
      env: { PATH: process.env.PATH ?? "", ...options.runtime, ...envs },
      onLine: (line) => log.add(line),
    });
    const urls = Object.fromEntries(
      Object.entries(ports).map(([name, port]) => [name, `http://${loopback}:${port}`]),
    );
    traefik = new Traefik({
      child,
      home,
      log,
      ports,
      urls,
      allowDropped: options.allowDropped ?? false,
    });
    const { dynamic = {} } = options;
    const made = typeof dynamic === "function" ? dynamic(ports) : dynamic;
    await traefik.configure(made, options.timeout ?? 60_000);
    return traefik;
  } catch (error) {
    await traefik?.stop();
    home.remove();
    throw error;
  }
}
