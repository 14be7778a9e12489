/**
 * Warns of claim paths in other tools' syntax, above all JSONPath: here they would be names that no
 * token has.
 */
import { Settings } from "./settings";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Report } from "./report";

/** Call it when all claim paths are known. */
export function warnOfSpelling(settings: Settings, report: Report): void {
  if (!report.warns) return;
  for (let i = 0; i < settings.issuers.length; i++) {
    const issuer = settings.issuers[i];
    if (issuer.base) continue;
    const paths = issuer.roles.paths;
    for (let j = 0; j < paths.length; j++) {
      warn(`${issuer.path}rolesFrom`, paths[j].path.text, report);
    }
    for (let j = 0; j < issuer.headers.length; j++) {
      const claim = issuer.headers[j].claim;
      if (claim) warn(`${issuer.path}forwardHeaders`, claim.text, report);
    }
  }
  const vocabulary = settings.vocabulary;
  for (let i = 0; i < vocabulary.claims.length; i++) {
    warn("rules", vocabulary.claims[i].path.text, report);
  }
  for (let i = 0; i < vocabulary.captured.length; i++) {
    warn("rules", vocabulary.captured[i].path.text, report);
  }
}

function warn(key: string, path: Bytes, report: Report): void {
  const advice = adviceOn(path);
  if (advice.length == 0) return;
  report.warning(key, "odd_claim_path", `no token has the claim ${path.toString()}: ${advice}`);
}

/** Advice on a claim path; empty when nothing is odd about it. */
function adviceOn(path: Bytes): string {
  if (path.at(0) == Char.Dollar) return "write the names with dots between, without `$`";
  if (path.contains("[") || path.contains("*")) {
    return "write the names with dots between; in rolesFrom `list[].name` takes a member of each element of a list";
  }
  const scheme = path.indexOf(Char.Colon);
  const isUrl = scheme > 0 && path.rest(scheme).startsWith(Bytes.of("://"));
  const dot = path.indexOf(Char.Dot);
  if (isUrl && dot > 0 && path.at(dot - 1) != Char.Backslash) {
    return "a dot within a name is written `\\.`, as in `https://example\\.com/roles`";
  }
  return "";
}
