/** How the client proves to the token endpoint who it is, RFC 6749 §2.3 and RFC 7523: `login.clientAuth` and its secret. */
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

/** Mode login alone resolves what `clientAuth` needs; everywhere else it is only looked at. */
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

/** Of other secrets a text that begins as PEM is refused; here it is what is asked for. */
function readClientKey(section: Section, sources: SecretSources): Bytes | null {
  const text = section.text("clientKey");
  const value = text ? resolve(section, "clientKey", text, sources) : null;
  if (!value) return null;
  // Imported where it is used: guests are many, and few sign at a time.
  const before = request.enter();
  const problem = importPrivateKey(value).problem;
  before.enter();
  if (problem == PrivateKeyProblem.None) return value;
  section.error("clientKey", "bad_key", describePrivateKeyProblem(problem));
  return null;
}
