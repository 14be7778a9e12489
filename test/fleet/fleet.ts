/** Three Traefiks with one secret and no common folder, an engine, and a way to it that each has for itself. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Etcd, startEtcd } from "../../stack/etcd/etcd.ts";
import type { Access } from "../../stack/etcd/gateway.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { Stage } from "../browser/stage.ts";
import { until } from "../browser/until.ts";
import type { HttpBrowser } from "../support/http-browser.ts";
import { Relay } from "./relay.ts";

export const SIZE = 3;
/** Between two readings of the engine. Seconds. */
const INTERVAL = 2;
/** docs/operations.md, "Several Traefiks": within so many seconds a sign-out holds everywhere. */
export const BOUND = 8;
export const path = "/api/runs";
/** `store.prefix` as it is. */
export const PREFIX = "rolegate/";

export interface FleetOptions {
  /** Merged into the plugin's block. */
  block?: Tree;
  /** etcd has users, and the plugin is one of them. */
  access?: Access;
  /** Another password than the user's. */
  wrongPassword?: string;
  /** `folder`: a shared one; `none`: nothing is shared. */
  shares?: "engine" | "folder" | "none";
  /** Where the state folders are, if not in the system's temporary folder. */
  stateParent?: string;
}

export class Fleet {
  readonly stage: Stage;
  etcd!: Etcd;
  relays: Relay[] = [];
  readonly #prefix: string;

  constructor(options: FleetOptions = {}) {
    const { block = {}, access, shares = "engine" } = options;
    this.#prefix = access?.prefix ?? PREFIX;
    const { stateParent } = options;
    const common = {
      ...{ replicas: SIZE, sharedState: shares === "folder", block },
      ...(stateParent === undefined ? {} : { stateParent }),
    };
    this.stage = new Stage(async () => {
      if (shares !== "engine") return common;
      this.etcd = await startEtcd(access ? { access } : {});
      for (let i = 0; i < SIZE; i++) this.relays.push(await Relay.start(this.etcd.port));
      const user = access
        ? { username: access.username, password: "env:ETCD_PASSWORD", prefix: access.prefix }
        : {};
      const password = options.wrongPassword ?? access?.password;
      return {
        ...common,
        store: {
          block: { kind: "etcd", ...user },
          urls: this.relays.map(({ url }) => url),
          interval: `${INTERVAL}s`,
          ...(password === undefined ? {} : { envs: { ETCD_PASSWORD: password } }),
        },
      };
    });
    after(async () => {
      for (const relay of this.relays) await relay.stop();
      await this.etcd?.stop();
    });
  }

  /** Where browsers' next connections go. */
  send(...to: number[]): void {
    const { balancer, replicas } = this.stage.stack;
    balancer!.targets.splice(0, Infinity, ...to.map((index) => replicas[index]!.ports.web!));
    balancer!.drop();
  }

  toAll(): void {
    this.send(...this.all);
  }

  get all(): number[] {
    return Array.from({ length: SIZE }, (_, index) => index);
  }

  /** What a script with these cookies is answered by one of them. */
  ask(index: number, cookies: string): Promise<number> {
    return this.askWith(index, { Cookie: cookies });
  }

  /** Status of one of them for a request with these headers. */
  askWith(index: number, more: Record<string, string>): Promise<number> {
    const { replicas, url } = this.stage.stack;
    const headers = { Host: new URL(url).host, ...more };
    return new Promise((resolve, reject) => {
      const asked = get(`${replicas[index]!.url}${path}`, { headers }, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
      });
      asked.on("error", reject);
    });
  }

  async cookiesOf(browser: HttpBrowser): Promise<string> {
    return browser.jar.getCookieString(this.stage.url("/"));
  }

  /** The statuses of as many requests at a time as there may be guests, at each of them. */
  async statuses(cookies: string, at = this.all, many = 4): Promise<number[][]> {
    return Promise.all(
      at.map((index) => Promise.all(Array.from({ length: many }, () => this.ask(index, cookies)))),
    );
  }

  /** A file of one Traefik's own folder. */
  file(index: number, name: string): string {
    return join(this.stage.stack.stateFolders[index]!, name);
  }

  /** Each has read the engine. */
  ready(): Promise<void> {
    const name = stateFile("store-read", this.#prefix);
    return until("each has read the engine", () =>
      this.all.every((index) => existsSync(this.file(index, name))),
    );
  }

  /**
   * Waits until nobody with these cookies is let in by any guest, and gives the seconds until then.
   * Fails if one is let in later than the bound; what this machine itself was held up does not count.
   */
  async signedOut(cookies: string, at = this.all, bound = BOUND): Promise<number> {
    const begin = Date.now();
    let lastIn = begin;
    let heldUp = 0;
    // Each guest looks for itself, in its own time.
    for (let out = 0; out < 12;) {
      const asked = Date.now();
      const statuses = (await this.statuses(cookies, at)).flat();
      if (statuses.includes(200)) {
        lastIn = asked;
        out = 0;
      } else out++;
      assert.ok(
        statuses.every((it) => it === 200 || it === 401),
        String(statuses),
      );
      await sleep(150);
      heldUp = Math.max(heldUp, Date.now() - asked - 150);
      const late = lastIn - begin - bound * 1_000;
      assert.ok(late <= heldUp, `let in ${late} ms after the bound: ${statuses.join(" ")}`);
    }
    return (lastIn - begin) / 1_000;
  }

  /** Of a Traefik, to the engine. */
  visitsOf(index: number, kind = ""): number {
    return this.relays[index]!.visits.filter(({ url }) => url.includes(kind)).length;
  }
}
