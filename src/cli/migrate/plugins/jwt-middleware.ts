/** jwt-middleware (agilezebra), by its README. */
import { type Allow, anyOf, everyOf } from "../allow.ts";
import { isOrHas, isSayable, pathOf } from "../claims.ts";
import { type Draft, isReference, isTrue, listOf, plainOr, treeOf } from "../draft.ts";
import { unescaped } from "../headers.ts";
import { EVERYWHERE } from "../region.ts";
import { denied, exactly, strictly } from "../said.ts";
import { type Source, type Taker } from "../source.ts";
import { oneSource, take, urlOf } from "../take.ts";
import type { OldPlugin } from "./plugin.ts";

/** A place of the token: on by default, and an empty name turns it off. */
const place =
  (path: string): Taker =>
  (draft, value) => {
    const name = String(value ?? "");
    if (/^[\w-]+$/.test(name)) draft.put(path, name);
    return exactly();
  };

const REDIRECT = take.noted(
  "who may not gets 401 or 403; people are sent to sign in where session and login are set",
);
const CERTIFICATES = take.noted("certificates of the provider are its service's: serversTransport");

const SPKI = /-----BEGIN PUBLIC KEY-----/;
const OTHER_KEY = "give the key as PUBLIC KEY (openssl pkey -pubin): publicKeys, or a key set";

const OPTIONS: Record<string, Taker> = {
  ...Object.fromEntries(
    "require cookieName skipPrefetch delayPrefetch refreshKeysInterval logUnauthorized removeMissingHeaders forwardToken freshness issuers infoToStdout"
      .split(" ")
      .map((name) => [name, take.aside]),
  ),
  validMethods: take.texts("algorithms"),
  secret: (draft, value) => {
    const text = String(value);
    if (/-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(text)) {
      if (!SPKI.test(text)) return strictly(OTHER_KEY);
      draft.put("publicKeys", [text]);
      return exactly();
    }
    return take.secret("signingSecret", "HS_SECRET")(draft, value, null as never);
  },
  secretBase64Encoded: (_, value) =>
    isTrue(value)
      ? exactly("signingSecret is taken as it is: put the decoded secret into HS_SECRET")
      : exactly(),
  secrets: (draft, value) => {
    const keys = Object.values(treeOf(value)).map(String);
    const pems = keys.filter((it) => SPKI.test(it));
    if (pems.length > 0) draft.put("publicKeys", pems);
    return pems.length < keys.length
      ? strictly(`not all were taken: one secret is a signingSecret. ${OTHER_KEY}`)
      : exactly();
  },
  optional: (_, value) =>
    isTrue(value)
      ? strictly(
          "without a token it let everybody in: give what may be open rules with allow: optional",
        )
      : exactly(),
  unauthenticatedMethods: (_, value) =>
    listOf(value).length > 0 ? strictly("a rule that is public names its paths") : exactly(),
  redirectUnauthorized: REDIRECT,
  redirectForbidden: REDIRECT,
  headerName: place("token.header"),
  parameterName: place("token.query"),
  headerMap: (draft, value) => {
    const headers = Object.entries(treeOf(value)).map(([name, claim]) => [
      name,
      pathOf([String(claim)]),
    ]);
    if (headers.length > 0) draft.put("forwardHeaders", Object.fromEntries(headers));
    return exactly();
  },
  insecureSkipVerify: CERTIFICATES,
  rootCAs: CERTIFICATES,
};

const KEYS = [
  "require",
  "validMethods",
  "headerMap",
  "secrets",
  "redirectUnauthorized",
  "optional",
  "skipPrefetch",
];

export const jwtMiddleware: OldPlugin = {
  from: "jwt-middleware",
  is: (name, block) =>
    !block.has("rules") &&
    (KEYS.some((key) => block.has(key)) || (/jwt/i.test(name) && block.has("issuers"))),
  read(block, draft) {
    block.give(OPTIONS, draft);
    issuers(block, draft);
    oneSource(draft);
    cookie(block, draft);
    draft.put(
      "forwardAuthorization",
      !block.has("forwardToken") || isTrue(block.get("forwardToken")),
    );
    const { aud, ...required } = treeOf(block.get("require"));
    draft.put("audience", audiences(aud, draft));
    const allow = everyOf([
      "authenticated",
      ...Object.entries(required).map(([name, value]) => {
        const said = requirement([name], value);
        draft.tell(`require.${name}`, said === null ? denied(WHY) : exactly());
        return said ?? "authenticated";
      }),
    ]);
    draft.decide(
      [{ what: "whoever has a token", name: "everything", region: EVERYWHERE, allow }],
      "deny",
    );
  },
};

