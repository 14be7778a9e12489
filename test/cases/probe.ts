/**
 * What the host gives a guest, as requests to the probe (test/guest/probe). test/guest holds the Node host to the
 * answers that stand here, test/e2e holds Traefik to the same: where they differ, the Node host is wrong.
 */
import assert from "node:assert/strict";
import { Headers, type HeadersInit, pairs } from "../../src/guest/header.ts";

export interface ProbeCase {
  name: string;
  target?: string;
  method?: string;
  headers?: HeadersInit;
  body?: string;
  /** Behind the guest stands the middleware of PROBE_BUFFERING. */
  buffered?: true;
  /** Steps for the request, and for the response. */
  steps: string;
  after?: string;
  expect: {
    status?: number;
    body?: string | RegExp;
    headers?: Record<string, string>;
    absent?: string[];
    /** The connection breaks in the middle of the response. */
    broken?: true;
    upstream?: {
      target?: string;
      headers?: Record<string, string>;
      absent?: string[];
      bodyLength?: number;
    } | null;
  };
}

/** What came of a request, on either host. */
export interface Observation {
  status: number;
  headers: Headers;
  body: string;
  complete: boolean;
  /** Null: nothing was forwarded. */
  upstream: { target: string; headers: Headers; bodyLength: number } | null;
}

/** In the body of every answer of the upstream. */
export const UPSTREAM = /"method"/;
/** What the guest of every probe has: settings.envs, settings.mounts, its configuration. */
export const PROBE_ENV = { PROBE: "one two" };
export const PROBE_MOUNT = "/state";
export const READ_ONLY_MOUNT = "/read-only";
/** Marks a request that goes over the router with this middleware. */
export const BUFFERED_HEADER = "X-Buffered";
export const PROBE_BUFFERING = { maxRequestBodyBytes: 1000, maxResponseBodyBytes: 65536 };
export const PROBE_CONFIG = { b: "<&>", a: { z: "1", y: ["x"] } };

/** The request's headers with the steps among them. */
export function probeHeaders(it: ProbeCase): [string, string][] {
  const mark: [string, string][] = it.buffered ? [[BUFFERED_HEADER, "1"]] : [];
  return [
    ...pairs(it.headers ?? []),
    ...mark,
    ["X-Probe", it.steps],
    ["X-Probe-After", it.after ?? ""],
  ];
}

export function verify({ expect }: ProbeCase, seen: Observation): void {
  if (expect.broken) return assert.equal(seen.complete, false, "the response came whole");
  assert.equal(seen.complete, true, "the response broke off");
  assert.equal(seen.status, expect.status ?? 200, seen.body);
  if (typeof expect.body === "string") assert.equal(seen.body, expect.body);
  else if (expect.body) assert.match(seen.body, expect.body);
  hold(seen.headers, expect.headers, expect.absent);
  if (expect.upstream === null) assert.equal(seen.upstream, null, "something was forwarded");
  if (!expect.upstream) return;
  assert.ok(seen.upstream, "nothing was forwarded");
  const { target, headers, absent, bodyLength } = expect.upstream;
  if (target !== undefined) assert.equal(seen.upstream.target, target);
  if (bodyLength !== undefined) assert.equal(seen.upstream.bodyLength, bodyLength, "body");
  hold(seen.upstream.headers, headers, absent);
}

function hold(headers: Headers, present: Record<string, string> = {}, absent: string[] = []) {
  for (const [name, value] of Object.entries(present)) assert.equal(headers.get(name), value, name);
  for (const name of absent) assert.equal(headers.get(name), undefined, name);
}
