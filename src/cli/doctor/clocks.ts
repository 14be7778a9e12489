/**
 * Compares two clocks with this one: `Date` of the application's and of the provider's responses.
 */
import { DEFAULTS } from "../defaults.ts";
import type { Check, Finding } from "./target.ts";

/** Seconds by which the plugin lets clocks differ. */
const SKEW = DEFAULTS["validation.clockSkew"];

export const looksAtClocks: Check = async ({ url, issuer, ask }) => {
  const found: Finding[] = [];
  for (const [name, base] of [
    ["the application's", url],
    ["the provider's", issuer],
  ] as const) {
    if (base === null) continue;
    const before = Date.now();
    const { headers } = await ask(
      { path: name === "the provider's" ? new URL(base).pathname : "/" },
      base,
    ).catch(() => ({ headers: {} as Record<string, string> }));
    const after = Date.now();
    const theirs = Date.parse(String(headers.date));
    const seconds = Math.round((theirs - (before + after) / 2) / 1000);
    // It is unknown at which moment between question and answer the clock was read.
    const doubt = (after - before) / 2000;
    if (!Number.isNaN(theirs) && Math.abs(seconds) - doubt > SKEW) {
      found.push({
        code: "clock_skew",
        evidence: `${name} clock is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} this machine's`,
      });
    }
  }
  return found;
};
