/**
 * Two guests of one configuration, one on the Node host and one on wazero: each request goes to both at the same
 * moment of their clock, and all that comes of it must be the same, byte for byte.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "../../stack/machine/cleanup.ts";
import type { WireRequest } from "../../src/guest/entrypoint.ts";
import type { Check, Guest, Result } from "../../src/guest/guest.ts";
import { type GuestOptions, loadGuest } from "../../src/guest/load.ts";
import type { LogLine } from "../../src/guest/log.ts";
import type { Upstream, UpstreamResponse } from "../../src/guest/proxy.ts";
import { pluginWasm } from "../support/gate.ts";
import type { GoGuest, GoHost } from "../support/go-host.ts";
import { plainResult } from "../support/plain-result.ts";

/** Pages of 64 KiB that a guest never has more of, also after a body of 1 MiB. */
const PAGES = 20;

export interface TwinOptions extends Partial<Omit<GuestOptions, "wasm">> {
  /** Where the guests see a folder, each its own with the same files; default: nowhere. */
  mount?: string;
  /** Writes the files before the guests start. */
  files?: (folder: string) => void;
  pages?: number;
}

export class Twins {
  private constructor(
    private readonly here: Guest,
    private readonly there: GoGuest,
    private readonly moment: { now: number },
    private readonly options: TwinOptions,
    private readonly folders: TemporaryFolder | null,
  ) {}

  static async load(host: GoHost, config: unknown, options: TwinOptions = {}): Promise<Twins> {
    const { mount, files, pages: _, now: clock = Date.now, ...rest } = options;
    const moment = { now: clock() };
    const folders = mount === undefined ? null : temporaryFolder("twins");
    const of = (name: string): GuestOptions => {
      const own = { ...rest, wasm: pluginWasm, config, now: () => moment.now };
      if (!folders) return own;
      const folder = join(folders.path, name);
      mkdirSync(folder);
      files?.(folder);
      return { ...own, mounts: [`${folder}:${mount}`] };
    };
    const here = await loadGuest(of("node"));
    const there = await host.load(of("go"));
    const twins = new Twins(here, there, moment, options, folders);
    assert.deepEqual(linesOf(there.startLogs), linesOf(here.startLogs), "logged at the start");
    twins.watch(here.startLogs);
    return twins;
  }

  get startLogs(): readonly LogLine[] {
    return this.here.startLogs;
  }

  get pages(): number {
    return this.here.pages;
  }

  /** Does the same with the files of both. */
  change(work: (folder: string) => void): void {
    for (const name of ["node", "go"]) work(join(this.folders!.path, name));
  }

  async check(): Promise<Check> {
    const [here, there] = [this.here.check(), await this.there.check()];
    assert.equal(there.errors, here.errors);
    assert.deepEqual(linesOf(there.logs), linesOf(here.logs), "logged by check()");
    return here;
  }

  /** The upstream is asked once, and what it answers goes to both. */
  async handle(wire: WireRequest, upstream: Upstream = () => ({})): Promise<Result> {
    this.moment.now = (this.options.now ?? Date.now)();
    const answers: UpstreamResponse[] = [];
    const here = await this.here.handle(wire, async (request) => {
      const answer = await upstream(request);
      answers.push(answer);
      return answer;
    });
    const there = await this.there.handle(wire, () => {
      const answer = answers.shift();
      assert.ok(answer, "forwarded on wazero only");
      return answer;
    });
    assert.equal(here.trap, null);
    assert.equal(there.trap, null);
    assert.deepEqual(plain(there), plain(here));
    this.watch(here.logs);
    return here;
  }

  async close(): Promise<void> {
    await this.there.close();
    this.folders?.remove();
  }

  private watch(logs: readonly LogLine[]): void {
    const recovered = logs.filter(({ data }) => data?.rolegate === "recovered");
    assert.deepEqual(recovered, [], "recovered from a trap");
    const { pages = PAGES } = this.options;
    assert.ok(this.pages <= pages, `${this.pages} pages of memory`);
  }
}

const linesOf = (logs: readonly LogLine[]) => logs.map(({ level, message }) => [level, message]);

function plain(result: Result) {
  return { ...plainResult(result), pages: result.pages, logs: linesOf(result.logs) };
}
