/** Saves an issuer's key set to a file, which the plugin reads again when it changes. */
import { existsSync, readFileSync } from "node:fs";
import type { Context } from "../command.ts";
import { CliError, EXIT } from "../failure.ts";
import { writeWhole } from "../write-file.ts";
import { discover, mustBeSafe } from "./discovery.ts";
import { type KeySet, keySetOf, fetchJson } from "./fetch.ts";
import { judgeKeySet } from "./judge.ts";

export interface SyncSource {
  issuer?: string | undefined;
  jwksUrl?: string | undefined;
}

/** Members of keys that are not public: RFC 7518 §6. */
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

export interface Synced {
  usable: number;
  changed: boolean;
}

/** Leaves the file unchanged when the response has no usable key. */
export async function syncKeys(source: SyncSource, out: string, context: Context): Promise<Synced> {
  const url = source.jwksUrl ?? (await jwksUrlOf(source.issuer!, context));
  mustBeSafe(url);
  const set = await context.terminal.progress(`Fetching ${url}`, async () =>
    keySetOf(await fetchJson(url, context), url),
  );
  const text = `${JSON.stringify(publicOnly(set, url), null, 2)}\n`;
  const { usable, words } = await judgeKeySet(text);
  if (usable === 0) {
    throw new CliError(
      "no_usable_key",
      `${url}: ${words.join("; ") || "it has no usable key"}`,
      "",
      EXIT.outside,
    );
  }
  const changed = !existsSync(out) || readFileSync(out, "utf8") !== text;
  // Traefik may run as another user.
  if (changed) writeWhole(out, text, { force: true });
  return { usable, changed };
}

async function jwksUrlOf(issuer: string, context: Context): Promise<string> {
  const { jwks_uri } = await discover(issuer, context);
  if (typeof jwks_uri === "string") return jwks_uri;
  throw new CliError("no_jwks_uri", `${issuer} names no jwks_uri`, "give --jwks-url", EXIT.outside);
}

function publicOnly({ keys }: KeySet, url: string): KeySet {
  // Java's and Go's encoders write an unset member as null, which holds no secret.
  const isPrivate = (key: KeySet["keys"][number]) =>
    PRIVATE.some((name) => (key[name] ?? null) !== null);
  const secret = keys.find((key) => isPrivate(key) && key.kty !== "oct");
  if (secret) {
    throw new CliError(
      "private_key",
      `${url} publishes the private part of key ${String(secret.kid)}`,
      "whoever has seen it can sign tokens: tell the provider's people",
      EXIT.outside,
    );
  }
  return { keys: keys.filter(({ kty }) => kty !== "oct") };
}
