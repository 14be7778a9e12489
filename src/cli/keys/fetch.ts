/**
 * Reads key sets and discovery documents, from a file or over HTTP: bounded in size and time, and
 * checked.
 */
import type { Context } from "../command.ts";
import { CliError, EXIT, reasonOf } from "../failure.ts";
import { SourceFile } from "../source/file.ts";

/** The plugin's limit: docs/configuration.md, KEY_FILE_BYTES. */
const KEY_SET_BYTES = 524_288;
const SECONDS = 10;

export interface KeySet {
  keys: Record<string, unknown>[];
}

/** From a path or an http(s) URL. */
export async function readKeySet(source: string, context: Context): Promise<KeySet> {
  const json = isUrl(source)
    ? await context.terminal.progress(`Fetching ${source}`, () => fetchJson(source, context))
    : parseJson((await SourceFile.read(source)).text, source);
  return keySetOf(json, source);
}

export const isUrl = (text: string) => /^https?:\/\//i.test(text);

export function keySetOf(json: unknown, source: string): KeySet {
  const keys = (json as { keys?: unknown } | null)?.keys;
  if (Array.isArray(keys) && keys.every((it) => it !== null && typeof it === "object"))
    return { keys };
  throw new CliError("no_key_set", `${source} is no key set (RFC 7517 §5)`, "", EXIT.outside);
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CliError(
      "not_json",
      `${source} is no JSON: ${(error as Error).message}`,
      "",
      EXIT.outside,
    );
  }
}

export async function fetchJson(
  url: string,
  { signal }: Pick<Context, "signal">,
): Promise<unknown> {
  return parseJson(await fetchText(url, { signal }), url);
}

/** Follows no redirect: a provider's documents are at their own addresses. */
export async function fetchText(url: string, { signal }: Pick<Context, "signal">): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(SECONDS * 1000)]),
    });
  } catch (error) {
    throw new CliError("unreachable", `${url}: ${reasonOf(error)}`, "", EXIT.outside);
  }
  if (response.status >= 300 && response.status < 400) {
    const to = response.headers.get("location") ?? "elsewhere";
    throw new CliError(
      "redirected",
      `${url} redirects to ${to}`,
      "give that address",
      EXIT.outside,
    );
  }
  if (!response.ok) {
    throw new CliError("http_status", `${url} answers ${response.status}`, "", EXIT.outside);
  }
  return readText(response, url);
}

async function readText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk as Uint8Array);
      size += (chunk as Uint8Array).length;
      if (size > KEY_SET_BYTES) {
        throw new CliError("too_large", `${url} sends more than 512 KiB`, "", EXIT.outside);
      }
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError("unreachable", `${url}: ${reasonOf(error)}`, "", EXIT.outside);
  }
  return Buffer.concat(chunks).toString("utf8");
}
