/**
 * Callers without a real token: a throw-away key signs one with the given roles, and replaces the
 * issuer's keys in the configuration that the plugin gets. The plugin decides.
 */
import { createHash, randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { CliError } from "../failure.ts";
import { type Block, blockOf, mapOf, textOf, textsOf, valueOf, withKeys } from "./block.ts";

export interface RoleCaller {
  roles: string[];
  /** Claims that replace the usual ones; a name may be a path with dots. */
  claims?: Record<string, unknown>;
  user?: string;
  /** One of several issuers; default: the first. */
  issuer?: string | undefined;
}

export interface Issued {
  block: Block;
  token(caller: RoleCaller): Promise<string>;
  /** A token with exactly these claims. */
  sign(claims: Block, header?: Block): Promise<string>;
  issuer: string;
}

/** The plugin's default without `rolesFrom`. */
const ROLES_FROM = ["realm_access.roles"];
const ALGORITHM = "ES256";
const LIFETIME = 600;

/** The block with the throw-away key in place of the issuer's. */
export async function withThrowAwayKey(
  block: Block,
  wanted?: string,
  now = Date.now(),
): Promise<Issued> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const kid = "throw-away";
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: "sig" };
  const keys = {
    jwks: JSON.stringify({ keys: [jwk] }),
    ...{ jwksFile: undefined, publicKeys: undefined, signingSecret: undefined },
    // A list without the throw-away key's algorithm would refuse it.
    algorithms: undefined,
  };
  const { section, put } = issuerOf(block, wanted);
  const issuer = textOf(section, "issuer") ?? "";
  const types = textsOf(mapOf(block, "validation"), "tokenTypes");
  const typ = types.length === 0 || types.includes("at+jwt") ? "at+jwt" : types[0]!;
  const seconds = Math.floor(now / 1000);
  const sign = (claims: Block, header: Block = {}) =>
    new SignJWT(claims as Record<string, string>)
      .setProtectedHeader({ alg: ALGORITHM, kid, typ, ...header })
      .sign(privateKey);
  const token = (caller: RoleCaller) => {
    const claims: Block = {
      iss: issuer,
      aud: audienceOf(section),
      sub: caller.user ?? "somebody",
      // It counts as an access token, whatever header type the block accepts.
      typ: "Bearer",
      iat: seconds - 1,
      exp: seconds + LIFETIME,
      preferred_username: caller.user ?? "somebody",
    };
    if (caller.roles.length > 0)
      putClaim(claims, rolePath(block, section), providerRoles(block, section, caller.roles));
    for (const [path, value] of Object.entries(caller.claims ?? {}))
      putClaim(claims, isAddress(path) ? [path] : namesOf(path), value);
    return sign(claims);
  };
  return { block: put(withKeys(section, keys)), token, sign, issuer };
}

/** The issuer's own section: the block itself, or an element of `issuers`. */
function issuerOf(block: Block, wanted?: string): { section: Block; put(section: Block): Block } {
  const list = valueOf(block, "issuers");
  const others = Array.isArray(list) ? list.map(blockOf) : [];
  const isTop = textOf(block, "issuer") !== undefined;
  if (isTop && (wanted === undefined || textOf(block, "issuer") === wanted)) {
    return { section: block, put: (section) => section };
  }
  const at = wanted === undefined ? 0 : others.findIndex((it) => textOf(it, "issuer") === wanted);
  if (!others[at]) {
    const names = [block, ...others].flatMap((it) => textOf(it, "issuer") ?? []);
    throw new CliError(
      "issuer_unknown",
      wanted === undefined ? "the block has no issuer" : `the block has no issuer ${wanted}`,
      names.length > 0 ? `it has ${names.join(", ")}` : "",
    );
  }
  return {
    section: others[at],
    put: (section) =>
      withKeys(block, { issuers: others.map((it, i) => (i === at ? section : it)) }),
  };
}

function audienceOf(section: Block): string {
  const [first] = textsOf(section, "audience");
  return first ?? textOf(section, "clientId") ?? "";
}

/** The names of a claim path: `\.` is a dot in a name. */
function namesOf(path: string): string[] {
  return path.split(/(?<!\\)\./).map((name) => name.replaceAll("\\.", "."));
}

function rolePath(block: Block, section: Block): string[] {
  const own = textsOf(section, "rolesFrom");
  const [path] = own.length > 0 ? own : [...textsOf(block, "rolesFrom"), ...ROLES_FROM];
  const clientId = textOf(section, "clientId");
  return namesOf(path!).map((name) => (name === "{clientId}" && clientId ? clientId : name));
}

/** The provider's names for the roles. */
function providerRoles(block: Block, section: Block, roles: string[]): string[] {
  const own = mapOf(section, "roles");
  const map = Object.keys(own).length > 0 ? own : mapOf(block, "roles");
  return roles.map((role) => textsOf(map, role)[0] ?? role);
}

/** A claim named by a URL, as a token has it: https://example.com/roles. */
const isAddress = (path: string) => /^https?:\/\/[^\\]*$/i.test(path);

function putClaim(claims: Block, names: string[], value: unknown): void {
  let at = claims;
  for (const name of names.slice(0, -1)) {
    const inner = at[name];
    at = (inner !== null && typeof inner === "object" ? inner : (at[name] = {})) as Block;
  }
  at[names.at(-1)!] = value;
}

/** A new API key, `rg_…`: docs/configuration.md describes its form. */
export function newApiKey(): { key: string; sha256: string } {
  const text = `rg_${randomBytes(32).toString("base64url")}`;
  const key = text + crc32(text).toString(16).padStart(8, "0");
  return { key, sha256: sha256Of(key) };
}

const sha256Of = (key: string) => createHash("sha256").update(key).digest("hex");

/** As in zip and PNG, ISO 3309. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text, "utf8")) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** The block with the digest of a known key for the named API key. */
export function withApiKey(block: Block, name: string): { block: Block; key: string } {
  const list = valueOf(block, "apiKeys");
  const keys = Array.isArray(list) ? list.map(blockOf) : [];
  const at = keys.findIndex((it) => textOf(it, "name") === name);
  if (at < 0) {
    const names = keys.flatMap((it) => textOf(it, "name") ?? []);
    throw new CliError(
      "api_key_unknown",
      `apiKeys has no key named ${name}`,
      names.length > 0 ? `it has ${names.join(", ")}` : "keys in apiKeysFile are not looked for",
    );
  }
  const { key, sha256 } = newApiKey();
  const changed = keys.map((it, i) => (i === at ? withKeys(it, { sha256 }) : it));
  return { block: withKeys(block, { apiKeys: changed }), key };
}
