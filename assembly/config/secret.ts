/** Secrets in the configuration: `env:NAME`, `file:/path`, or the secret itself, which anybody with Traefik's API can read. */
import { Bytes } from "../text/bytes";
import { Section } from "./section";

/** Where secrets come from; the shell knows. Null: there is none of that name. */
@final
export class SecretSources {
  constructor(
    readonly environment: (name: Bytes) => Bytes | null,
    readonly file: (path: Bytes) => Bytes | null,
  ) {}
}

const ENVIRONMENT = "env:";
const FILE = "file:";

/** The secret's bytes; null when the key is absent or wrong. Its value is in no message. */
export function readSecret(section: Section, key: string, sources: SecretSources): Bytes | null {
  const text = section.text(key);
  if (!text) return null;
  if (text.startsWith(Bytes.of(ENVIRONMENT))) {
    const name = text.slice(ENVIRONMENT.length);
    const value = sources.environment(name);
    const where = `the plugin sees no environment variable ${name.toString()}: name it in the static configuration's settings.envs`;
    return notEmpty(section, key, value, where);
  }
  if (text.startsWith(Bytes.of(FILE))) {
    const path = text.slice(FILE.length);
    const value = sources.file(path);
    const where = `${path.toString()} cannot be read: it must be on a mount of settings.mounts`;
    return notEmpty(section, key, value ? withoutLineEnd(value) : null, where);
  }
  section.report.warning(
    section.pathOf(key),
    "literal_secret",
    "can be read in Traefik's API and debug log; use env:NAME or file:/path",
  );
  return text;
}

function notEmpty(
  section: Section,
  key: string,
  value: Bytes | null,
  missing: string,
): Bytes | null {
  if (value && value.length > 0) return value;
  section.error(key, "secret_missing", value ? "is empty where it points to" : missing);
  return null;
}

/** Editors end a file with a line end that is no part of the secret. */
function withoutLineEnd(value: Bytes): Bytes {
  let length = value.length;
  if (length > 0 && value.at(length - 1) == 0x0a) length--;
  if (length > 0 && value.at(length - 1) == 0x0d) length--;
  return value.slice(0, length);
}
