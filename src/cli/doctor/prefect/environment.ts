/**
 * A client's environment as people can hand it over: what `env` or `prefect config view --show-secrets` prints, lines for
 * a shell, an .env file, a compose file's list; and among it the output of `prefect version`.
 */
import { type Version, versionIn } from "./version.ts";

export interface ClientEnvironment {
  variables: Map<string, string>;
  /** Null when `prefect version` is not among it. */
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
    // In a list, quotes around the value alone are part of it: YAML takes those around the whole for its own.
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

/** What a client sends as Authorization; undefined for nothing. From Prefect 3.8.8's source. */
export function authorizations(environment: ClientEnvironment) {
  const custom = customAuthorization(environment);
  const password = environment.variables.get("PREFECT_API_AUTH_STRING");
  const key = environment.variables.get("PREFECT_API_KEY");
  const basic = password && `Basic ${Buffer.from(password).toString("base64")}`;
  const bearer = key && `Bearer ${key}`;
  return {
    // The password replaces a header of one's own, the key does not.
    versionCheck: basic || custom || bearer || undefined,
    http: custom ?? (basic || bearer || undefined),
    webSockets: custom,
  };
}
