/**
 * A list of rules of which the first match decides, in a language that cannot express all of them.
 * It is processed from its end. If it is uncertain whether a rule matches a request, the request
 * gets what both this rule and the later ones allow; if a rule is for some callers, the others get
 * the result of the later ones.
 */
import { type Allow, both, either, isWithin, not } from "./allow.ts";
import {
  areApart,
  around,
  asAround,
  asWithin,
  common,
  covers,
  EVERYWHERE,
  isExact,
  isNothing,
  type Region,
} from "./region.ts";
import { denied, type Entry, exactly, type Said, strictly } from "./said.ts";
import { isSame, narrow } from "./shape.ts";

export interface Given {
  /** As written in the original. */
  what: string;
  region: Region;
  allow: Allow;
  /** The callers that it is for; undefined: all. */
  subject?: Allow;
  /** What became of `allow`, if it is not what was meant. */
  said?: Said;
  name?: string;
  /** Why its region cannot be expressed, instead of a general reason. */
  why?: string;
}

export interface Rule {
  name?: string;
  match: string;
  allow: Allow;
  /** Why it denies; written beside the rule. */
  why?: string;
}

export interface Listed {
  rules: Rule[];
  entries: Entry[];
}

const PUBLIC = "a public rule names its paths; the rest of it asks for a sign-in";
const BOTH =
  "no function says the same; what it may be for gets what the rules after it let in as well";
const UNTIL =
  "no function says the same: write it by hand. Until then all that it may have been for is denied";
const REFUSED = "no such path comes through: it is refused with 400";
const ALONE = "others are refused here; there, the rules after it were for them";

/** Limits: a policy with more rules would not be readable. Of one rule's parts, and of all. */
const PARTS = 10;
const ALL = 120;

export function firstMatch(all: readonly Given[], otherwise: Allow): Listed {
  const list = all.filter(
    ({ region }, at) => !all.slice(0, at).some((it) => !it.subject && covers(it.region, region)),
  );
  let after: Given[] = [];
  const entries: Entry[] = [];
  for (const given of list.toReversed()) {
    const last: Given = { what: "", region: EVERYWHERE, allow: otherwise };
    const next = [...after, last].filter((it) => !areApart(it.region, given.region));
    const [made, said] = one(given, next, after.length);
    after = [...made, ...after];
    entries.unshift({ what: given.what, said: worst(given.said ?? exactly(), said) });
  }
  const reached = after.filter(
    ({ region }, at) => !after.slice(0, at).some((it) => covers(it.region, region)),
  );
  return { rules: reached.map(ruleOf), entries };
}

function ruleOf({ region, allow, name, said, why }: Given): Rule {
  const reason = allow === "deny" ? (said && "why" in said ? said.why : why) : undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...{ match: around(region), allow },
    ...(reason === undefined ? {} : { why: reason }),
  };
}

/**
 * A rule as rules whose regions can be expressed. `next`: the later rules that share requests with
 * it.
 */
function one(given: Given, next: readonly Given[], count: number): [Given[], Said] {
  const { region, allow, subject, said, why } = given;
  if (isNothing(region)) return [[], exactly(REFUSED)];
  // The later rules have the same result.
  if (!subject && next.every((it) => it.allow === allow) && said?.how !== "denied")
    return [[], exactly()];
  const certain = isExact(region) ? region : asWithin(region);
  const inner = certain === null ? [] : certainly(given, certain, next);
  if (inner.length > PARTS || count + inner.length > ALL) {
    const alone = both(subject ?? "public", known(allow));
    return [[{ ...given, region: asAround(region), allow: alone }], strictly(ALONE)];
  }
  if (certain === region) {
    const isAll = !subject && allow === "public" && inner.length !== 1;
    return [inner, isAll ? strictly(why ?? PUBLIC) : exactly()];
  }
  const outer = split(given, asAround(region), next, (it) =>
    ofCaller(given, both(allow, it.allow), it.allow),
  );
  if (outer.length > PARTS) {
    const until = why ?? UNTIL;
    return [
      [...inner, { ...given, region: asAround(region), allow: "deny", why: until }],
      denied(until),
    ];
  }
  return [[...inner, ...outer], strictly(why ?? BOTH)];
}

/** The part where a rule certainly matches. */
function certainly(given: Given, region: Region, next: readonly Given[]): Given[] {
  const { allow, subject } = given;
  if (subject) return split(given, region, next, (it) => ofCaller(given, allow, it.allow));
  if (allow !== "public") return [{ ...given, region }];
  const paths = narrow(region.paths.within);
  if (isSame(paths, region.paths.within)) return [{ ...given, region }];
  const open = { ...given, region: { ...region, paths: { within: paths, around: paths } } };
  return [...(paths.length > 0 ? [open] : []), { ...given, region, allow: "authenticated" }];
}

/**
 * One part for each later rule, up to the first that matches all; empty if nothing would change.
 */
function split(
  given: Given,
  region: Region,
  next: readonly Given[],
  allow: (it: Given) => Allow,
): Given[] {
  const made: { given: Given; isSame: boolean }[] = [];
  for (const it of next) {
    if (areApart(it.region, region)) continue;
    const own = allow(it);
    made.push({
      given: { ...given, region: common(region, it.region), allow: own },
      isSame: own === it.allow,
    });
    if (covers(it.region, region)) break;
  }
  while (made.at(-1)?.isSame) made.pop();
  const [first] = made;
  const isOne = made.every((it) => it.given.allow === first?.given.allow);
  return first && isOne && isWithinAll(first.given.allow, next)
    ? [{ ...first.given, region }]
    : made.map((it) => it.given);
}

/** The rule may then match all of its region, although some later rules have the same result. */
const isWithinAll = (allow: Allow, next: readonly Given[]) =>
  next.every((it) => isWithin(allow, it.allow));

/**
 * One condition for the subject, another for all other callers; an anonymous request never passes
 * where the caller matters.
 */
function ofCaller({ subject }: Given, own: Allow, others: Allow): Allow {
  if (!subject) return own;
  if (known(own) === known(others)) return known(own);
  if (known(own) === "authenticated") return either(subject, known(others));
  return either(both(subject, known(own)), both(not(subject), known(others)));
}

const known = (allow: Allow): Allow => (allow === "public" ? "authenticated" : allow);

const WEIGHT = { exactly: 0, strictly: 1, denied: 2 } as const;

function worst(one: Said, other: Said): Said {
  if (WEIGHT[other.how] > WEIGHT[one.how]) return other;
  return one.how === "exactly" && one.note === undefined ? other : one;
}
