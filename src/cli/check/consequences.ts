/**
 * Keeps only root causes: drops findings that follow from a value that was never filled in, or from
 * a middleware whose router is missing.
 */
import { type Gate, qualified } from "../source/model.ts";
import type { Finding } from "./finding.ts";

/**
 * A value that was never filled in causes these other findings: codes of the guest, and one of the
 * command.
 */
const UNFILLED = new Set(["placeholder", "variable_unfilled"]);

/** What says more exactly why a middleware is not used, by its mode. */
const INSTEAD_OF_UNUSED: Record<string, string> = {
  login: "login_router_missing",
  keys: "keys_router_missing",
  store: "store_reader_missing",
};

/**
 * A finding that only comes of another one is left out; what is left is as bad as the worse of the
 * two.
 */
export function withoutConsequences(findings: Finding[], gates: Gate[]): Finding[] {
  const codes = new Set(findings.map(({ code }) => code));
  const modes = new Map(gates.map((gate) => [qualified(gate), gate.mode]));
  const unfilled = findings.filter(({ code }) => UNFILLED.has(code));
  const causeOf = (it: Finding) =>
    UNFILLED.has(it.code)
      ? undefined
      : unfilled.find(
          ({ middleware, path, place }) =>
            middleware === it.middleware &&
            place.start === it.place.start &&
            it.path?.replace(/\[\d+\]$/, "") === path?.replace(/\[\d+\]$/, ""),
        );
  const worse = new Set(
    findings.filter(({ severity }) => severity === "error").flatMap((it) => causeOf(it) ?? []),
  );
  return findings
    .filter((it) => {
      const instead = INSTEAD_OF_UNUSED[modes.get(it.middleware ?? "") ?? ""];
      const isUnused = it.code === "middleware_unused" && codes.has(instead ?? "");
      return causeOf(it) === undefined && !isUnused;
    })
    .map((it) => (worse.has(it) ? { ...it, severity: "error" } : it));
}
