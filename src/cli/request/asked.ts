/** A request as asked for, and as sent on the wire. */
import type { WireRequest } from "../../guest/entrypoint.ts";
import { CliError } from "../failure.ts";

export interface Asked {
  method: string;
  /** Absolute, or a path. */
  url: string;
  headers: [string, string][];
  body?: string;
}

export function headerOf(line: string): [string, string] | null {
  const colon = line.indexOf(":");
  if (colon <= 0) return null;
  const value = line.slice(colon + 1).trim();
  // In curl `Name:` means "do not send it".
  return value === "" ? null : [line.slice(0, colon).trim(), value];
}

/** The path stays exactly as given, because rules decide on it. */
export function wireOf(asked: Asked, defaultHost: string): WireRequest {
  const match = /^(?:(https?|wss?):\/\/([^/?#]+))?([/?][^#]*)?(?:#.*)?$/i.exec(asked.url);
  if (!match || (match[2] === undefined && !asked.url.startsWith("/"))) {
    throw new CliError(
      "url_invalid",
      `${asked.url} is no URL`,
      "give https://host/path, or a path that begins with /",
    );
  }
  const [, , authority, rest = "/"] = match;
  const host = asked.headers.find(([name]) => name.toLowerCase() === "host")?.[1];
  const others = asked.headers.filter(([name]) => name.toLowerCase() !== "host");
  return {
    method: asked.method,
    target: latin1(rest.startsWith("?") ? `/${rest}` : rest),
    headers: [
      ["Host", host ?? authority?.replace(/^.*@/, "") ?? defaultHost],
      ...others.map(bytes),
    ],
    ...(asked.body === undefined ? {} : { body: asked.body }),
  };
}

const latin1 = (text: string) =>
  Buffer.from(text, "utf8").toString("latin1").replaceAll(" ", "%20");
const bytes = ([name, value]: [string, string]): [string, string] => [name, latin1Value(value)];
const latin1Value = (text: string) => Buffer.from(text, "utf8").toString("latin1");
