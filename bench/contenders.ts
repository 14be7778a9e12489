/**
 * The contenders, each in a Traefik of its own in front of the upstream: no middleware, Rolegate, and another
 * plugin.wasm. The tools of other projects are in peers/.
 */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "../stack/traefik/config.ts";
import type { TraefikOptions } from "../stack/traefik/traefik.ts";
import { root } from "../tools/root.ts";
import { apiKey, digestOf } from "../test/support/api-keys.ts";
import { makeSessions } from "./sessions.ts";
import { configuration, cookie, KEY_FILE, type Rules } from "./workload.ts";
import type { World } from "./world.ts";

/**
 * Name -> how many different credentials there are. A guest remembers about 12 tokens of this size (20 KiB), and there
 * are about as many guests as connections: of 4,096 in turn, each is long forgotten when it comes again.
 */
export const SCENARIOS = { warm: 1, distinct: 4096, session: 1, "api-key": 1 };
export type Scenario = keyof typeof SCENARIOS;

/** A process beside Traefik that is asked for each request. */
export interface Beside {
  pid: number;
  stop(): Promise<void>;
}

export interface Setup {
  /** The router's, in order: name -> block. */
  middlewares: Tree;
  traefik?: Pick<TraefikOptions, "pluginDir" | "morePlugins" | "static">;
  beside?: Beside;
  /** One that it lets in; `index` tells apart those of a scenario that has many. `address` is its entry point's. */
  credential(scenario: Scenario, address: string, index: number): string | Promise<string>;
  /** The user that the upstream must hear of; null if the name is not known before. */
  user: string | null;
}

export interface Contender {
  name: string;
  title: string;
  /** A peer's. */
  version?: string;
  /** True for what this repository has: if it fails, nothing is measured. */
  ours?: boolean;
  scenarios: Scenario[];
  /** The decisions: none, and then it gets Rolegate's requests; the user and one role; by rules. */
  decides: "nothing" | "role" | "rules";
  prepare(world: World): Setup | Promise<Setup>;
}

/** The module that figures are of: plugin.wasm of the checkout unless `wasm` is another. */
export interface Subject {
  name: string;
  title: string;
  rules?: Rules;
  wasm?: string;
}

export const bare: Contender = {
  name: "bare",
  title: "bare Traefik",
  ours: true,
  scenarios: ["warm", "distinct", "session", "api-key"],
  decides: "nothing",
  prepare: ({ token }) => ({
    middlewares: {},
    traefik: { pluginDir: null },
    credential: () => token(0),
    user: "",
  }),
};

/** Rolegate for tokens, for sessions and for API keys, each with no more than these need. */
export function rolegate(subject: Subject): Contender[] {
  const { name, title, rules, wasm } = subject;
  const plain = configuration({ jwksFile: KEY_FILE }, rules) as Tree;
  const same = { title, ours: true, decides: "rules" as const };
  const setup = (world: World, block: Tree) => ({
    middlewares: { rolegate: { plugin: { rolegate: block } } },
    traefik: wasm === undefined ? {} : { pluginDir: folderOf(wasm, join(world.folder, name)) },
  });
  return [
    {
      ...same,
      name,
      scenarios: ["warm", "distinct"],
      prepare: (world) => ({
        ...setup(world, plain),
        credential: (_scenario, _address, index) => world.token(index),
        user: "bob.runner",
      }),
    },
    {
      ...same,
      name: `${name}-session`,
      scenarios: ["session"],
      async prepare(world) {
        const sessions = await makeSessions(plain, wasm);
        return {
          ...setup(world, sessions.block(plain)),
          credential: () => cookie(sessions.make()),
          user: "bob.runner",
        };
      },
    },
    {
      ...same,
      name: `${name}-api-key`,
      scenarios: ["api-key"],
      prepare(world) {
        const keys = Array.from({ length: API_KEYS }, () => apiKey());
        const entries = keys.map((key, index) => ({
          name: `worker-${index}`,
          sha256: digestOf(key),
          roles: ["runner"],
        }));
        writeFileSync(join(world.folder, "keys.json"), JSON.stringify(entries));
        return {
          ...setup(world, { ...plain, apiKeysFile: "/state/keys.json" }),
          credential: () => keys[0]!,
          user: null,
        };
      },
    },
  ];
}

const API_KEYS = 16;

/** A plugin of another wasm, with the checkout's manifest. */
export function folderOf(wasm: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, ".traefik.yml"), join(folder, ".traefik.yml"));
  cpSync(wasm, join(folder, "plugin.wasm"));
  return folder;
}

/** Another plugin.wasm: its title says which. */
export const against = (wasm: string, rules?: Rules): Contender[] =>
  rolegate({ name: "against", title: `${digest(wasm)}.wasm`, rules, wasm });

const digest = (file: string) =>
  createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 12);
