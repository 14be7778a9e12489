/**
 * Identity headers of several issuers: `alice` of one provider is not `alice` of another, and an application that reads
 * one header for both would take them for the same person.
 */
import { IdentityHeader } from "../claims/header";
import { OWNED_HEADERS } from "../limits";
import { Bytes } from "../text/bytes";
import { Section } from "./section";
import { Issuer, Settings } from "./settings";

/** `inherited`: positions of the issuers whose headers are those of the top. */
export function checkSharedHeaders(top: Section, settings: Settings, inherited: Array<i32>): void {
  const issuers = settings.issuers;
  if (inherited.length > 1) refuseInherited(top, issuers[inherited[0]], issuers[inherited[1]]);
  for (let j = 1; j < issuers.length; j++) {
    const headers = issuers[j].headers;
    // Too many are an error anyway.
    if (headers.length > OWNED_HEADERS) continue;
    for (let k = 0; k < headers.length; k++) {
      const other = firstThatShares(headers[k], j, issuers, inherited);
      if (other) warn(top, issuers[j], headers[k], other);
    }
  }
}

/** Of the issuers before `at`, the first that may call a user of its own by the same value of that header. */
function firstThatShares(
  header: IdentityHeader,
  at: i32,
  issuers: Array<Issuer>,
  inherited: Array<i32>,
): Issuer | null {
  let found: Issuer | null = null;
  const isInherited = inherited.includes(at);
  for (let i = 0; i < at; i++) {
    const headers = issuers[i].headers;
    if ((isInherited && inherited.includes(i)) || headers.length > OWNED_HEADERS) continue;
    for (let k = 0; k < headers.length; k++) {
      const other = headers[k];
      if (!header.isOfClaim || !other.isOfClaim || header.slot != other.slot) continue;
      // Of each pair: what keeps two apart is kept in both.
      if (!keepApart(other, header) && !found) found = issuers[i];
    }
  }
  return found;
}

/** Nobody has said that both issuers mean the same people. */
function refuseInherited(top: Section, first: Issuer, second: Issuer): void {
  const section = top.section("forwardHeaders");
  for (let i = 0; i < first.headers.length; i++) {
    const header = first.headers[i];
    if (!header.isOfClaim) continue;
    section.error(
      header.name.toString(),
      "shared_header",
      `would call users of several issuers by one name; give ${second.path} forwardHeaders of its own, with another header or with a text before the claim, as in \`partner:\`preferred_username`,
    );
  }
}

/** Each wrote the header for itself, and may mean the same people. */
function warn(top: Section, issuer: Issuer, header: IdentityHeader, other: Issuer): void {
  top.report.warning(
    issuer.pathOf(`forwardHeaders.${header.name.toString()}`),
    "shared_header",
    `${other.name.toString()} sets it too, and a user of one can be called as a user of the other is: put a text before the claim, as in \`partner:\`preferred_username, unless they are the same people`,
  );
}

/** Whether no value of one is a value of the other. */
function keepApart(a: IdentityHeader, b: IdentityHeader): bool {
  if (a.prefix.length > 0 && b.prefix.length > 0) {
    return !a.prefix.startsWith(b.prefix) && !b.prefix.startsWith(a.prefix);
  }
  reserve(a, b.prefix);
  reserve(b, a.prefix);
  return a.prefix.length + b.prefix.length > 0;
}

function reserve(header: IdentityHeader, prefix: Bytes): void {
  if (prefix.length > 0) header.reserved.push(prefix);
}
