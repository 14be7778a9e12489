/**
 * Checks sign-in, which needs several routers: the application's in mode protect, and the
 * provider's in mode login, with `buffering` after it and no `retry`. It also needs room in a
 * cookie.
 */
import { DEFAULTS } from "../defaults.ts";
import { type Gate, qualified, type Router, type Setup } from "../source/model.ts";
import { entriesAt, scalars, textAt, textsAt, type Tree, valueAt } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";
import { placeOn } from "./routers.ts";
import { argumentsOf, hostsOf } from "./rule-text.ts";
import { leadsToEngine } from "./store.ts";

export function checkLogin(setup: Setup): Finding[] {
  const logins = setup.gates.filter(({ mode }) => mode === "login" || mode === "store");
  return [
    ...setup.gates.filter(signsIn).flatMap((gate) => checkSession(gate, setup)),
    ...setup.routers.flatMap((router) => checkLoginRouter(router, setup)),
    ...logins.flatMap((gate) => differences(gate, setup)),
  ];
}

/** True for a middleware in mode protect that users sign in to. */
function signsIn(gate: Gate): boolean {
  return gate.mode === "protect" && valueAt(gate.body, "session") !== undefined;
}

function checkSession(gate: Gate, setup: Setup): Finding[] {
  const about = { middleware: qualified(gate) };
  const found: Finding[] = [];
  const session = valueAt(gate.body, "session");
  const at = session?.place ?? gate.place;
  const domain = valueAt(session, "domain");
  if (domain && textAt(session, "domain")) {
    const message = `the cookie is for all hosts below ${textAt(session, "domain")}`;
    found.push(
      finding("cookie_domain", message, domain.place, { ...about, path: "session.domain" }),
    );
  }
  if (!textAt(gate.body, "stateDir")) {
    const message = "nothing is remembered between requests: no stateDir";
    found.push(finding("state_missing", message, at, { ...about, path: "stateDir" }));
  }
  const size = cookieForecast(gate.body);
  if (size.bytes > COOKIE_BYTES) {
    const message = `for a user with every role and ${LIST_MEMBERS} members in each list the session cookie takes about ${size.bytes} bytes, over ${COOKIE_BYTES}: ${size.most} needs most`;
    found.push(finding("cookie_size", message, at, { ...about, path: "session" }));
  }
  return [...found, ...missingLogin(gate, setup)];
}

/** Reports a missing login router for a host of the application's routers where users sign in. */
function missingLogin(gate: Gate, setup: Setup): Finding[] {
  if (gate.provider === "block" || setup.routers.length === 0) return [];
  const own = setup.routers.filter(({ middlewares }) => middlewares.includes(qualified(gate)));
  if (own.length === 0) return [];
  const gates = new Map(
    setup.gates.filter((it) => it.mode === "login").map((it) => [qualified(it), it] as const),
  );
  const logins = setup.routers.filter((it) =>
    it.middlewares.some((name) => {
      const login = gates.get(name);
      return login !== undefined && !leadsToEngine(it, login);
    }),
  );
  const covered = new Set(logins.flatMap(({ rule }) => hostsOf(rule)));
  const isEverywhere = logins.some(({ rule }) => hostsOf(rule).length === 0);
  const path = textAt(gate.body, "login", "path") ?? DEFAULTS["login.path"];
  const about = { middleware: qualified(gate) };
  const isForPeople = peopleOf(gate, [...own, ...logins]);
  return own.flatMap(({ rule, place, name }) => {
    const hosts = hostsOf(rule);
    if (isForTokens(rule) || (hosts.length > 0 && !hosts.some(isForPeople))) return [];
    const missing = hosts.filter((host) => isForPeople(host) && !covered.has(host));
    const isMissing = hosts.length > 0 ? missing.length > 0 : logins.length === 0;
    if (!isMissing || isEverywhere) return [];
    const where = missing.length > 0 ? `Host(\`${missing[0]}\`) && ` : "";
    const message = `router ${name} has no login router beside it: rule ${where}(Path(\`${path}\`) || PathPrefix(\`${path}/\`)), with a middleware in mode login`;
    return [finding("login_router_missing", message, place, about)];
  });
}

/**
 * Users sign in at the hosts of `publicUrl`; at other hosts the plugin accepts only programs'
 * tokens, and no session (421). If no router has one of those hosts, `publicUrl` says nothing.
 */
function peopleOf(gate: Gate, routers: Router[]): (host: string) => boolean {
  const hosts = textsAt(gate.body, "publicUrl").flatMap((url) =>
    URL.canParse(url) ? [new URL(url).hostname.toLowerCase()] : [],
  );
  const isKnown = routers.some(({ rule }) => hostsOf(rule).some((host) => hosts.includes(host)));
  return (host) => !isKnown || hosts.includes(host);
}

