/** What a router's rule says of hosts and paths, by its text: for warnings, never for decisions. */

/** The arguments of a function wherever it stands in the rule. */
export function argumentsOf(rule: string, name: string): string[] {
  const calls = rule.matchAll(new RegExp(`(?<![\\w!])${name}\\(([^)]*)\\)`, "g"));
  return [...calls].flatMap(([, inner]) =>
    [...inner!.matchAll(/`([^`]*)`|"((?:[^"\\]|\\.)*)"/g)].map((it) => it[1] ?? it[2]!),
  );
}

export function hostsOf(rule: string): string[] {
  return argumentsOf(rule, "Host").map((host) => host.toLowerCase());
}

/** No host, and no path other than all: whatever other routers leave arrives here. */
export function isCatchAll(rule: string): boolean {
  if (/\b(Host|HostSNI|ClientIP|Header|HeaderRegexp|Query)\(/.test(rule)) return false;
  const anyHost = argumentsOf(rule, "HostRegexp").every((it) => /^\^?\.[*+]\$?$/.test(it));
  const paths = [...argumentsOf(rule, "PathPrefix"), ...argumentsOf(rule, "Path")];
  const isNarrow = /\b(Method|PathRegexp)\(/.test(rule) || paths.some((path) => path !== "/");
  return anyHost && !isNarrow && rule.trim() !== "";
}
