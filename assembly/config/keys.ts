/**
 * Sources of an issuer's keys: PEM keys and a key set in the configuration, a key set in a file.
 */
import { algorithmOf, KeyType, NO_ALGORITHM } from "../jose/algorithms";
import { readKeySet } from "../jose/jwks";
import { describeProblem, Key } from "../jose/key";
import { importPem } from "../jose/pem";
import { parse } from "../json/parse";
import { Json } from "../json/value";
import { request } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { IssuerOptions } from "./options";
import { readSecret, SecretSources } from "./secret";
import { Section } from "./section";
import { Issuer, Settings } from "./settings";

/** The HMAC with the shortest hash. */
const LEAST_HMAC = "HS256";

export function readKeys(
  section: Section,
  issuer: Issuer,
  settings: Settings,
  sources: SecretSources,
): void {
  readPublicKeys(section, issuer);
  readInlineSet(section, issuer);
  const file = IssuerOptions.jwksFile(section);
  if (file && file.at(0) != Char.Slash) {
    section.error(
      "jwksFile",
      "wrong_value",
      "expected an absolute path on a mount, as in /state/jwks.json",
    );
  } else issuer.jwksFile = file;
  issuer.jwksFileKey = section.pathOf("jwksFile");
  readAlgorithms(section, issuer);
  const isPublic = section.has("publicKeys") || section.has("jwks") || file !== null;
  if (IssuerOptions.resolvesSigningSecret(settings.mode)) {
    readSigningSecret(section, issuer, sources, isPublic);
  } else section.text("signingSecret");
  if (isPublic || section.has("signingSecret")) return;
  // Mode keys writes them there. `placeFetchedKeys` sets the path, when all issuers are known.
  issuer.keysAreFetched = settings.stateDir !== null;
  if (issuer.keysAreFetched || section.report.hasErrorAt("stateDir")) return;
  if (settings.login.trusts(issuer.name, settings.issuers.length == 1)) return;
  section.error(
    "jwksFile",
    "no_keys",
    "no source of keys; give stateDir (see mode keys), jwksFile, jwks, publicKeys or signingSecret",
  );
}

function readPublicKeys(section: Section, issuer: Issuer): void {
  const texts = IssuerOptions.publicKeys(section);
  if (!texts) return;
  for (let i = 0; i < texts.length; i++) {
    const imported = importPem(texts[i]);
    const key = imported.key;
    if (key) issuer.keys.push(key);
    else section.error(`publicKeys[${i}]`, "bad_key", describeProblem(imported.problem));
  }
  if (texts.length == 0)
    section.error("publicKeys", "empty", "is empty; give a key or leave it out");
}

/** A text with JSON, or the set itself as a map. */
function readInlineSet(section: Section, issuer: Issuer): void {
  const value = section.value("jwks");
  if (!value) return;
  const before = request.enter();
  const json: Json | null = value.isString ? parse(value.text) : value;
  before.enter();
  const set = readKeySet(json);
  if (set.refusal.length > 0) section.error("jwks", "bad_key", set.refusal);
  else if (set.hasBadKey) section.error("jwks", "bad_key", set.skipped.join("; "));
  else if (set.skipped.length > 0 && section.report.warns) {
    section.report.warning(section.pathOf("jwks"), "key_skipped", set.skipped.join("; "));
  }
  for (let i = 0; i < set.keys.length; i++) issuer.keys.push(set.keys[i]);
}

/**
 * RFC 7518 §3.2: a secret is at least as long as the hash. Together with public keys it must be
 * intended, so `algorithms` must name an HMAC.
 */
function readSigningSecret(
  section: Section,
  issuer: Issuer,
  sources: SecretSources,
  hasPublicKeys: bool,
): void {
  const secret = readSecret(section, "signingSecret", sources);
  if (!secret) return;
  const key = Key.symmetric(secret);
  if (!key.allows(algorithmOf(Bytes.of(LEAST_HMAC)))) {
    section.error("signingSecret", "wrong_value", "is shorter than the 32 bytes that HS256 needs");
  }
  let listed = false;
  for (let i = 0; i < issuer.algorithms.length; i++) {
    const algorithm = issuer.algorithms[i];
    if (algorithm.keyType != KeyType.Oct) continue;
    listed = true;
    if (key.allows(algorithm)) continue;
    section.error("signingSecret", "wrong_value", `is shorter than ${algorithm.name} needs`);
  }
  if (hasPublicKeys && !listed) {
    section.error(
      "signingSecret",
      "mixed_keys",
      "is beside public keys; list the HS algorithms in `algorithms`, or remove it",
    );
  }
  issuer.keys.push(key);
  issuer.hasSecret = true;
}

function readAlgorithms(section: Section, issuer: Issuer): void {
  const names = IssuerOptions.algorithms(section);
  if (!names) return;
  for (let i = 0; i < names.length; i++) {
    const algorithm = algorithmOf(names[i]);
    if (algorithm != NO_ALGORITHM) issuer.algorithms.push(algorithm);
    else {
      const why = names[i].isInAnyCase("none") ? "is never accepted" : "is not supported";
      section.error(`algorithms[${i}]`, "wrong_value", `${names[i].toString()} ${why}`);
    }
  }
  if (names.length == 0)
    section.error("algorithms", "empty", "is empty; leave it out for all that the keys allow");
}
