/** Looks at the provider: its discovery document and its keys, which the plugin judges. */
import { existsSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { parseMount } from "../../guest/wasi.ts";
import { CliError } from "../failure.ts";
import { textOf } from "../middleware/block.ts";
import { discover } from "../keys/discovery.ts";
import { fetchText } from "../keys/fetch.ts";
import { looksAtSignOut } from "./sign-out.ts";
import { judgeKeySet } from "../keys/judge.ts";
import { isBelow, within } from "../source/mounts.ts";
import { elsewhere, refreshNotAsked } from "./metadata.ts";
import type { Check, Target, Finding } from "./target.ts";

class KeySetUnread extends Error {}

export const looksAtProvider: Check = async (target) => {
  const { issuer, context, learned } = target;
  if (issuer === null) return [];
  let set: string;
  const found: Finding[] = [];
  try {
    const metadata = await discover(issuer, context);
    found.push(...elsewhere(metadata, target), ...refreshNotAsked(target));
    found.push(...(await looksAtSignOut(metadata.end_session_endpoint, target)));
    const { jwks_uri } = metadata;
    if (typeof jwks_uri !== "string")
      return [{ code: "discovery_failed", evidence: `${issuer} names no jwks_uri` }];
    set = await fetchText(jwks_uri, context).catch((error: unknown) => {
      if (error instanceof CliError) throw new KeySetUnread(error.message);
      throw error;
    });
  } catch (error) {
    if (error instanceof KeySetUnread)
      return [...found, { code: "jwks_failed", evidence: error.message }];
    if (!(error instanceof CliError)) throw error;
    const { code, message } = error;
    return [
      ...found,
      {
        code: code === "issuer_differs" ? "issuer_differs" : "discovery_failed",
        evidence: message,
      },
    ];
  }
  const { usable, words } = await judgeKeySet(set);
  if (usable === 0) return [...found, { code: "no_usable_key", evidence: words.join("; ") }];
  learned.jwks = set;
  return [...found, ...stale(set, target)];
};

function stale(published: string, target: Target): Finding[] {
  const file = target.jwksFile ?? mountedKeys(target);
  if (file === null) return [];
  if (!existsSync(file)) return [{ code: "keys_stale", evidence: `there is no ${file}` }];
  const kids = (text: string) => {
    try {
      const { keys } = JSON.parse(text) as { keys: { kid?: string; use?: string }[] };
      return keys.filter(({ use }) => use !== "enc").map(({ kid }) => kid ?? "(none)");
    } catch {
      return [];
    }
  };
  const here = new Set(kids(readFileSync(file, "utf8")));
  const missing = kids(published).filter((kid) => !here.has(kid));
  return missing.length > 0
    ? [{ code: "keys_stale", evidence: `${file} lacks ${missing.join(", ")}` }]
    : [];
}

/** The file that the plugin reads, if its folder is on this machine and has it. */
function mountedKeys({ block, open, issuer }: Target): string | null {
  if (block === null || open === null || issuer === null) return null;
  const state = textOf(block, "stateDir");
  const digest = createHash("sha256").update(issuer).digest("hex").slice(0, 16);
  // The name in assembly/config/state.ts.
  const path = textOf(block, "jwksFile") ?? (state && join(state, `jwks-${digest}.json`));
  if (!path) return null;
  for (const { host, guest } of open.around.mounts.map(parseMount)) {
    const file = within({ folder: host, guest }, path);
    if (isBelow(path, guest) && existsSync(file)) return file;
  }
  return null;
}
