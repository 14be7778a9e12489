/** Hosts and paths in a router's rule, read from its text: for warnings, never for decisions. */

/** The arguments of a function anywhere in the rule. */
export function argumentsOf(rule: string, name: string): string[] {
  const calls = rule.matchAll(new RegExp(`(?<![\\w!])${name}\\(([^)]*)\\)`, "g"));
  return [...calls].flatMap(([, inner]) =>
    [...inner!.matchAll(/`([^`]*)`|"((?:[^"\\]|\\.)*)"/g)].map((it) => it[1] ?? it[2]!),
  );
}

/** True if the rule has that path, or one above it. */
export function takesPath(rule: string, path: string): boolean {
  const above = argumentsOf(rule, "PathPrefix");
  return argumentsOf(rule, "Path").includes(path) || above.some((it) => path.startsWith(it));
}

export function hostsOf(rule: string): string[] {
  return argumentsOf(rule, "Host").map((host) => host.toLowerCase());
}

/**
 * True for a rule without a host and with no path or all paths: it gets every request that other
 * routers leave.
 */
export function isCatchAll(rule: string): boolean {
  if (/\b(Host|HostSNI|ClientIP|Header|HeaderRegexp|Query)\(/.test(rule)) return false;
  const anyHost = argumentsOf(rule, "HostRegexp").every((it) => /^\^?\.[*+]\$?$/.test(it));
  const paths = [...argumentsOf(rule, "PathPrefix"), ...argumentsOf(rule, "Path")];
  const isNarrow = /\b(Method|PathRegexp)\(/.test(rule) || paths.some((path) => path !== "/");
  return anyHost && !isNarrow && rule.trim() !== "";
}