const WHY = "a template, a number or a wildcard: write the rule by hand";

/** One of several values is enough. A template for the host's name has no counterpart here. */
function audiences(aud: unknown, draft: Draft): string[] {
  const list = (Array.isArray(aud) ? aud : aud === undefined ? [] : [aud]).map((it) =>
    unescaped(String(it)),
  );
  const plain = list.filter((it) => !isReference(it));
  if (aud !== undefined && typeof aud === "object" && !Array.isArray(aud)) {
    draft.tell("require.aud", denied(WHY));
    return ["<audience>"];
  }
  if (plain.length < list.length)
    draft.tell("require.aud", strictly("a template: name the audience"));
  return plain.length > 0 ? plain : ["<audience>"];
}

/**
 * Null: it cannot be expressed. There the token's value is a pattern, and the required value never
 * is.
 */
function requirement(path: string[], value: unknown): Allow | null {
  if (typeof value === "string") {
    const isPlain = isSayable(value) && !isReference(value) && !/[[\]\\]/.test(value);
    return isPlain ? isOrHas(pathOf(path), value) : null;
  }
  if (Array.isArray(value))
    return joined(
      value.map((it) => requirement(path, it)),
      anyOf,
    );
  const entries = Object.entries(treeOf(value));
  if (entries.length === 0) return null;
  const [[key, inner]] = entries as [[string, unknown]];
  if (entries.length === 1 && key.startsWith("$")) {
    if (!Array.isArray(inner) || (key !== "$and" && key !== "$or")) return null;
    return joined(
      inner.map((it) => requirement(path, it)),
      key === "$and" ? everyOf : anyOf,
    );
  }
  return joined(
    entries.map(([name, it]) => requirement([...path, name], it)),
    everyOf,
  );
}

function joined(parts: (Allow | null)[], join: (parts: Allow[]) => Allow): Allow | null {
  return parts.length === 0 || parts.includes(null) ? null : join(parts as Allow[]);
}

/** Texts, or maps of an issuer and its keys. */
function issuers(block: Source, draft: Draft): void {
  const given = block.get("issuers");
  const list = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map((item) => {
    const tree = treeOf(item);
    return {
      issuer: String(typeof item === "object" ? (tree.issuer ?? "") : item),
      jwks: tree.jwks,
    };
  });
  const [first, ...others] = list;
  const wild = first?.issuer.includes("*");
  draft.put("issuer", wild ? "<issuer>" : plainOr(first?.issuer, "<issuer>"));
  if (wild)
    draft.tell(`issuers: ${first!.issuer}`, strictly("an issuer is named in full, without *"));
  for (const { issuer } of others) {
    draft.tell(
      `issuers: ${issuer}`,
      strictly("add it to issuers, with audience and keys of its own"),
    );
  }
  draft.note(
    "issuers are compared byte for byte: see whether tokens have a slash at the end of `iss`",
  );
  if (draft.get("signingSecret") !== undefined && first === undefined) return;
  if (draft.get("publicKeys") !== undefined && first === undefined) return;
  const jwks = first?.jwks;
  if (typeof jwks === "string" && jwks.trim().startsWith("{")) draft.put("jwks", jwks);
  else {
    draft.put("jwksFile", "/state/jwks.json");
    const url = urlOf(jwks)?.href;
    draft.note(
      `bring the keys into state/jwks.json: rolegate keys sync${url === undefined ? "" : ` --jwks-url ${url} -o state/jwks.json`}`,
    );
  }
}

/** `Authorization`, unless it says otherwise. */
function cookie(block: Source, draft: Draft): void {
  const name = block.has("cookieName") ? (block.text("cookieName") ?? "") : "Authorization";
  if (!/^[\w-]+$/.test(name)) return;
  if (!block.has("cookieName")) {
    draft.tell(
      "cookieName",
      strictly(
        "a token in the cookie Authorization counted: set token.cookie and publicUrl if one is used",
      ),
    );
    return;
  }
  draft.put("token.cookie", name);
  draft.put("publicUrl", "<https://app.example.com>");
  draft.note("a token in a cookie counts on the hosts of publicUrl alone");
}
