/**
 * `forwardAuth`, for mode auth. Its options have no defaults, because every proxy names these
 * headers differently.
 */
import { readRange } from "../http/address";
import { fold, isToken } from "../http/header";
import { Bytes } from "../text/bytes";
import { Vocabulary } from "../policy/vocabulary";
import { ForwardAuthOptions, Mode } from "./options";
import { Section } from "./section";
import { Settings } from "./settings";
import { ForwardAuthSettings } from "./sign-in";

export function readForwardAuth(top: Section, settings: Settings): void {
  const needed = settings.mode == Mode.Auth;
  if (!top.has("forwardAuth")) {
    if (needed)
      top.error(
        "forwardAuth",
        "missing",
        "mode auth needs trusted, uriHeader, methodHeader and hostHeader",
      );
    return;
  }
  const section = top.section("forwardAuth");
  const forwardAuth = new ForwardAuthSettings();
  settings.forwardAuth = forwardAuth;
  readTrusted(section, forwardAuth, needed);
  const seen: Array<Bytes> = [];
  forwardAuth.uriHeader = header(section, "uriHeader", "X-Original-URI", needed, seen);
  forwardAuth.methodHeader = header(section, "methodHeader", "X-Original-Method", needed, seen);
  forwardAuth.hostHeader = header(section, "hostHeader", "X-Original-Host", needed, seen);
  for (let i = 0; i < seen.length; i++) {
    for (let k = 0; k < settings.owned.length; k++) {
      if (!settings.owned[k].equals(seen[i])) continue;
      const name = seen[i].toString();
      top.error("forwardAuth", "conflict", `${name} is a header that only the plugin may set`);
    }
  }
  section.refuseOthers(ForwardAuthOptions.KEYS);
  if (!needed) return;
  // Their values are read together with the headers that rules ask for.
  const names = settings.vocabulary.headers;
  names.add(Vocabulary.lower(forwardAuth.uriHeader));
  names.add(Vocabulary.lower(forwardAuth.methodHeader));
  names.add(Vocabulary.lower(forwardAuth.hostHeader));
}

function readTrusted(section: Section, forwardAuth: ForwardAuthSettings, needed: bool): void {
  const trusted = ForwardAuthOptions.trusted(section);
  for (let i = 0; trusted && i < trusted.length; i++) {
    const range = readRange(trusted[i]);
    if (range) forwardAuth.trusted.push(range);
    else {
      section.error(
        `trusted[${i}]`,
        "wrong_value",
        "expected an address or a range, as in 10.0.0.0/8",
      );
    }
  }
  if (needed && (trusted ? trusted.length == 0 : !section.has("trusted"))) {
    section.error(
      "trusted",
      "missing",
      "name the proxies whose word counts, as in 10.0.0.5 or 10.0.0.0/8",
    );
  }
}

/** `seen`: the headers' names so far, folded as applications may read them. */
function header(
  section: Section,
  key: string,
  example: string,
  needed: bool,
  seen: Array<Bytes>,
): Bytes {
  const name = section.optional(key);
  if (!name) {
    if (needed && !section.report.hasErrorAt(section.pathOf(key))) {
      section.error(key, "missing", `name the header that the proxy sets, as in ${example}`);
    }
    return Bytes.empty();
  }
  if (!isToken(name)) section.error(key, "wrong_name", "is no header name");
  const folded = fold(name);
  for (let i = 0; i < seen.length; i++) {
    if (!seen[i].equals(folded)) continue;
    section.error(key, "duplicate", "is the same header as another one here");
  }
  seen.push(folded);
  return name;
}
