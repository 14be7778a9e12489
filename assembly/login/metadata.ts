/**
 * The provider's metadata, OpenID Connect Discovery §3 and §4.3. It must be the configured issuer's
 * own, and every endpoint must have a known origin, because codes and secrets are sent there.
 */
import { Mode } from "../config/options";
import { Issuer } from "../config/settings";
import {
  Endpoint,
  ENDPOINTS,
  isForBrowsers,
  LoginSettings,
  memberOf,
  optionOf,
} from "../config/sign-in";
import { Url } from "../http/url";
import { parse } from "../json/parse";
import { Json } from "../json/value";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

const WELL_KNOWN = "/.well-known/openid-configuration";

@final
export class Metadata {
  /** By `Endpoint`; null: the provider has none. */
  readonly endpoints: StaticArray<Bytes | null> = new StaticArray<Bytes | null>(ENDPOINTS);
  /** RFC 9207 §3: the authorization response names its issuer. */
  namesIssuer: bool = false;
  /** Initiating User Registration §4.1: the values of `prompt` that it knows; null: not stated. */
  prompts: Json | null = null;
  /** Why it is unusable, for the log; empty: it is usable. */
  problem: string = "";

  get(endpoint: Endpoint): Bytes | null {
    return this.endpoints[endpoint];
  }

  knowsPrompt(value: string): bool {
    const prompts = this.prompts;
    for (let it = prompts && prompts.isArray ? prompts.first : null; it; it = it!.next) {
      if (it.isString && it.text.is(value)) return true;
    }
    return false;
  }

  fail(problem: string): Metadata {
    this.problem = problem;
    return this;
  }
}

/** Path and query of the metadata, at the issuer's own origin. */
export function discoveryPath(issuer: Issuer): Bytes {
  const url = Url.parse(issuer.url)!;
  const path = url.target;
  const base = path.at(path.length - 1) == Char.Slash ? path.slice(0, path.length - 1) : path;
  return base.concat(Bytes.of(WELL_KNOWN));
}

/** The configured metadata, if it is enough to sign in; null: discovery is needed. */
export function configuredMetadata(login: LoginSettings, issuer: Issuer): Metadata | null {
  const known = login.endpoints;
  if (!known[Endpoint.Authorization] || !known[Endpoint.Token]) return null;
  const metadata = new Metadata();
  return complete(metadata, login, Mode.Login, issuer, null);
}

/** Reads a metadata document, for a middleware of that mode. */
export function readMetadata(
  text: Bytes,
  login: LoginSettings,
  mode: Mode,
  issuer: Issuer,
): Metadata {
  const metadata = new Metadata();
  const json = parse(text);
  if (!json || !json.isObject) return metadata.fail("the discovery document is no JSON object");
  const iss = json.stringOf("issuer");
  if (!iss || !iss.equals(issuer.name)) {
    const said = iss ? iss.toString() : "none";
    return metadata.fail(
      `the discovery document's issuer is ${said}; \`issuer\` must be the same, byte for byte`,
    );
  }
  const names = json.member("authorization_response_iss_parameter_supported");
  metadata.namesIssuer = names !== null && names.text.is("true") && !names.isString;
  metadata.prompts = json.member("prompt_values_supported");
  return complete(metadata, login, mode, issuer, json);
}

/**
 * Checks only the endpoints that the mode uses, because many providers have others at other
 * origins. Those that the plugin calls need a router to their origin; those that browsers go to are
 * taken from the issuer's own document.
 */
function complete(
  metadata: Metadata,
  login: LoginSettings,
  mode: Mode,
  issuer: Issuer,
  json: Json | null,
): Metadata {
  const own = Url.parse(issuer.url)!;
  for (let i = 0; i < ENDPOINTS; i++) {
    if (!isUsed(i, login, mode)) continue;
    const configured = login.endpoints[i];
    const said = configured ? configured : json ? json.stringOf(memberOf(i)) : null;
    if (!said) continue;
    const url = Url.normalize(said);
    if (!url) return metadata.fail(`${memberOf(i)} is no absolute URL`);
    if (!isForBrowsers(i) && serviceOf(url.origin, login) < 0) {
      return metadata.fail(
        `${memberOf(i)} is of ${url.origin.toString()}, which is not the issuer's origin: ` +
          `name it in login.endpointOrigins, and give it a router and a service of its own`,
      );
    }
    // Plain http would let everyone on the way read what is sent there.
    if (!url.isSecure && !url.isLoopback && (own.isSecure || isForBrowsers(i))) {
      return metadata.fail(`${memberOf(i)} is plain http`);
    }
    metadata.endpoints[i] = url.text;
  }
  if (mode == Mode.Keys) return metadata;
  if (!metadata.get(Endpoint.Authorization)) return missing(metadata, Endpoint.Authorization);
  if (!metadata.get(Endpoint.Token)) return missing(metadata, Endpoint.Token);
  return metadata;
}

/**
 * Mode keys uses only the key set, which is all that bearer tokens need; sign-in gets keys from it.
 */
function isUsed(endpoint: Endpoint, login: LoginSettings, mode: Mode): bool {
  switch (endpoint) {
    case Endpoint.Jwks:
      return mode == Mode.Keys;
    case Endpoint.UserInfo:
      return mode != Mode.Keys && login.userinfo;
    case Endpoint.Authorization:
    case Endpoint.Token:
    case Endpoint.EndSession:
      return mode != Mode.Keys;
    default:
      return true;
  }
}

function missing(metadata: Metadata, endpoint: Endpoint): Metadata {
  return metadata.fail(
    `there is no ${memberOf(endpoint)}; give login.endpoints.${optionOf(endpoint)}`,
  );
}

/** Position of the service for an origin, or -1. */
function serviceOf(origin: Bytes, login: LoginSettings): i32 {
  for (let i = 0; i < login.serviceOrigins.length; i++) {
    if (login.serviceOrigins[i].equals(origin)) return i;
  }
  return -1;
}

/** True if this router leads to the endpoint. */
export function leadsTo(endpoint: Bytes, login: LoginSettings): bool {
  const url = Url.parse(endpoint);
  return url !== null && serviceOf(url.origin, login) == login.service;
}
