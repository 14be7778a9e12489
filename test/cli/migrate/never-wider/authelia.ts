/** Authelia's access_control, by docs/configuration/security/access-control.md. */
import { stringify } from "yaml";
import type { Dice } from "../../../support/dice.ts";
import { type Claims, type Drawn, people, type Request, some, valuesOf } from "./compare.ts";

const DOMAINS = [
  "app.example.com",
  "*.example.com",
  "wiki.example.com",
  "example.com",
  "{user}.example.com",
  "a.app.example.com",
];
const RESOURCES = [
  "^/api([/?].*)?$",
  "^/api$",
  "^/public/.*$",
  "^/public/",
  "^/admin",
  "/private",
  "^/(a|b)/x",
  "^/u/[^/]+/dav.*$",
  "\\.png$",
  "^/static/.*\\.(css|js)$",
  "^/v[0-9]+/items$",
  "^/$",
  "^/files/.*",
  "^/api/(?P<User>[^/]+)$",
  "^/health([?].*)?$",
];
const SUBJECTS = [
  "group:admins",
  "group:users",
  "user:bob",
  "user:ann",
  ["group:admins", "user:bob"],
  "oauth2:client:tool",
];
const POLICIES = ["bypass", "one_factor", "two_factor", "deny"];

interface Rule {
  domain?: string | string[];
  domain_regex?: string;
  policy: string;
  subject?: unknown;
  networks?: string[];
  methods?: string[];
  resources?: string[];
  query?: unknown;
}

export function authelia(dice: Dice): Drawn {
  const rules = dice.times(1 + dice.below(6), () => randomRule(dice));
  const policy = dice.pick([...POLICIES, undefined]);
  const control = { ...(policy === undefined ? {} : { default_policy: policy }), rules };
  return {
    name: "configuration.yml",
    text: stringify({ access_control: control }),
    hosts: [
      "app.example.com",
      "wiki.example.com",
      "example.com",
      "a.app.example.com",
      "bob.example.com",
      "other.example.org",
    ],
    paths: [
      "/api",
      "/vx/items",
      "/public/",
      "/admin",
      "/a/x",
      "/u/bob/dav",
      "/static",
      "/v1/items",
      "/files/x",
      "/health",
    ],
    claims: people,
    admits(request, claims) {
      const rule = rules.find((it) => matches(it, request, claims));
      const chosen = rule?.policy ?? policy ?? "deny";
      // Of a rule with a subject nobody is certain who has not signed in.
      if (claims === null) return chosen === "bypass" && rule?.subject === undefined;
      if (chosen === "bypass") return rule?.subject === undefined;
      if (chosen === "two_factor") return valuesOf(claims.amr).includes("mfa");
      return chosen === "one_factor";
    },
  };
}

function randomRule(dice: Dice): Rule {
  const domains = some(dice, DOMAINS, 2);
  const hasSubject = dice.chance(3);
  return {
    ...(dice.chance(8)
      ? {
          domain_regex: dice.pick([
            "^(app|wiki)\\.example\\.com$",
            "^(?P<User>\\w+)\\.example\\.com$",
            "example",
          ]),
        }
      : {
          domain:
            domains.length === 1 ? domains[0]! : domains.length === 0 ? "*.example.com" : domains,
        }),
    policy: dice.pick(hasSubject ? POLICIES.slice(1) : POLICIES),
    ...(hasSubject
      ? {
          subject: dice.chance(2)
            ? dice.pick(SUBJECTS.filter((it) => typeof it === "string"))
            : [dice.pick(SUBJECTS), dice.pick(SUBJECTS)],
        }
      : {}),
    ...(dice.chance(5) ? { networks: ["10.0.0.0/8"] } : {}),
    ...(dice.chance(4)
      ? { methods: dice.pick([["GET"], ["GET", "HEAD"], ["OPTIONS"], ["POST"]]) }
      : {}),
    ...(dice.chance(2) ? { resources: [dice.pick(RESOURCES), ...some(dice, RESOURCES, 1)] } : {}),
    ...(dice.chance(10) ? { query: [[{ operator: "present", key: "token" }]] } : {}),
  };
}

function matches(rule: Rule, request: Request, claims: Claims | null): boolean {
  const { host, path, query, method } = request;
  const names = rule.domain === undefined ? [] : [rule.domain].flat();
  const ofDomain = names.some((it) => domainMatches(it, host, claims));
  const regex = rule.domain_regex === undefined ? null : groupsOf(rule.domain_regex).exec(host);
  const ofRegex = regex !== null && ofCaller(regex, claims);
  if (!ofDomain && !ofRegex) return false;
  if (rule.methods && !rule.methods.includes(method)) return false;
  if (rule.networks && !(request.headers["X-Forwarded-For"] ?? "203.0.113.1").startsWith("10."))
    return false;
  if (rule.query !== undefined && !query.includes("token=")) return false;
  if (
    rule.resources &&
    !rule.resources.some((it) => {
      const found = groupsOf(it).exec(path + query);
      return found !== null && ofCaller(found, claims);
    })
  )
    return false;
  if (rule.subject === undefined || claims === null) return true;
  const outer = Array.isArray(rule.subject) ? rule.subject : [rule.subject];
  return outer.some((inner) => [inner].flat().every((it) => isSubject(String(it), claims)));
}

const groupsOf = (text: string) => new RegExp(text.replaceAll("(?P<", "(?<"));

/** Compared without case; who has not signed in may be anybody. */
function ofCaller(found: RegExpExecArray, claims: Claims | null): boolean {
  const user = found.groups?.User;
  return (
    user === undefined ||
    claims === null ||
    user.toLowerCase() === String(claims.preferred_username).toLowerCase()
  );
}

function domainMatches(domain: string, host: string, claims: Claims | null): boolean {
  if (domain.startsWith("*.")) return host.endsWith(domain.slice(1));
  if (domain.startsWith("{user}")) {
    if (!host.endsWith(domain.slice(6))) return false;
    return claims === null || host === `${String(claims.preferred_username)}${domain.slice(6)}`;
  }
  return host === domain;
}

function isSubject(text: string, claims: Claims): boolean {
  if (text.startsWith("group:")) return valuesOf(claims.groups).includes(text.slice(6));
  return text.startsWith("user:") && claims.preferred_username === text.slice(5);
}
