/** bench/RESULTS.md and its pictures: all that was measured is there, and what was not is named with the reason. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Comparison } from "../../bench/compare.ts";
import { machine } from "../../bench/machine.ts";
import { writeResults } from "../../bench/results.ts";
import { spread } from "../../bench/statistics.ts";
import type { Side } from "../../bench/throughput.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";

const side = (name: string, title: string, rate: number): Side => ({
  ...{ name, title, rate: spread([rate, rate + 1, rate + 2]) },
  ...{ ofBare: spread([rate / 1000]), ofFloor: spread([rate / 950]) },
  rolegate: spread([800 / rate]),
  ...{ cpu: spread([50]), beside: null, latency: { p50: 1, p99: 2 } },
});
const delay = (name: string, title: string, p99: number) => ({
  ...{ name, title, p50: spread([1]), p99: spread([p99]) },
  added: { p50: spread([0]), p99: spread([p99 - 2]) },
  first: spread([p99 * 4]),
});
const footprint = (name: string, title: string, held: number | null) => ({
  ...{ name, title, scenario: "warm", start: spread([100]), reload: spread([20]) },
  ...{ idle: spread([90]), held: held === null ? null : spread([held]) },
});

const RESULT: Comparison = {
  throughput: {
    warm: {
      ...{ credentials: 1, bytes: 1188, others: 0.02, disturbed: 0 },
      sides: [side("bare", "bare Traefik", 1000), side("rolegate", "Rolegate", 800)],
      failed: { "slow-peer": "it fell over\nwith a stack" },
    },
  },
  latency: {
    warm: {
      ...{ rate: 500, failed: {}, others: 0.03, late: spread([1.5]) },
      delays: [delay("bare", "bare Traefik", 2), delay("rolegate", "Rolegate", 2.25)],
      slow: [{ title: "a slow peer", rate: 123 }],
    },
  },
  footprints: {
    requests: 2000,
    footprints: [footprint("bare", "bare Traefik", 58), footprint("slow", "a slow peer", null)],
    failed: {},
  },
  upstream: 80_000,
  versions: { "a slow peer": "v1 (0123456789ab)" },
  absent: ["Authelia"],
  failed: { "bad-peer": "it does not start" },
};

test("the page and the pictures of a busy machine say so", async () => {
  const folder = temporaryFolder("results");
  try {
    const run = { machine: machine(), rounds: 3, seconds: 2, connections: 32, quiet: false };
    const warm = { ...RESULT.throughput.warm!, others: 0.4 };
    await writeResults(folder.path, { ...RESULT, throughput: { warm } }, run);
    const text = (name: string) => readFileSync(join(folder.path, name), "utf8");
    assert.match(text("RESULTS.md"), /used up to 40 % .*so these figures are rough/);
    for (const theme of ["light", "dark"]) {
      assert.match(text(`results-${theme}.svg`), />Rough figures: other processes used up to 40 %/);
    }
  } finally {
    folder.remove();
  }
});

test("the page and its pictures have what was measured, and name what was not", async () => {
  const folder = temporaryFolder("results");
  try {
    const run = {
      machine: machine(),
      rounds: 3,
      seconds: 2,
      connections: 32,
      quiet: true,
      gogc: "800",
    };
    await writeResults(folder.path, RESULT, run);
    const page = readFileSync(join(folder.path, "RESULTS.md"), "utf8");
    for (const line of [
      "| bare Traefik | 1,001 (1,000..1,002) |  | 1.05 (1.05..1.05) | 0.80 (0.80..0.80) | 50 (50..50) |  |",
      "| **Rolegate** | 801 (800..802) | 0.80 (0.80..0.80) | 0.84 (0.84..0.84) |  | 50 (50..50) |  |",
      "slow-peer is left out: it fell over",
      "| **Rolegate** | 1.00 (1.00..1.00) | 2.25 (2.25..2.25) | 0.25 (0.25..0.25) | 9.00 (9.00..9.00) |",
      "| a slow peer |  |  | too slow: 123 requests/s at most |  |",
      "The load generator itself was late by 1.50 (1.50..1.50) ms with 1 % of the requests.",
      "| bare Traefik | 100 (100..100) | 20 (20..20) | 90 (90..90) | 58 (58..58) |",
      "| a slow peer | 100 (100..100) | 20 (20..20) | 90 (90..90) |  |",
      "| a slow peer | v1 (0123456789ab) |",
      "| Authelia | not measured: not in the folder |",
      "| bad-peer | not measured: it does not start |",
      "| Rounds | 3 of 2 seconds each, `--quiet` |",
    ]) {
      assert.ok(page.split("\n").includes(line), `${line}\nis not in\n${page}`);
    }
    assert.match(page, /^\| Traefik \| .*, GOGC=800 \|$/m);
    assert.match(page, /used up to 3 % of the processors/);
    assert.doesNotMatch(page, /\brough\b|NaN|undefined/);
    for (const theme of ["light", "dark"]) {
      const picture = readFileSync(join(folder.path, `results-${theme}.svg`), "utf8");
      for (const text of [">bare Traefik<", ">Rolegate<", ">80 %, 801 requests/s<"]) {
        assert.ok(picture.includes(text), `${text} is not in the ${theme} picture`);
      }
      assert.doesNotMatch(picture, /Rough/);
    }
  } finally {
    folder.remove();
  }
});
