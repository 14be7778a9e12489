/**
 * Finds claims whose names are URLs (as Auth0 requires) and whose dots are written as if they led
 * into an object.
 */
import type { Place } from "../source/file.ts";
import { type Gate, qualified, type Setup } from "../source/model.ts";
import { entriesAt, textAt, textsIn, type Tree, valueAt } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";

export function checkClaimPaths({ gates }: Setup): Finding[] {
  return gates.flatMap((gate) =>
    [...claimsOf(gate)].filter(isDivided).map(({ claim, place, path }) => {
      const message = `${path}: the dots in ${claim} divide it, and no token has such a claim`;
      return finding("claim_divided", message, place, { middleware: qualified(gate), path });
    }),
  );
}

interface Claim {
  claim: string;
  place: Place;
  path: string;
}

const isDivided = ({ claim }: Claim) => /^https?:\/\/([^\\]*[^\\])?\./i.test(claim);

/** Functions whose first argument is a claim. */
const OF_CLAIM = /\b(?:Equals|Prefix|Contains|SplitContains|OneOf|Exists)\(\s*[`"]([^`"]*)[`"]/g;

function* claimsOf({ body }: Gate): Generator<Claim> {
  const issuers = valueAt(body, "issuers");
  for (const section of [body, ...(issuers?.kind === "list" ? issuers.items : [])]) {
    yield* rolesFrom(section);
  }
  for (const { key, value } of entriesAt(body, "forwardHeaders")) {
    const path = `forwardHeaders.${key}`;
    if (value.kind === "scalar") yield { claim: value.text, place: value.place, path };
  }
  const rules = valueAt(body, "rules");
  for (const [index, rule] of (rules?.kind === "list" ? rules.items : []).entries()) {
    const allow = textAt(rule, "allow") ?? "";
    const { place } = valueAt(rule, "allow") ?? rule;
    const path = `rules[${index}].allow`;
    for (const [, claim] of allow.matchAll(OF_CLAIM)) yield { claim: claim!, place, path };
  }
}

function* rolesFrom(section: Tree): Generator<Claim> {
  for (const { text, place } of textsIn(valueAt(section, "rolesFrom"))) {
    yield { claim: text, place, path: "rolesFrom" };
  }
}
