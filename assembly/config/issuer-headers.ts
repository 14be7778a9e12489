/**
 * Identity headers of several issuers. `alice` of one provider is not `alice` of another, but an
 * application that reads one header for both would take them for the same person.
 */
import { IdentityHeader } from "../claims/header";
import { OWNED_HEADERS } from "../limits";
import { Bytes } from "../text/bytes";
import { Section } from "./section";
import { Issuer, Settings } from "./settings";

const USERS = "a user of one can be called as a user of the other is";
const KEYS = "a user can be called as a key is";

/** `inherited`: positions of the issuers that use the headers at the top. */
export function checkSharedHeaders(top: Section, settings: Settings, inherited: Array<i32>): void {
  const issuers = settings.issuers;
  if (inherited.length > 1) refuseInherited(top, issuers[inherited[0]], issuers[inherited[1]]);
  for (let j = 1; j < issuers.length; j++) {
    const headers = issuers[j].headers;
    // Too many headers are an error already.
    if (headers.length > OWNED_HEADERS) continue;
    for (let k = 0; k < headers.length; k++) {
      const header = headers[k];
      const other = firstThatShares(header, j, issuers, inherited);
      const meets = meetsKeys(header, issuers[0]);
      if (other)
        warn(top, issuers[j], header, `${other.name.toString()} sets it too, and ${USERS}`);
      else if (meets) warn(top, issuers[j], header, `it names API keys as well, and ${KEYS}`);
    }
  }
}

/**
 * True if a user of that issuer may get the name of an API key. Keys use the headers of the first
 * issuer.
 */
function meetsKeys(header: IdentityHeader, first: Issuer): bool {
  const headers = first.headers;
  for (let i = 0; header.mayName && i < headers.length; i++) {
    if (headers[i].isOfKey && headers[i].slot == header.slot) return !keepApart(headers[i], header);
  }
  return false;
}

/**
 * The first of the issuers before `at` that may give a user the same value of that header; null
 * when there is none.
 */
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
      if (!header.mayName || !other.mayName || header.slot != other.slot) continue;
      // Fixed texts are the author's own words for both.
      if (!header.isOfClaim && !other.isOfClaim) continue;
      // Both headers of each pair learn the other's prefix, which keeps them apart.
      if (!keepApart(other, header) && !found) found = issuers[i];
    }
  }
  return found;
}

/**
 * Reports that several issuers inherit a header, because the configuration does not say that they
 * mean the same people.
 */
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

/** Warns only: each issuer has the header in its own section, and may mean the same people. */
function warn(top: Section, issuer: Issuer, header: IdentityHeader, danger: string): void {
  if (!top.report.warns) return;
  top.report.warning(
    issuer.pathOf(`forwardHeaders.${header.name.toString()}`),
    "shared_header",
    `${danger}: put a text before the claim, as in \`partner:\`preferred_username, unless they are the same people`,
  );
}

/** True if no value of one header is a value of the other, nor an element of it. */
function keepApart(a: IdentityHeader, b: IdentityHeader): bool {
  const hasPrefix = a.prefix.length + b.prefix.length > 0;
  a.isShared = a.isShared || hasPrefix;
  b.isShared = b.isShared || hasPrefix;
  if (a.prefix.length > 0 && b.prefix.length > 0) {
    return !a.prefix.startsWith(b.prefix) && !b.prefix.startsWith(a.prefix);
  }
  reserve(a, b.prefix);
  reserve(b, a.prefix);
  return hasPrefix;
}

function reserve(header: IdentityHeader, prefix: Bytes): void {
  if (prefix.length > 0) header.reserved.push(prefix);
}
