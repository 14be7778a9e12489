/** The Node host gives a guest what Traefik gives it: the table of probes, and what only this host can show. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { type GuestOptions, loadGuest } from "../../src/guest/load.ts";
import {
  type ProbeCase,
  PROBE_BUFFERING,
  PROBE_CONFIG,
  PROBE_ENV,
  PROBE_MOUNT,
  READ_ONLY_MOUNT,
  probeHeaders,
  verify,
} from "../cases/probe.ts";
import { prepareFiles } from "../cases/file-probes.ts";
import { PROBES } from "../cases/probes.ts";
import { probeWasm } from "../support/probe.ts";

let folder: string;
let guest: Guest;
/** With `buffering` behind it. */
let buffered: Guest;

const load = (mounts: string[], more: Partial<GuestOptions> = {}) =>
  loadGuest({
    wasm: probeWasm(),
    config: PROBE_CONFIG,
    env: PROBE_ENV,
    mounts,
    now: () => 1234,
    ...more,
  });
const wire = (it: ProbeCase) => ({
  method: it.method ?? "GET",
  target: it.target ?? "/",
  headers: probeHeaders(it),
  ...(it.body === undefined ? {} : { body: it.body }),
});
const steps = (text: string) => wire({ name: "", steps: text, expect: {} });

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rolegate-probe-"));
  const mount = join(folder, "mount");
  prepareFiles(mount);
  guest = await load([`${mount}:${PROBE_MOUNT}`, `${mount}:${READ_ONLY_MOUNT}:ro`]);
  buffered = await load([], { buffering: PROBE_BUFFERING });
});
after(() => rmSync(folder, { recursive: true }));

describe("probes", () => {
  for (const it of PROBES) {
    test(it.name, async () => {
      const { response, forwarded } = await (it.buffered ? buffered : guest).handle(
        wire(it),
        ({ method, target }) => ({
          body: JSON.stringify({ method }),
          dies: target.includes("upstream=truncate"),
          unreachable: target.includes("upstream=reset"),
        }),
      );
      verify(it, {
        status: response.status,
        headers: response.headers,
        body: response.body.toString("latin1"),
        complete: response.complete,
        upstream: forwarded && { ...forwarded, bodyLength: forwarded.body.length },
      });
    });
  }
});

test("the wall clock is the caller's, the monotonic one ticks 1 ms a call", async () => {
  const { response } = await guest.handle(steps("clock 0|clock 1|clock 1|respond"));
  assert.match(response.body.toString(), /^clock=1234\nclock=(\d+)\nclock=\d+\n$/);
  const ticks = [...response.body.toString().matchAll(/=(\d+)/g)].map((match) => Number(match[1]));
  assert.equal(ticks[2]! - ticks[1]!, 1);
});

test("with buffering the guest sees is_error of an upstream that died", async () => {
  const { response } = await guest.handle(
    wire({ name: "", steps: "buffer", after: "response-set X-Error {error}", expect: {} }),
    () => ({ body: "half", dies: true }),
  );
  assert.equal(response.headers.get("X-Error"), "1");
});

test("calls are told in their order", async () => {
  const { calls } = await guest.handle(steps("uri|method|respond"));
  assert.deepEqual(calls, [
    "get_header_values",
    "get_header_values",
    "get_uri",
    "get_method",
    "write_body",
  ]);
});
