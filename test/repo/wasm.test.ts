/** What plugin.wasm asks of its host and how large it is. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/root.ts";

const bytes = readFileSync(join(root, "plugin.wasm"));
const module = new WebAssembly.Module(bytes);

/** All that the guest may ask for. Traefik knows these two modules; and the guest has no use for the rest of WASI. */
const IMPORTS: Record<string, string[]> = {
  http_handler: [
    ...["enable_features", "get_config", "log", "log_enabled"],
    ...["get_method", "set_method", "get_uri", "set_uri", "get_protocol_version"],
    ...["get_source_addr", "get_header_names", "get_header_values", "set_header_value"],
    ...["add_header_value", "remove_header", "read_body", "write_body"],
    ...["get_status_code", "set_status_code"],
  ],
  wasi_snapshot_preview1: [
    ...["clock_time_get", "environ_get", "environ_sizes_get"],
    ...["fd_close", "fd_prestat_get", "fd_prestat_dir_name", "fd_read", "fd_filestat_get"],
    ...["path_filestat_get", "path_open", "fd_write", "fd_pwrite", "fd_readdir"],
    ...["path_create_directory", "path_rename", "path_unlink_file"],
  ],
};

test("it imports from http_handler and wasi_snapshot_preview1 only, and only what it may", () => {
  const foreign = WebAssembly.Module.imports(module)
    .filter(({ module, name }) => !IMPORTS[module]?.includes(name))
    .map(({ module, name }) => `${module}.${name}`);
  assert.deepEqual(foreign, []);
  assert.ok(!IMPORTS.wasi_snapshot_preview1!.includes("random_get"), "randomness is not random");
});

test("it exports what Traefik and the command line call", () => {
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  for (const name of ["memory", "_initialize", "handle_request", "handle_response", "check"]) {
    assert.ok(names.includes(name), `${name} is missing`);
  }
});

test("it is smaller than 260 KiB", () => {
  assert.ok(bytes.length < 260 * 1024, `${bytes.length} bytes`);
});

/** Pages of 64 KiB: ten times what the heaviest configuration takes (test/loops/heaviest.test.ts). */
const MOST_PAGES = 4096;

test("its memory ends at 256 MiB: a guest that goes wrong must not have Traefik find it gigabytes", () => {
  const instance = new WebAssembly.Instance(module, nothing());
  const memory = instance.exports.memory as WebAssembly.Memory;
  const pages = memory.buffer.byteLength >>> 16;
  assert.ok(memory.grow(MOST_PAGES - pages) === pages);
  assert.throws(() => memory.grow(1), RangeError);
});

/** A host that does nothing: its functions are there. */
function nothing(): WebAssembly.Imports {
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => 0;
  }
  return imports;
}
