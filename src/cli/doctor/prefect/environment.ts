/**
 * A client's environment in the forms in which people have it: the output of `env` or `prefect
 * config view --show-secrets`, lines for a shell, an .env file, a compose file's list; and in it
 * the output of `prefect version`.
 */
import { type Version, versionIn } from "./version.ts";

export interface ClientEnvironment {
  variables: Map<string, string>;
  /** Null when the output of `prefect version` is missing. */
  version: Version | null;
}

const LINE = /^\s*(-\s+)?(?:export\s+)?(["']?)(PREFECT_[A-Z0-9_]*)\s*[=:]\s*(.*?)\s*$/;

export function readEnvironment(text: string): ClientEnvironment {
  const lines = text.split("\n");
  const variables = lines.flatMap((line) => {
    const match = LINE.exec(line);
    if (!match) return [];
    const [, dash, quote = "", name = "", rest = ""] = match;
    const value = rest.replace(/ \(from [^)]*\)$/, "");
    // In a list, quotes around the value alone are part of it: YAML removes only quotes around the
    // whole entry.
    if (dash) return [[name, quote && value.endsWith(quote) ? value.slice(0, -1) : value] as const];
    return [[name, value.replace(/^(['"])(.*)\1$/, "$2")] as const];
  });
  const version = lines.find((line) => /^Version:\s/.test(line));
  return { variables: new Map(variables), version: version ? versionIn(version) : null };
}

/** Undefined when there is no such header, or no JSON. */
export function customAuthorization({ variables }: ClientEnvironment): string | undefined {
  const json = variables.get("PREFECT_CLIENT_CUSTOM_HEADERS") ?? "";
  try {
    const headers = JSON.parse(json.replaceAll('\\"', '"')) as Record<string, unknown> | null;
    const own = Object.entries(headers ?? {}).find(
      ([name]) => name.toLowerCase() === "authorization",
    );
    return own && String(own[1]);
  } catch {
    return undefined;
  }
}

/** The Authorization that a client sends; undefined: none. From Prefect 3.8.8's source. */
export function authorizations(environment: ClientEnvironment) {
  const custom = customAuthorization(environment);
  const password = environment.variables.get("PREFECT_API_AUTH_STRING");
  const key = environment.variables.get("PREFECT_API_KEY");
  const basic = password && `Basic ${Buffer.from(password).toString("base64")}`;
  const bearer = key && `Bearer ${key}`;
  return {
    // The password replaces a custom header, the key does not.
    versionCheck: basic || custom || bearer || undefined,
    http: custom ?? (basic || bearer || undefined),
    webSockets: custom,
  };
}
