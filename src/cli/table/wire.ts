/** A row's request as sent on the wire. */
import type { WireRequest } from "../../guest/entrypoint.ts";
import { wireOf } from "../request/asked.ts";
import type { Row } from "./read.ts";

type Asked = Pick<Row, "method" | "url" | "headers" | "body">;

/** The method of a row for a WebSocket. */
export const WEB_SOCKET = "WS";

const UPGRADE: [string, string][] = [
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
];
/** Rules read only a body whose type is JSON. */
const JSON_BODY: [string, string][] = [["Content-Type", "application/json"]];

/** A header of the row replaces another of its name. */
export function wireFor(
  { method, url, headers, body }: Asked,
  credentials: [string, string][],
  host: string,
): WireRequest {
  const isWebSocket = method === WEB_SOCKET;
  const own = new Set(headers.map(([name]) => name.toLowerCase()));
  const added = [
    ...credentials,
    ...(isWebSocket ? UPGRADE : []),
    ...(body === null ? [] : JSON_BODY),
  ].filter(([name]) => !own.has(name.toLowerCase()));
  const asked = { method: isWebSocket ? "GET" : method, url, headers: [...headers, ...added] };
  return wireOf(body === null ? asked : { ...asked, body }, host);
}
