/**
 * Secrets in the configuration: `env:NAME`, `file:/path`, or the secret itself, which everyone with
 * access to Traefik's API can read.
 */
import { isToken } from "../http/header";
import { mark, release, request } from "../runtime/arena";
import { decodeBase64 } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Section } from "./section";

/**
 * Sources of secrets and of a configuration file, given by the shell. Null: there is none of that
 * name.
 */
@final
export class SecretSources {
  /** The configuration is in a file, and so are the secrets that it holds in plain text. */
  isPrivate: bool = false;

  constructor(
    readonly environment: (name: Bytes) => Bytes | null,
    readonly file: (path: Bytes) => Bytes | null,
    /** `configFile`. */
    readonly configuration: (path: Bytes) => Bytes | null,
  ) {}
}

const ENVIRONMENT = "env:";
const FILE = "file:";

/**
 * Beginnings of placeholders that were never replaced: other templates, Kubernetes, keys that are
 * not secret.
 */
const UNRESOLVED: StaticArray<string> = [
  "env:",
  "file:",
  "urn:",
  "${",
  "{{",
  "$(",
  "-----begin",
  "<",
];
/** Parts of example secrets; the last two are Prefect's and Traefik's. */
const EXAMPLES: StaticArray<string> = [
  "change-me",
  "changeme",
  "change_me",
  "replace-me",
  "replaceme",
  "replace_me",
  "your-256-bit-secret",
  "your-client-secret",
  "your_client_secret",
  "placeholder",
  "admin:pass",
  "test:test",
];
const BASIC = "Basic ";
/** A secret of random bytes has more distinct bytes, in any encoding. */
const DISTINCT_BYTES = 8;

export const GUESSABLE = "has few different bytes and can be guessed; use random ones";

/** The secret's bytes; null when the option is absent or wrong. No message contains its value. */
export function readSecret(section: Section, key: string, sources: SecretSources): Bytes | null {
  const text = section.text(key);
  return text ? resolveSecret(section, key, text, sources) : null;
}

/** The same for a value that was found under `key`. */
export function resolveSecret(
  section: Section,
  key: string,
  text: Bytes,
  sources: SecretSources,
): Bytes | null {
  const value = resolve(section, key, text, sources);
  if (!value) return null;
  const problem = problemOfSecret(value);
  if (problem.length == 0) return value;
  section.error(key, "bad_secret", problem);
  return null;
}

/** What the text refers to, or the text itself; the caller checks whether it is a good secret. */
export function resolve(
  section: Section,
  key: string,
  text: Bytes,
  sources: SecretSources,
): Bytes | null {
  let value: Bytes | null = text;
  if (text.startsWith(Bytes.of(ENVIRONMENT))) {
    const name = text.rest(ENVIRONMENT.length);
    value = sources.environment(name);
    if (!value) {
      section.error(
        key,
        "secret_missing",
        `the plugin sees no environment variable ${name.toString()}: name it in the static configuration's settings.envs`,
      );
    }
  } else if (text.startsWith(Bytes.of(FILE))) {
    const path = text.rest(FILE.length);
    value = sources.file(path);
    if (!value) {
      section.error(
        key,
        "secret_missing",
        `${path.toString()} cannot be read: it must be on a mount of settings.mounts`,
      );
    } else value = withoutLineEnd(value);
  } else if (!sources.isPrivate && section.report.warns) {
    section.report.warning(
      section.pathOf(key),
      "literal_secret",
      "can be read in Traefik's API and debug log; use env:NAME or file:/path",
    );
  }
  return value;
}

/**
 * Why the value is not a secret, or an empty text. What follows a scheme must be one too (RFC 9110
 * §11.4: `Bearer ${TOKEN}`), also after a doubled scheme; of a Basic credential the decoded text is
 * checked.
 */
function problemOfSecret(value: Bytes): string {
  let rest = value.trim();
  let problem = problemOfText(rest);
  while (problem.length == 0) {
    const space = rest.indexOf(Char.Space);
    if (space < 0 || !isToken(rest.slice(0, space))) break;
    const isBasic = rest.hasAt(0, BASIC);
    rest = rest.rest(space + 1).trim();
    const clear = isBasic ? decodeBase64(rest) : null;
    problem = clear ? problemOfText(clear) : unresolved(rest);
  }
  return problem;
}

function unresolved(value: Bytes): string {
  for (let i = 0; i < UNRESOLVED.length; i++) {
    const start = UNRESOLVED[i];
    if (value.hasAt(0, start)) {
      return `begins with ${start} and is no secret, but something that was to be replaced by one`;
    }
  }
  return "";
}

function problemOfText(value: Bytes): string {
  if (value.length == 0) return "is empty";
  const problem = unresolved(value);
  if (problem.length > 0) return problem;
  for (let i = 0; i < EXAMPLES.length; i++) {
    if (value.contains(EXAMPLES[i])) return "is an example; make your own";
  }
  return distinctBytes(value) < DISTINCT_BYTES ? GUESSABLE : "";
}

export function distinctBytes(bytes: Bytes): i32 {
  const before = request.enter();
  const start = mark();
  const seen = Bytes.make(256);
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (seen.at(bytes.at(i)) == 0) count++;
    seen.set(bytes.at(i), 1);
  }
  release(start);
  before.enter();
  return count;
}

/** Editors end a file with a line end, which is not part of the secret. */
function withoutLineEnd(value: Bytes): Bytes {
  let length = value.length;
  if (length > 0 && value.at(length - 1) == Char.LineFeed) length--;
  if (length > 0 && value.at(length - 1) == Char.CarriageReturn) length--;
  return value.slice(0, length);
}
