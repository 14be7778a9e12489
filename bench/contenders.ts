/**
 * The middlewares in front of the upstream, each with its own entry point in one Traefik: none,
 * Rolegate, and what it is compared with: another plugin.wasm, or a plugin in Go that Traefik
 * interprets.
 */
import { createHash, createPublicKey } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Tree } from "../stack/traefik/config.ts";
import { CLIENT, type Key } from "./keys.ts";
import type { Sessions } from "./sessions.ts";
import { configuration, KEY_FILE, type Rules } from "./workload.ts";

export type Target = "bare" | "rolegate" | "against" | "peer";

export interface Contender {
  target: Target;
  title: string;
  /** A plugin that is not the checkout's: its module, and its folder or the file that takes plugin.wasm's place. */
  plugin: { module: string; folder?: string; wasm?: string } | null;
  /** The middleware's block; null: none. */
  block: Tree | null;
}

export interface Compared {
  rules?: Rules;
  /** Path of another plugin.wasm, and its rules. */
  against?: string;
  againstRules?: Rules;
  /** People's sessions take the place of tokens. */
  sessions?: Sessions;
  /** Folder of a plugin in Go, its dependencies in `vendor/`, as Traefik's local mode has it. */
  peer?: string;
}

/** Those that are asked for, in the order in which they are measured. `key` signs the tokens. */
export function contenders(key: Key, asked: Compared): Contender[] {
  const rolegate = (rules?: Rules) => {
    const block = configuration({ jwksFile: KEY_FILE }, rules) as Tree;
    return asked.sessions ? asked.sessions.block(block) : block;
  };
  const list: Contender[] = [
    { target: "bare", title: "bare Traefik", plugin: null, block: null },
    { target: "rolegate", title: "Rolegate", plugin: null, block: rolegate(asked.rules) },
  ];
  if (asked.against) {
    list.push({
      target: "against",
      title: `${digestOf([asked.against])}.wasm`,
      plugin: { module: "against", wasm: asked.against },
      block: rolegate(asked.againstRules),
    });
  }
  if (asked.peer) list.push(peer(asked.peer, key));
  return list;
}

/**
 * The blocks of plugins in Go that do the same work: signature, audience, a role, two headers. They
 * get the key as PEM, so that none has to fetch it. A check that a plugin lacks here makes it
 * faster, not slower.
 */
const PEERS: Record<string, (key: Key) => Tree> = {
  "github.com/agilezebra/jwt-middleware": ({ kid, jwk }) => ({
    validMethods: ["RS256"],
    secrets: { [kid]: pem(jwk) },
    require: { aud: CLIENT, realm_access: { roles: "prefect-runner" } },
    headerMap: { "X-Forwarded-User": "preferred_username", "X-Forwarded-Email": "email" },
    forwardToken: false,
  }),
};

function pem(jwk: Key["jwk"]): string {
  const key = createPublicKey({ key: jwk, format: "jwk" });
  return key.export({ type: "spki", format: "pem" }).toString();
}

function peer(folder: string, key: Key): Contender {
  const manifest = join(folder, ".traefik.yml");
  if (!existsSync(manifest)) throw new Error(`--peer ${folder}: no .traefik.yml there`);
  const { import: module } = parse(readFileSync(manifest, "utf8")) as { import: string };
  const block = Object.hasOwn(PEERS, module) ? PEERS[module]!(key) : null;
  if (!block) throw new Error(`--peer: ${module} is none of ${Object.keys(PEERS).join(", ")}`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.go$|^go\.mod$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return {
    target: "peer",
    title: `${module} ${digestOf(files)}`,
    plugin: { module, folder },
    block,
  };
}

/** Says which sources or which wasm a figure is of. */
function digestOf(files: string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}
