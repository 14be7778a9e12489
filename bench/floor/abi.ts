/**
 * The arguments of the host functions that a warm request calls: a number, a 64-bit number, a text
 * (pointer and length), a buffer that the host fills (pointer and size), a place for a result (pointer).
 */
export type Argument = "number" | "long" | "text" | "buffer" | "place";

export interface HostFunction {
  module: "http_handler" | "wasi_snapshot_preview1";
  arguments: readonly Argument[];
  result: "i32" | "i64" | null;
}

const http = (result: HostFunction["result"], ...list: Argument[]): HostFunction => ({
  module: "http_handler",
  arguments: list,
  result,
});

const wasi = (...list: Argument[]): HostFunction => ({
  module: "wasi_snapshot_preview1",
  arguments: list,
  result: "i32",
});

const FUNCTIONS: Record<string, HostFunction> = {
  enable_features: http("i32", "number"),
  log: http(null, "number", "text"),
  get_method: http("i32", "buffer"),
  set_method: http(null, "text"),
  get_uri: http("i32", "buffer"),
  set_uri: http(null, "text"),
  get_source_addr: http("i32", "buffer"),
  get_protocol_version: http("i32", "buffer"),
  get_header_names: http("i64", "number", "buffer"),
  get_header_values: http("i64", "number", "text", "buffer"),
  set_header_value: http(null, "number", "text", "text"),
  add_header_value: http(null, "number", "text", "text"),
  remove_header: http(null, "number", "text"),
  read_body: http("i64", "number", "buffer"),
  write_body: http(null, "number", "text"),
  get_status_code: http("i32"),
  clock_time_get: wasi("number", "long", "place"),
  path_filestat_get: wasi("number", "number", "text", "place"),
};

export function functionOf(name: string): HostFunction {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!known) throw new Error(`a warm request calls ${name}: bench/floor/abi.ts lacks it`);
  return known;
}

/** How many parameters of WebAssembly's an argument takes. */
export const widthOf = (argument: Argument) =>
  argument === "text" || argument === "buffer" ? 2 : 1;
