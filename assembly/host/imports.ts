/**
 * The host functions that the guest imports, one a line: http-wasm's handler ABI and calls of WASI
 * preview 1.
 */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.

/** Kinds of headers and bodies in the ABI. The guest does not use a request's trailers (2). */
export const REQUEST: i32 = 0;
export const RESPONSE: i32 = 1;
export const RESPONSE_TRAILERS: i32 = 3;
/** A feature bit: the guest gets the upstream's response before the client does. */
export const BUFFER_RESPONSE: i32 = 2;

// Reads take a buffer and its size, write nothing when it is too small, and return the size needed.
// Functions for names and values return the count in the upper half and the size in the lower.
@external("http_handler", "enable_features") export declare function enableFeatures(features: i32): i32;
@external("http_handler", "get_config") export declare function getConfig(buffer: usize, size: i32): i32;
@external("http_handler", "get_method") export declare function getMethod(buffer: usize, size: i32): i32;
@external("http_handler", "set_method") export declare function setMethod(method: usize, length: i32): void;
@external("http_handler", "get_uri") export declare function getUri(buffer: usize, size: i32): i32;
@external("http_handler", "set_uri") export declare function setUri(uri: usize, length: i32): void;
@external("http_handler", "get_header_names") export declare function getHeaderNames(kind: i32, buffer: usize, size: i32): i64;
@external("http_handler", "get_header_values") export declare function getHeaderValues(kind: i32, name: usize, nameLength: i32, buffer: usize, size: i32): i64;
@external("http_handler", "set_header_value") export declare function setHeaderValue(kind: i32, name: usize, nameLength: i32, value: usize, length: i32): void;
@external("http_handler", "add_header_value") export declare function addHeaderValue(kind: i32, name: usize, nameLength: i32, value: usize, length: i32): void;
@external("http_handler", "remove_header") export declare function removeHeader(kind: i32, name: usize, nameLength: i32): void;
@external("http_handler", "get_status_code") export declare function getStatusCode(): i32;
@external("http_handler", "set_status_code") export declare function setStatusCode(status: i32): void;
@external("http_handler", "get_source_addr") export declare function getSourceAddr(buffer: usize, size: i32): i32;
// Returns whether that was the end in the upper half, and how much was read in the lower.
@external("http_handler", "read_body") export declare function readBody(kind: i32, buffer: usize, size: i32): i64;
@external("http_handler", "write_body") export declare function writeBody(kind: i32, body: usize, length: i32): void;
@external("http_handler", "log") export declare function log(level: i32, message: usize, length: i32): void;

// All return an errno, 0 for success.
@external("wasi_snapshot_preview1", "clock_time_get") export declare function clockTimeGet(clock: i32, precision: i64, result: usize): i32;
@external("wasi_snapshot_preview1", "fd_prestat_get") export declare function fdPrestatGet(fd: i32, result: usize): i32;
@external("wasi_snapshot_preview1", "fd_prestat_dir_name") export declare function fdPrestatDirName(fd: i32, buffer: usize, size: i32): i32;
@external("wasi_snapshot_preview1", "path_filestat_get") export declare function pathFilestatGet(fd: i32, flags: i32, path: usize, length: i32, result: usize): i32;
@external("wasi_snapshot_preview1", "path_open") export declare function pathOpen(fd: i32, lookup: i32, path: usize, length: i32, open: i32, rights: i64, inheriting: i64, flags: i32, result: usize): i32;
@external("wasi_snapshot_preview1", "fd_read") export declare function fdRead(fd: i32, vectors: usize, count: i32, result: usize): i32;
@external("wasi_snapshot_preview1", "fd_write") export declare function fdWrite(fd: i32, vectors: usize, count: i32, result: usize): i32;
@external("wasi_snapshot_preview1", "fd_pwrite") export declare function fdPwrite(fd: i32, vectors: usize, count: i32, offset: i64, result: usize): i32;
@external("wasi_snapshot_preview1", "fd_readdir") export declare function fdReaddir(fd: i32, buffer: usize, size: i32, cookie: i64, result: usize): i32;
@external("wasi_snapshot_preview1", "fd_filestat_get") export declare function fdFilestatGet(fd: i32, result: usize): i32;
@external("wasi_snapshot_preview1", "fd_close") export declare function fdClose(fd: i32): i32;
@external("wasi_snapshot_preview1", "path_create_directory") export declare function pathCreateDirectory(fd: i32, path: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "path_rename") export declare function pathRename(fd: i32, from: usize, fromLength: i32, toFd: i32, to: usize, toLength: i32): i32;
@external("wasi_snapshot_preview1", "path_unlink_file") export declare function pathUnlinkFile(fd: i32, path: usize, length: i32): i32;
@external("wasi_snapshot_preview1", "environ_sizes_get") export declare function environSizesGet(count: usize, size: usize): i32;
@external("wasi_snapshot_preview1", "environ_get") export declare function environGet(pointers: usize, buffer: usize): i32;
