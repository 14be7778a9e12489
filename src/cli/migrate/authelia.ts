/** From Authelia's `access_control`: its rules become rules; it stays, or another provider comes, as the issuer. */
import { parse } from "yaml";
import { Draft, listOf, type Rule, Source, treeOf } from "./draft.ts";
import { differenceOf, matchOfRegex } from "./pattern.ts";

export const isAuthelia = (text: string) => /^access_control:/m.test(text);

const POLICIES: Record<string, string> = {
  bypass: "public",
  one_factor: "authenticated",
  two_factor: "authenticated",
  deny: "deny",
};

export function fromAuthelia(text: string): Draft {
  const draft = new Draft("Authelia");
  const control = new Source(treeOf(treeOf(parse(text)).access_control));
  draft.put("issuer", "<https://auth.example.com>");
  draft.put("clientId", "<client>");
  draft.put("rolesFrom", ["groups"]);
  draft.put("stateDir", "/state");
  draft.note(
    "issuer and clientId: Authelia's own, where it is an OpenID Connect provider, with the groups scope",
  );
  const rules = control.get("rules");
  for (const [index, rule] of (Array.isArray(rules) ? rules : []).entries()) {
    draft.rules.push(...ruleOf(new Source(treeOf(rule)), index, draft));
  }
  const policy = control.text("default_policy") ?? "deny";
  if (policy === "bypass")
    draft.leave(
      "default_policy: bypass",
      "a rule that is public names its paths; the default here is deny",
    );
  draft.put(
    "default",
    policy === "one_factor" || policy === "two_factor" ? "authenticated" : "deny",
  );
  for (const key of ["networks"]) {
    if (control.get(key) !== undefined)
      draft.leave(key, "write the ranges into ClientIP(…) of the rules that use them");
  }
  return draft;
}

function ruleOf(rule: Source, index: number, draft: Draft): Rule[] {
  const key = `access_control.rules[${index}]`;
  const policy = rule.text("policy") ?? "";
  const allow = allowOf(POLICIES[policy] ?? "deny", rule.get("subject"));
  if (policy === "two_factor")
    draft.note(
      "two_factor: ask the provider for the second factor, with login.authorizationParams.acr_values or in its own settings",
    );
  const hosts = listOf(rule.get("domain"));
  const methods = listOf(rule.get("methods"));
  const resources = listOf(rule.get("resources"));
  const paths = resources.map((regex) => matchOfRegex(regex));
  const lost: string[] = [
    ...(rule.get("domain_regex") !== undefined ? ["domain_regex"] : []),
    ...(rule.get("query") !== undefined ? ["query"] : []),
    ...resources.filter((_, i) => paths[i] === null).map((regex) => `resources: ${regex}`),
  ];
  const networks = listOf(rule.get("networks"));
  const ranges = networks.filter((it) => /^[0-9a-fA-F.:]+(\/\d+)?$/.test(it));
  if (ranges.length < networks.length) lost.push("networks by name");
  const known = paths.filter((it) => it !== null);
  const match = [
    ...(hosts.length > 0 ? [`Host(${quoted(hosts)})`] : []),
    ...(known.length > 0 ? [grouped(known.map(({ text }) => text))] : []),
    ...(methods.length > 0 ? [`Method(${quoted(methods)})`] : []),
    ...(ranges.length > 0 ? [`ClientIP(${quoted(ranges)})`] : []),
  ].join(" && ");
  if (lost.length > 0) {
    draft.leave(
      `${key}: ${lost.join(", ")}`,
      "no function says the same; until you write it, all that it could have been for is denied, and later rules are not reached",
    );
    // Without the part that is lost it is for more than it was, and so it must not open anything.
    const broad = [
      ...(hosts.length > 0 ? [`Host(${quoted(hosts)})`] : []),
      ...(methods.length > 0 ? [`Method(${quoted(methods)})`] : []),
    ].join(" && ");
    return [{ name: `rule-${index}`, match: broad || "PathPrefix(`/`)", allow: "deny" }];
  }
  if (allow === "public" && known.length === 0) {
    draft.leave(
      `${key}: bypass`,
      "a rule that is public names its paths: this one was for whole hosts",
    );
    return [];
  }
  const isNarrower = known.some((it) => it.isNarrower);
  const isWider = known.some((it) => it.isWider);
  for (const note of differenceOf(key, { isNarrower, isWider })) {
    draft.note(allow === "deny" && isNarrower ? `${note}: look at what it no longer denies` : note);
  }
  return [{ name: `rule-${index}`, match: match || "PathPrefix(`/`)", allow }];
}

/** `group:x` and `user:x`; in an inner list all are needed, in the outer one is enough. */
function allowOf(allow: string, subject: unknown): string {
  if (allow !== "authenticated" || subject === undefined) return allow;
  const outer = Array.isArray(subject) ? subject : [subject];
  const parts = outer.map((item) => {
    const all = (Array.isArray(item) ? item : [item]).map((it) => subjectOf(String(it)));
    return all.length > 1 ? `(${all.join(" && ")})` : all[0]!;
  });
  return parts.join(" || ");
}

function subjectOf(text: string): string {
  const [kind, name = ""] = text.split(/:(.*)/s);
  if (kind === "group") return `Group(\`${name}\`)`;
  if (kind === "user") return `Equals(\`preferred_username\`, \`${name}\`)`;
  return `Equals(\`azp\`, \`${name}\`)`;
}

const quoted = (list: string[]) => list.map((it) => `\`${it}\``).join(", ");
const grouped = (list: string[]) =>
  list.length > 1 || list[0]!.includes("||") ? `(${list.join(" || ")})` : list[0]!;
