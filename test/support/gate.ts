/** A guest for tests that follow one through many requests. */
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import type { Check, Guest, Result } from "../../src/guest/guest.ts";
import type { HeadersInit } from "../../src/guest/header.ts";
import { type GuestOptions, loadGuest } from "../../src/guest/load.ts";

/** A guest, whatever the host: here, on wazero, or on both. */
export type AnyGuest = Pick<Guest, "startLogs" | "pages" | "handle"> & {
  check(): Check | Promise<Check>;
};

export const pluginWasm = join(root, "plugin.wasm");

export function loadGate(config: unknown, more: Partial<GuestOptions> = {}): Promise<Guest> {
  return loadGuest({ wasm: pluginWasm, config, ...more });
}

/** GET with a bearer token. */
export function request(guest: Guest, token?: string, target = "/me"): Promise<Result> {
  const headers: HeadersInit = token === undefined ? [] : [["Authorization", `Bearer ${token}`]];
  return guest.handle({ target, headers });
}

/** The step of a trace, where the guest's log level is debug. */
export function step({ logs }: Result, name: string): Record<string, unknown> | undefined {
  return logs.find(({ data }) => data?.step === name)?.data ?? undefined;
}

/** The decision's reason in the trace. */
export function reasonOf(result: Result): unknown {
  return step(result, "decision")?.reason;
}
