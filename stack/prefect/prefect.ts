/**
 * A real Prefect server on the loopback address: SQLite in a temporary folder, gone without a trace
 * when it is stopped.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "../machine/child.ts";
import { temporaryFolder } from "../machine/cleanup.ts";
import { freePorts, loopback } from "../machine/ports.ts";
import { installPrefect, type PrefectPackage } from "./package.ts";

export interface PrefectOptions {
  /** 0 or absent: one that is free. */
  port?: number;
  /** The server's settings, besides those that are set here. */
  settings?: Record<string, string>;
  /** How long it may take until it answers. Milliseconds. */
  timeout?: number;
}

export interface Prefect {
  /** `http://127.0.0.1:port`. */
  url: string;
  installed: PrefectPackage;
  /** What it wrote, the last 2,000 lines. */
  lines: string[];
  stop(): Promise<void>;
}

/**
 * What a server behind Traefik needs: the address under which its pages look for the API, relative,
 * so that it is the one that people use; that redirects are of the scheme that they use, which
 * Traefik says; and connections that live longer than Traefik's 90 seconds, or it now and then
 * sends a request on one that is just being closed: 502.
 */
const behindTraefik = {
  PREFECT_UI_API_URL: "/api",
  FORWARDED_ALLOW_IPS: loopback,
  PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "120",
};

/** Nothing leaves the machine, and nothing is kept outside `home`. */
export function environment(installed: PrefectPackage, home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    PYTHONPATH: installed.folder,
    // The packages are shared and read only; what pip compiled is enough.
    PYTHONDONTWRITEBYTECODE: "1",
    PREFECT_HOME: join(home, "prefect"),
    PREFECT_SERVER_ANALYTICS_ENABLED: "false",
    DO_NOT_TRACK: "1",
    NO_COLOR: "1",
    COLUMNS: "200",
  };
}

/** Rejects with the last lines of its log. */
export async function startPrefect(options: PrefectOptions = {}): Promise<Prefect> {
  const installed = await installPrefect();
  const home = temporaryFolder("prefect");
  const [free] = await freePorts(1);
  const port = options.port || free!;
  const url = `http://${loopback}:${port}`;
  const lines: string[] = [];
  const args = ["-m", "prefect", "server", "start", "--host", loopback, "--port", String(port)];
  const child = await startChild(installed.python, args, {
    cwd: home.path,
    env: {
      ...environment(installed, home.path),
      ...behindTraefik,
      // Its pages are copied before they are served, by default into the package.
      PREFECT_UI_STATIC_DIRECTORY: join(home.path, "ui"),
      ...options.settings,
    },
    onLine(line) {
      lines.push(line);
      if (lines.length > 2_000) lines.shift();
    },
    patience: 10_000,
    // It starts uvicorn as a child.
    group: true,
  });
  const stop = async () => {
    await child.stop();
    home.remove();
  };
  const answers = () =>
    fetch(`${url}/api/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  const end = Date.now() + (options.timeout ?? 240_000);
  for (; !(await answers()); await sleep(200)) {
    const why = !child.running() ? "Prefect ended" : Date.now() > end ? "Prefect is late" : null;
    if (!why) continue;
    await stop();
    throw new Error(`${why}:\n${lines.slice(-30).join("\n")}`);
  }
  return { url, installed, lines, stop };
}
