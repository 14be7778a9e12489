/** The real Prometheus and its promtool, from Debian's packages where they are missing. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { installFromDebian } from "../../stack/fetch/debian.ts";
import { type Child, startChild } from "../../stack/machine/child.ts";
import { outputOf } from "../../stack/machine/command.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";

export async function needPrometheus(): Promise<void> {
  const isThere = async () =>
    (await outputOf({ program: "promtool", args: ["--version"] })) !== null;
  if (await isThere()) return;
  await installFromDebian("prometheus", [["prometheus"]]);
  if (!(await isThere())) throw new Error("prometheus and promtool are needed, on PATH");
}

/** What a node exporter would say: the text, whatever it is just now. */
export async function serveText(text: () => string) {
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/plain; version=0.0.4");
    response.end(text());
  });
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    target: `${loopback}:${port}`,
    stop: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

export interface Series {
  metric: Record<string, string>;
  value: [number, string];
}

export class Prometheus {
  private constructor(
    private readonly child: Child,
    private readonly url: string,
  ) {}

  /** `folder` has prometheus.yml. */
  static async start(folder: string): Promise<Prometheus> {
    const [port] = await freePorts(1);
    const lines: string[] = [];
    const args = [
      ...["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--log.level=warn"],
      `--web.listen-address=${loopback}:${port}`,
    ];
    const child = await startChild("prometheus", args, {
      ...{ cwd: folder, env: { PATH: process.env.PATH ?? "" } },
      onLine: (line) => lines.push(line),
    });
    const prometheus = new Prometheus(child, `http://${loopback}:${port}`);
    while (
      !(await fetch(`${prometheus.url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (!child.running()) throw new Error(`prometheus ended:\n${lines.join("\n")}`);
      await sleep(50);
    }
    return prometheus;
  }

  async get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(query)}`);
    const { status, data, error } = (await response.json()) as {
      status: string;
      data: T;
      error?: string;
    };
    if (status !== "success") throw new Error(`${JSON.stringify(query)}: ${error}`);
    return data;
  }

  async query(query: string): Promise<Series[]> {
    return (await this.get<{ result: Series[] }>("query", { query })).result;
  }

  /** Until the query has an answer that is `wanted`. */
  async until(query: string, wanted: (series: Series[]) => boolean): Promise<Series[]> {
    for (;;) {
      const series = await this.query(query);
      if (wanted(series)) return series;
      await sleep(100);
    }
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