/** True if a rule's requests bring a token already. */
function isForTokens(rule: string): boolean {
  const names = ["Header", "HeaderRegexp"].flatMap((it) => argumentsOf(rule, it)[0] ?? []);
  return names.some((name) => name.toLowerCase() === "authorization");
}

function checkLoginRouter(router: Router, setup: Setup): Finding[] {
  const gates = new Map(setup.gates.map((gate) => [qualified(gate), gate]));
  const types = new Map(setup.middlewares.map((it) => [qualified(it), it.type.toLowerCase()]));
  const at = router.middlewares.findIndex((name) => gates.get(name)?.mode === "login");
  if (at < 0) return [];
  const about = { middleware: router.middlewares[at]! };
  const typesOn = router.middlewares.map((name) => types.get(name) ?? "");
  const found: Finding[] = [];
  if (!typesOn.slice(at + 1).includes("buffering")) {
    const message = `router ${router.name} has no buffering behind ${router.middlewares[at]}`;
    const place = placeOn(router, router.middlewares[at]!);
    found.push(finding("login_buffering_missing", message, place, about));
  }
  if (typesOn.includes("retry")) {
    const message = `router ${router.name} repeats requests`;
    const place = placeOn(router, router.middlewares[typesOn.indexOf("retry")]!);
    found.push(finding("login_retry", message, place, about));
  }
  return found;
}

/** Compares it with the protecting middleware of the same client at the same issuer. */
function differences(login: Gate, setup: Setup): Finding[] {
  const application = (gate: Gate) =>
    JSON.stringify(["issuer", "clientId"].map((key) => textAt(gate.body, key) ?? ""));
  const partners = setup.gates.filter(
    (gate) => gate.mode === "protect" && application(gate) === application(login),
  );
  const valuesOf = ({ body }: Gate) =>
    new Map([...scalars(body)].map(({ path, scalar }) => [path, scalar] as const));
  const mine = valuesOf(login);
  const differs = (partner: Gate) => {
    const theirs = valuesOf(partner);
    const paths = [...new Set([...mine.keys(), ...theirs.keys()])].filter((it) => it !== "mode");
    return paths.find((it) => mine.get(it)?.text !== theirs.get(it)?.text);
  };
  // If several protect with one client, one of them may match.
  const [partner] = partners;
  if (!partner || partners.some((it) => differs(it) === undefined)) return [];
  const path = differs(partner)!;
  const place = mine.get(path)?.place ?? login.place;
  const message = `${path} is not the same as in ${qualified(partner)}`;
  return [finding("blocks_differ", message, place, { middleware: qualified(login), path })];
}

/** Bytes of one cookie besides its name and attributes; the plugin cuts larger ones into chunks. */
const COOKIE_BYTES = 3800;
/** Size of an unknown claim. */
const CLAIM_BYTES = 40;
/** Members of a list such as `groups` in a large directory. */
const LIST_MEMBERS = 200;
const LISTS = /^(groups|roles|realm_access\.roles|resource_access\..*\.roles)$/;
/** Ids, times, fingerprint, and the seal itself. */
const FIXED_BYTES = 160;

export interface Forecast {
  bytes: number;
  /** The claim or header that takes the most room. */
  most: string;
}

/** Estimates the cookie from what rules and headers need; the values are unknown. */
function cookieForecast(body: Tree): Forecast {
  const parts = new Map<string, number>();
  const add = (name: string, bytes: number) =>
    parts.set(name, Math.max(bytes, parts.get(name) ?? 0));
  const roles = entriesAt(body, "roles").map(({ key }) => key);
  for (const { key, value } of entriesAt(body, "forwardHeaders")) {
    const source = value.kind === "scalar" ? value.text : "";
    if (source === "@roles") {
      const known = roles.reduce((sum, role) => sum + role.length + 3, 0);
      add(key, known || LIST_MEMBERS * CLAIM_BYTES);
    } else if (source !== "" && !source.startsWith("@")) add(source, sizeOf(source));
  }
  const rules = valueAt(body, "rules");
  for (const rule of rules?.kind === "list" ? rules.items : []) {
    const text = textAt(rule, "allow") ?? "";
    for (const [, claim] of text.matchAll(
      /(?:Equals|Prefix|Contains|SplitContains|OneOf|Exists)\(\s*[`"]([^`"]+)/g,
    )) {
      add(claim!, sizeOf(claim!));
    }
    if (/\bGroup\(/.test(text)) add("groups", 10 * CLAIM_BYTES);
  }
  const texts = ["issuer", "clientId"].map((key) => (textAt(body, key) ?? "").length);
  const content = [...parts.values(), ...texts].reduce((sum, it) => sum + it, FIXED_BYTES);
  const [most] = [...parts].sort(([, a], [, b]) => b - a)[0] ?? ["the user's name"];
  return { bytes: Math.ceil((content * 4) / 3), most };
}

function sizeOf(claim: string): number {
  return claim.length + (LISTS.test(claim) ? LIST_MEMBERS * CLAIM_BYTES : CLAIM_BYTES);
}
