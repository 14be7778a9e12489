/** Requests that a rule may be for, by its text. Which of them it decides is for the plugin to say. */
import { argumentsOf } from "../check/rule-text.ts";
import type { Part } from "../explain/expression.ts";
import { routeOf } from "../matrix/route.ts";
import { WEB_SOCKET } from "./wire.ts";

export interface Sample {
  method: string;
  url: string;
}

/** So many of a rule's alternatives, and so many samples of it, are looked at. */
const ALTERNATIVES = 64;
const SAMPLES = 24;
/** Where a rule names no path. */
const ANYWHERE = ["/", "/elsewhere"];
/** Where it names no method: a rule before may have taken the first. */
const ANYHOW = ["GET", "POST"];

/** Without a rule, requests that none may be for. */
export function samplesOf(match: Part | undefined): Sample[] {
  const alternatives = match ? alternativesOf(match) : [[]];
  return alternatives.flatMap(samplesOfCalls).slice(0, SAMPLES);
}

/** What has to hold together, one list for each way in which the expression can hold. What stands behind `!` is left out. */
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

/** A path that a pattern is for. */
const sample = (pattern: string) => routeOf("", pattern).target.replace(/\*+/g, "x");
