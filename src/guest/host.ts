/**
 * The host module `http_handler` of http-wasm's ABI, as in http-wasm-host-go 0.7.0: every function
 * that a guest may import. A panic of the Go host is an exception here, and so traps the guest.
 */
import { Exchange } from "./exchange.ts";
import { Headers, TRAILER } from "./header.ts";
import { type LogLine, parseLine } from "./log.ts";
import { GuestMemory, HostPanic } from "./memory.ts";
import type { Buffering } from "./proxy.ts";

/** What the host keeps for a middleware, shared by all of its guests. */
export interface Shared {
  /** Features that guests enabled while they started. */
  features: number;
}

/** The state of the host functions; `exchange` is set while a request is in the guest. */
export interface HostState {
  memory: GuestMemory;
  config: string;
  shared: Shared;
  exchange: Exchange | null;
  /** The middleware after the plugin. */
  buffering: Buffering | null;
  log(line: LogLine): void;
}

/**
 * Kinds of headers and bodies: 0 and 1 are the request and the response, 2 and 3 their trailers.
 */
const RESPONSE = 1;
const KINDS = ["request header", "response header", "request trailer", "response trailer"] as const;

export function hostModule(state: HostState): Record<string, (...args: number[]) => unknown> {
  const memory = () => state.memory;
  const exchange = () => {
    if (!state.exchange) throw new HostPanic("no request");
    return state.exchange;
  };
  const request = () => exchange().request;

  const headersOf = (kind: number): Headers => {
    if (KINDS[kind] === undefined) throw new HostPanic(`unsupported header kind: ${kind}`);
    return kind === 0 ? request().headers : exchange().writer.headers;
  };
  const nameOf = (kind: number, name: number, length: number): string => {
    if (length === 0) throw new HostPanic("HTTP header name cannot be empty");
    return (kind >= 2 ? TRAILER : "") + memory().text(name, length, "name");
  };
  const mutable = (kind: number, operation: string): Headers => {
    const headers = headersOf(kind);
    const what = `${operation} ${KINDS[kind]}`;
    if (kind % 2 === RESPONSE) exchange().mustBeWritable(what);
    else exchange().mustBeBeforeNext(what);
    return headers;
  };

  const mustBeBody = (kind: number): void => {
    if (kind > RESPONSE) throw new HostPanic(`unsupported body kind: ${kind}`);
  };

  return {
    enable_features(features) {
      if (state.exchange) return state.exchange.enable(features!);
      return (state.shared.features |= features!);
    },
    get_config: (buffer, limit) => memory().writeText(buffer!, limit!, state.config),
    // Traefik's logger reports every level as enabled, whichever it then writes.
    log_enabled: () => 1,
    log(level, message, length) {
      const text = memory().view(message!, length!, "message").toString("utf8");
      state.log(parseLine(level!, text));
    },

    get_method: (buffer, limit) => memory().writeText(buffer!, limit!, request().method),
    set_method(method, length) {
      exchange().mustBeBeforeNext("set method");
      if (length === 0) throw new HostPanic("HTTP method cannot be empty");
      request().method = memory().text(method!, length!, "method");
    },
    get_uri(buffer, limit) {
      return memory().writeText(buffer!, limit!, request().uri.toString());
    },
    set_uri(uri, length) {
      exchange().mustBeBeforeNext("set uri");
      exchange().setUri(memory().text(uri!, length!, "uri"));
    },
    get_protocol_version(buffer, limit) {
      return memory().writeText(buffer!, limit!, request().protocol);
    },
    get_source_addr: (buffer, limit) => memory().writeText(buffer!, limit!, request().remote),

    get_header_names(kind, buffer, limit) {
      const headers = headersOf(kind!);
      const names = kind! >= 2 ? headers.trailerNames() : headers.names();
      if (kind === 0 && request().host !== "") names.push("Host");
      const lower = names.sort().map((name) => name.toLowerCase());
      return memory().writeList(buffer!, limit!, lower);
    },
    get_header_values(kind, name, length, buffer, limit) {
      const text = nameOf(kind!, name!, length!);
      const isHost = kind === 0 && text.toLowerCase() === "host";
      const values = isHost ? [request().host] : headersOf(kind!).values(text);
      return memory().writeList(buffer!, limit!, values);
    },
    set_header_value(kind, name, nameLength, value, length) {
      const headers = mutable(kind!, "set");
      headers.set(nameOf(kind!, name!, nameLength!), memory().text(value!, length!, "value"));
    },
    add_header_value(kind, name, nameLength, value, length) {
      const headers = mutable(kind!, "add");
      const text = memory().text(value!, length!, "value");
      // The host sets trailers where it should add them.
      if (kind! >= 2) headers.set(nameOf(kind!, name!, nameLength!), text);
      else headers.add(nameOf(kind!, name!, nameLength!), text);
    },
    remove_header(kind, name, length) {
      mutable(kind!, "remove").delete(nameOf(kind!, name!, length!));
    },

    read_body(kind, buffer, limit) {
      mustBeBody(kind!);
      if (limit === 0) throw new HostPanic("buf_limit==0 reading body");
      const into = memory().view(buffer!, limit!, "body");
      if (kind === RESPONSE) exchange().mustBeWritable("read response body");
      else exchange().mustBeBeforeNext("read request body");
      const { count, end } =
        kind === RESPONSE ? exchange().readResponseBody(into) : exchange().readRequestBody(into);
      return (end ? 1n << 32n : 0n) | BigInt(count);
    },
    write_body(kind, buffer, length) {
      mustBeBody(kind!);
      const bytes = memory().view(buffer!, length!, "body");
      if (kind === RESPONSE) {
        exchange().mustBeWritable("write response body");
        exchange().writeResponseBody(bytes);
      } else {
        exchange().mustBeBeforeNext("write request body");
        exchange().writeRequestBody(bytes);
      }
    },
    get_status_code: () => exchange().buffered.status || 200,
    set_status_code(status) {
      exchange().mustBeWritable("set status code");
      exchange().writer.writeHeader(status!);
    },
  };
}
