/**
 * Why one request was refused, in sentences, by what the log says itself: no configuration is
 * needed.
 */
import { whoOf } from "./filter.ts";
import type { AuditLine, Claims } from "./line.ts";
import type { Names } from "./names.ts";
import { REASONS } from "./reasons-table.ts";
import { shownText } from "./shown.ts";

export function because(line: AuditLine, names: Names): string[] {
  const said = REASONS[line.reason];
  const sentences = [
    line.reason === "rule_not_satisfied"
      ? `the rule ${line.rule} refuses ${whoOf(line, names)}, who has ${rolesOf(line)}`
      : (said?.means ??
        `the reason is ${line.reason}: docs/log.md#${line.reason} says what it means`),
    ...ofProvider(line),
    ...ofToken(line),
    ...(said?.remedy === undefined ? [] : [said.remedy]),
  ];
  return sentences.map((it) => shownText(`${it[0]!.toUpperCase()}${it.slice(1)}.`));
}

const listed = (texts: string[]) => texts.join(", ");

function rolesOf({ roles }: AuditLine): string {
  if (roles.length === 0) return "none of the configuration's roles";
  return `the role${roles.length > 1 ? "s" : ""} ${listed(roles)}`;
}

function ofProvider(line: AuditLine): string[] {
  const { signedIn } = line;
  const roles = line.providerRoles ?? signedIn?.providerRoles;
  if (line.status !== 403 || roles === undefined) return [];
  const how = signedIn?.event === "signed_in" ? "made" : "renewed";
  const when = line.providerRoles ? "" : `, when the session was ${how}`;
  if (roles.length === 0) return [`the provider gave no roles${when}`];
  const unmapped =
    line.roles.length === 0 ? "; `roles` of the configuration maps none of them" : "";
  return [`the provider's roles${when}: ${listed(roles)}${unmapped}`];
}

function ofToken({ token, expected, time }: AuditLine): string[] {
  if (!token) return [];
  const wanted = Object.keys(expected ?? {});
  const has = ["iss", "aud", "azp", "kid", "alg", "typ"].filter(
    (name) => wanted.includes(name) || ["iss", "aud", "azp"].includes(name),
  );
  const exp = token.exp?.[0];
  const ended = exp !== undefined && exp < time ? [`its time ended at ${exp}`] : [];
  return [
    `the token has ${claimsText(token, has)}`,
    ...ended,
    ...(expected && wanted.length > 0 ? [`expected is ${claimsText(expected, wanted)}`] : []),
  ];
}

const claimsText = (claims: Claims, names: string[]) =>
  names
    .map(
      (name) =>
        `${name} ${claims[name] === undefined ? "(none)" : listed(claims[name]) || "(empty)"}`,
    )
    .join("; ");
