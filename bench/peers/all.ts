/** The peers that `--peers DIR` knows; those that are not in DIR are left out, and named. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Contender } from "../contenders.ts";
import { authelia } from "./authelia.ts";
import { oauth2Proxy } from "./oauth2-proxy.ts";
import { goPlugins } from "./plugins.ts";

/** In the order in which they are measured and shown. */
const PEERS = [oauth2Proxy, authelia, ...goPlugins];

export function peersIn(dir: string): { found: Contender[]; absent: string[] } {
  if (!existsSync(dir)) throw new Error(`--peers ${dir}: no such folder`);
  const there = PEERS.filter((peer) => existsSync(peer.place(dir)));
  if (there.length === 0) {
    throw new Error(`--peers ${dir}: none of ${PEERS.map(({ name }) => name).join(", ")} is there`);
  }
  return {
    found: there.map((peer) => {
      const place = peer.place(dir);
      return { ...peer.contender(place), version: versionOf(place) };
    }),
    absent: PEERS.filter((peer) => !there.includes(peer)).map(({ name }) => name),
  };
}

/** The text of the file beside it, `NAME.version`, and a digest of the program or the sources. */
function versionOf(place: string): string {
  const note = `${place}.version`;
  const told = existsSync(note) ? readFileSync(note, "utf8").trim() : "unknown";
  const files = statSync(place).isFile() ? [place] : goSources(place);
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return `${told} (${hash.digest("hex").slice(0, 12)})`;
}

const goSources = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.go$|^go\.mod$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
