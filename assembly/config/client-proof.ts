/**
 * Client authentication at the token endpoint, RFC 6749 §2.3 and RFC 7523: `login.clientAuth` and
 * its secret.
 */
import {
  describePrivateKeyProblem,
  importPrivateKey,
  PrivateKeyProblem,
} from "../jose/private-key";
import { request } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { ClientAuth, LoginOptions } from "./options";
import { readSecret, resolve, SecretSources } from "./secret";
import { Section } from "./section";
import { Settings } from "./settings";

/** Only mode login resolves the secret that `clientAuth` needs; other modes only check its form. */
export function readClientProof(
  section: Section,
  settings: Settings,
  sources: SecretSources,
): void {
  const login = settings.login;
  login.clientAuth = LoginOptions.clientAuth(section);
  login.clientKeyId = LoginOptions.clientKeyId(section);
  const usesKey = login.clientAuth == ClientAuth.PrivateKeyJwt;
  const usesSecret = !usesKey && login.clientAuth != ClientAuth.None;
  const needsSecret = usesSecret && LoginOptions.resolvesClientSecret(settings.mode);
  const needsKey = usesKey && LoginOptions.resolvesClientKey(settings.mode);
  if (needsSecret) login.clientSecret = readSecret(section, "clientSecret", sources);
  else section.text("clientSecret");
  if (needsKey) login.clientKey = readClientKey(section, sources);
  else section.text("clientKey");
  if (needsSecret && !section.has("clientSecret")) {
    section.error(
      "clientSecret",
      "missing",
      "give the secret that the provider gave the application, or clientAuth none for a public client",
    );
  }
  if (needsKey && !section.has("clientKey")) {
    section.error(
      "clientKey",
      "missing",
      "private_key_jwt signs with a P-256 key; give file:/path to it",
    );
  }
}

/** Other secrets must not begin as PEM; this one may. */
function readClientKey(section: Section, sources: SecretSources): Bytes | null {
  const text = section.text("clientKey");
  const value = text ? resolve(section, "clientKey", text, sources) : null;
  if (!value) return null;
  // Only checked here and imported again when used, because guests are many and few sign at the
  // same time.
  const before = request.enter();
  const problem = importPrivateKey(value).problem;
  before.enter();
  if (problem == PrivateKeyProblem.None) return value;
  section.error("clientKey", "bad_key", describePrivateKeyProblem(problem));
  return null;
}
