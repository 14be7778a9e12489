/** Requests that a rule may match, from its text. The plugin decides which rule decides them. */
import { argumentsOf } from "../check/rule-text.ts";
import type { Part } from "../explain/expression.ts";
import { routeOf } from "../matrix/route.ts";
import { WEB_SOCKET } from "./wire.ts";

export interface Sample {
  method: string;
  url: string;
}

/** Limits: alternatives of a rule, and samples of a rule. */
const ALTERNATIVES = 64;
const SAMPLES = 24;
/** Paths for a rule that names none. */
const ANYWHERE = ["/", "/elsewhere"];
/** Methods for a rule that names none: an earlier rule may have matched the first. */
const ANYHOW = ["GET", "POST"];

/** Without a rule, requests that no rule may match. */
export function samplesOf(match: Part | undefined): Sample[] {
  const alternatives = match ? alternativesOf(match) : [[]];
  return alternatives.flatMap(samplesOfCalls).slice(0, SAMPLES);
}

/**
 * The calls that must hold together, one list for each way in which the expression can hold. Calls
 * below `!` are left out.
 */
export function alternativesOf(part: Part): string[][] {
  if (part.kind === "call") return [[part.text]];
  if (part.kind === "not") return [[]];
  if (part.kind === "or") return part.of.flatMap(alternativesOf).slice(0, ALTERNATIVES);
  return part.of.reduce<string[][]>(
    (all, it) =>
      all
        .flatMap((one) => alternativesOf(it).map((other) => [...one, ...other]))
        .slice(0, ALTERNATIVES),
    [[]],
  );
}

function samplesOfCalls(calls: string[]): Sample[] {
  const named = (name: string) => calls.flatMap((call) => argumentsOf(call, name));
  const prefixes = named("PathPrefix");
  const paths = [
    ...named("Path"),
    ...prefixes,
    ...prefixes.map((it) => `${it.replace(/\/$/, "")}/x`),
  ];
  const isWebSocket = calls.some((call) => /^WebSocket\b/.test(call));
  const methods = isWebSocket ? [WEB_SOCKET] : named("Method").slice(0, 1);
  const [host] = named("Host").filter((it) => !it.includes("*"));
  const origin = host === undefined ? "" : `https://${host}`;
  return (methods.length > 0 ? methods : ANYHOW).flatMap((method) =>
    (paths.length > 0 ? paths : ANYWHERE).map((path) => ({ method, url: origin + sample(path) })),
  );
}

/** A path that a pattern matches. */
const sample = (pattern: string) => routeOf("", pattern).target.replace(/\*+/g, "x");
