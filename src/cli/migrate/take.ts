/** The takers that the tables of all tools are made of: each decides what becomes of an option. */
import { type Draft, isReference, isTrue, listOf, plainOr, treeOf } from "./draft.ts";
import { exactly, type Said, strictly } from "./said.ts";
import type { Taker } from "./source.ts";

/** A duration in the plugin's form, from seconds or Go's notation. */
export function durationOf(value: unknown): string | null {
  const text = String(value);
  if (/^\d{1,10}$/.test(text)) return `${text}s`;
  const parts = [...text.matchAll(/(\d{1,8})(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join("") !== text) return null;
  const unit: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  const seconds = Math.floor(
    parts.reduce((sum, [, count, name]) => sum + Number(count) * unit[name!]!, 0),
  );
  for (const [size, name] of [
    [3600, "h"],
    [60, "m"],
  ] as const) {
    if (seconds % size === 0) return `${seconds / size}${name}`;
  }
  return `${seconds}s`;
}

export function urlOf(value: unknown): URL | null {
  const text = String(value);
  return isReference(text) || !URL.canParse(text) ? null : new URL(text);
}

/** The environment variable for a client's secret, and how to set it. */
const setSecret = (name: string) =>
  `the secret itself was not copied: set the environment variable ${name}, and name it in settings.envs`;

export const take = {
  /** It does not affect access, and has no counterpart. */
  aside: (() => exactly()) as Taker,
  /** It does not affect access; people should know about it. */
  noted:
    (text: string): Taker =>
    () =>
      exactly(text),
  /** Without it fewer callers pass. */
  stricter:
    (why: string): Taker =>
    () =>
      strictly(why),
  text:
    (path: string, placeholder: string): Taker =>
    (draft, value) => {
      draft.put(path, plainOr(value, placeholder));
      const isElsewhere = typeof value === "string" && isReference(value);
      return exactly(isElsewhere ? `${path}: its value is elsewhere, fill it in` : undefined);
    },
  to:
    (path: string): Taker =>
    (draft, value) => {
      if (value !== "" && value !== null) draft.put(path, value);
      return exactly();
    },
  texts:
    (path: string): Taker =>
    (draft, value) => {
      const list = listOf(value);
      if (list.length > 0) draft.put(path, list);
      return exactly();
    },
  flag:
    (path: string): Taker =>
    (draft, value) => {
      draft.put(path, isTrue(value));
      return exactly();
    },
  duration:
    (path: string, most = Infinity): Taker =>
    (draft, value) => {
      const duration = durationOf(value);
      if (duration === null)
        return strictly(`${String(value)} is no duration here: the default is used`);
      const hours = Number.parseInt(duration) / { h: 1, m: 60, s: 3600 }[duration.at(-1) as "h"];
      if (hours > most) return strictly(`at most ${most}h`);
      if (hours > 0) draft.put(path, duration);
      return exactly();
    },
  secret:
    (path: string, name: string): Taker =>
    (draft) => {
      draft.put(path, `env:${name}`);
      return exactly(setSecret(name));
    },
  sessionSecret: ((draft) => {
    draft.put("session.secrets", ["file:/state/session-secret"]);
    return exactly(
      "make a new session secret: rolegate secret -o state/session-secret. Every user signs in once more",
    );
  }) as Taker,
  cookieDomain: ((draft, value) => {
    const [first, ...others] = listOf(value).map((it) => it.replace(/^\./, ""));
    const rest = others.filter((it) => it !== first);
    if (first !== undefined && !isReference(first)) draft.put("session.domain", first);
    return rest.length > 0 ? strictly(`only one: ${rest.join(", ")} left out`) : exactly();
  }) as Taker,
  sameSite: ((draft, value) => {
    const text = String(value).toLowerCase();
    if (["lax", "strict", "none"].includes(text)) draft.put("session.sameSite", text);
    return exactly();
  }) as Taker,
  /** Cookies get their prefix automatically. */
  cookieName: ((draft, value) => {
    const name = String(value)
      .replace(/^__(Host|Secure)-/, "")
      .replace(/^_+/, "");
    if (/^[\w-]{1,64}$/.test(name)) draft.put("session.cookieName", name);
    return exactly();
  }) as Taker,
  logLevel: ((draft, value) => {
    const level = String(value).toLowerCase();
    if (["debug", "info", "warn", "error"].includes(level)) draft.put("logLevel", level);
    return exactly();
  }) as Taker,
  /** The address after sign-out: a path, or an https address. */
  afterLogout: ((draft, value) => {
    const text = String(value);
    if (/^\/(?!\/)/.test(text) || urlOf(text)?.protocol === "https:") {
      if (!/[{}<>`$ ]/.test(text)) draft.put("login.postLogoutRedirect", text);
    }
    return exactly();
  }) as Taker,
} as const;

/** A shared secret must be the only source: beside public keys it would be one more way in. */
export function oneSource(draft: Draft): void {
  const hasKeys = ["jwksFile", "jwks", "publicKeys"].some((key) => draft.get(key) !== undefined);
  if (draft.get("signingSecret") === undefined || !hasKeys) return;
  delete draft.block.signingSecret;
  draft.tell(
    "the shared secret",
    strictly("beside public keys it is left out: tokens signed with it are refused"),
  );
}

/**
 * The provider's redirect URI: if it ends in `/callback`, sign-in continues below the same path.
 */
export function callbackAt(draft: Draft, path: string): Said {
  const found = /^(\/[\w/-]*[\w-])\/callback$/.exec(path);
  if (found && !found[1]!.includes("//")) {
    if (found[1] !== "/oidc") draft.put("login.path", found[1]);
    return exactly();
  }
  return exactly(`at the provider, the redirect URI ends in /oidc/callback, instead of ${path}`);
}

/** Adds what a session needs if its secret was elsewhere: in the environment, or missing. */
export function completeSession(draft: Draft): void {
  draft.signsIn = true;
  if (draft.get("issuer") === undefined)
    draft.put("issuer", "<https://sso.example.com/realms/main>");
  if (draft.get("clientId") === undefined) draft.put("clientId", "<client>");
  if (
    draft.get("login.clientSecret") === undefined &&
    draft.get("login.clientAuth") === undefined
  ) {
    draft.put("login.clientSecret", "env:CLIENT_SECRET");
    draft.note(setSecret("CLIENT_SECRET"));
  }
  if (draft.get("session.secrets") === undefined) {
    const said = take.sessionSecret(draft, null, null as never);
    if (said.how === "exactly") draft.note(said.note!);
  }
  const domain = draft.get("session.domain");
  const [url] = listOf(draft.get("publicUrl"));
  if (url === undefined)
    draft.put("publicUrl", `<https://${domain ? String(domain) : "app.example.com"}>`);
  else if (domain && !`.${urlOf(url)?.hostname}`.endsWith(`.${String(domain)}`)) {
    delete treeOf(draft.block.session).domain;
    draft.tell("the cookie's domain", strictly(`${String(domain)} does not hold ${url}`));
  }
  draft.put("stateDir", "/state");
}
