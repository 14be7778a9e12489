/**
 * Authelia's `access_control`: its rules become rules; Authelia or another provider is the issuer.
 */
import { SourceFile } from "../../source/file.ts";
import { type Allow, call } from "../allow.ts";
import { Draft, isReference, listOf, treeOf } from "../draft.ts";
import type { Given } from "../first-match.ts";
import { pathsOfRegex } from "../regex/paths.ts";
import { methods, type Part, region, type Region } from "../region.ts";
import { denied, exactly, strictly } from "../said.ts";
import { ALL_PATHS, union } from "../shape.ts";
import { Source } from "../source.ts";
import { completeSession } from "../take.ts";
import { yamlOf } from "../text.ts";
import { subjectOf } from "./subject.ts";

/** Authelia's tokens name both factors (RFC 8176), so a rule can require the second one. */
const POLICIES = new Map<string, Allow>([
  ["bypass", "public"],
  ["one_factor", "authenticated"],
  ["two_factor", call("Contains", "amr", "mfa")],
  ["deny", "deny"],
]);

export function autheliaIn(file: SourceFile): Draft[] {
  if (!/^\s*["']?access_control["']?\s*:/m.test(file.text)) return [];
  const { documents, blocks } = yamlOf(file);
  return documents.flatMap((document) => {
    const control = findControl(document);
    if (control !== null) return [draftOf(new Source(treeOf(control)), blocks)];
    const { kind, data } = treeOf(document);
    return kind !== "ConfigMap"
      ? []
      : Object.entries(treeOf(data)).flatMap(([name, text]) =>
          typeof text === "string" ? autheliaIn(new SourceFile(`${file.name}: ${name}`, text)) : [],
        );
  });
}

/** In its own file, or in values of its chart. */
function findControl(document: unknown): unknown {
  const tree = treeOf(document);
  if (Object.hasOwn(tree, "access_control")) return tree.access_control ?? {};
  return treeOf(tree.configMap).access_control ?? null;
}

function draftOf(control: Source, blocks: string[]): Draft {
  const draft = new Draft("Authelia");
  draft.put("issuer", "<https://auth.example.com>");
  draft.put("clientId", "<client>");
  draft.put("rolesFrom", ["groups"]);
  draft.put("login.scopes", ["openid", "profile", "email", "groups"]);
  draft.note(
    "issuer and clientId: Authelia's own, where it is an OpenID Connect provider, with the groups scope",
  );
  completeSession(draft);
  for (const block of blocks) draft.close(block, "what the template makes of it is not known");
  for (const name of control.names) {
    if (["default_policy", "rules", "networks"].includes(name.toLowerCase())) continue;
    draft.close(`access_control.${name}`, "not known here, and it may restrict");
  }
  const otherwise = defaultOf(control, draft);
  const rules = control.get("rules");
  const given = (Array.isArray(rules) ? rules : []).map((rule, index) =>
    ruleOf(new Source(treeOf(rule)), index),
  );
  if (given.some(({ allow }) => allow.includes("amr"))) {
    draft.note(
      "two_factor: ask for the second factor with login.authorizationParams.acr_values, or in the provider's settings; tokens of other providers may say it in another claim than amr",
    );
  }
  draft.decide(given, otherwise);
  return draft;
}

function defaultOf(control: Source, draft: Draft): Allow {
  const policy = control.text("default_policy") ?? "deny";
  const allow = POLICIES.get(policy);
  if (allow === "public") {
    draft.tell(
      "default_policy: bypass",
      strictly("a rule that is public names its paths; the rest asks for a sign-in"),
    );
    return "authenticated";
  }
  // Authelia would not start with any other word.
  draft.tell(
    `default_policy: ${policy}`,
    allow === undefined ? strictly("it is no policy") : exactly(),
  );
  return allow ?? "deny";
}

const KEYS = [
  "domain",
  "domain_regex",
  "policy",
  "subject",
  "networks",
  "methods",
  "resources",
  "query",
];

function ruleOf(rule: Source, index: number): Given {
  const what = `access_control.rules[${index}]`;
  const policy = rule.text("policy") ?? "";
  const known = POLICIES.get(policy);
  const parts: Part[] = [...methods(listOf(rule.get("methods")))];
  const reasons: string[] = [];
  const cannot = (part: string, why: string) => {
    parts.push({ unsayable: part });
    reasons.push(`${part}: ${why}`);
  };
  if (rule.has("networks")) {
    cannot("networks", "by X-Forwarded-For there, by the connection in ClientIP(…)");
  }
  if (rule.has("query")) cannot("query", "no function says the same");
  for (const name of rule.names) {
    if (!KEYS.includes(name.toLowerCase())) cannot(name, "not known here, and it may restrict");
  }
  const subject = rule.has("subject") ? subjectOf(rule.get("subject")) : null;
  if (rule.has("subject") && subject === null) cannot("subject", "a client, or something unknown");
  const { hosts, part } = hostsOf(rule);
  if (part !== null) cannot(part, "write the hosts by name");
  const resources = listOfTexts(rule.get("resources"));
  const paths =
    resources.length === 0
      ? ALL_PATHS
      : union(resources.map((it) => pathsOfRegex(it, { withQuery: true })));
  const own: Region = region({ paths, hosts, parts });
  return {
    ...{ what, name: `rule-${index}`, region: own },
    ...(subject === null ? {} : { subject }),
    allow: known ?? "deny",
    ...(known === undefined ? { said: denied(`${policy || "nothing"} is no policy`) } : {}),
    ...(reasons.length > 0
      ? { why: reasons.join("; ") }
      : resources.length > 0 && paths.within.length === 0
        ? {
            why: "no pattern says the same. Where an expression ends in $, a query makes it another: ^/a([/?].*)?$ is for all queries",
          }
        : {}),
  };
}

const listOfTexts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);

/**
 * `*.` is every name below. A name that depends on the user, or an expression, may be any of all
 * hosts.
 */
function hostsOf(rule: Source): { hosts: string[] | null; part: string | null } {
  if (rule.has("domain_regex")) {
    const plain = listOfTexts(rule.get("domain_regex")).map(namesOfRegex);
    if (plain.includes(null)) return { hosts: null, part: "domain_regex" };
    return {
      hosts: [...listOf(rule.get("domain")), ...plain.flatMap((it) => it!)].map(hostOf),
      part: null,
    };
  }
  const names = listOf(rule.get("domain"));
  const odd = names.filter((it) => !/^(\*\.)?[\w-]+(\.[\w-]+)*$/.test(it));
  if (names.length === 0) return { hosts: null, part: "domain" };
  if (odd.length > 0) {
    // `{user}.example.com` is one of the names below.
    const below = odd.map((it) => /^\{(?:user|group)\}(\.[\w-]+(?:\.[\w-]+)*)$/.exec(it)?.[1]);
    if (below.includes(undefined))
      return { hosts: null, part: `domain ${odd.find(isReference) ?? odd[0]!}` };
    const hosts = names.filter((it) => !odd.includes(it)).map(hostOf);
    return {
      hosts: [...hosts, ...below.map((it) => `**${it!}`)],
      part: `domain ${odd.join(", ")}`,
    };
  }
  return { hosts: names.map(hostOf), part: null };
}

const hostOf = (name: string) => name.toLowerCase().replace(/^\*\./, "**.");

/** `^(a|b)\.example\.com$`, and nothing else. */
function namesOfRegex(text: string): string[] | null {
  const [, options, inner, rest = ""] =
    /^\^(\(([\w|-]+)\))?((?:[\w-]|\\[.-])+)\$$/.exec(text) ?? [];
  if (rest === "") return null;
  const tail = rest.replaceAll("\\", "");
  return options === undefined ? [tail] : inner!.split("|").map((it) => it + tail);
}
