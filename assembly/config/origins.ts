/** `publicUrl`: the application's origins, in the form that browsers use. */
import { Url } from "../http/url";
import { isAlphanumeric, isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { TopOptions } from "./options";
import { Section } from "./section";
import { Settings } from "./settings";

export function originExpected(): string {
  return "expected an origin as browsers write it, in lower case and without the default port, as in https://app.example.com";
}

export function readPublicUrl(top: Section, settings: Settings): void {
  const urls = TopOptions.publicUrl(top);
  for (let i = 0; urls && i < urls.length; i++) {
    const url = Url.parse(urls[i]);
    if (url && url.target.length == 1) {
      settings.origins.push(url.origin);
      settings.hosts.push(url.host);
    } else top.error(`publicUrl[${i}]`, "wrong_value", originExpected());
  }
}

/**
 * True for an origin of the pages of desktop and mobile shells and of extensions:
 * `tauri://localhost`, and no port.
 */
export function isAppOrigin(text: Bytes): bool {
  const colon = text.indexOf(Char.Colon);
  if (colon < 1 || !text.rest(colon).startsWith(Bytes.of("://"))) return false;
  const scheme = text.slice(0, colon);
  // Browsers give files no origin, and pages of the web have one of another form.
  if (scheme.is("file") || scheme.is("http") || scheme.is("https")) return false;
  const host = text.rest(colon + 3);
  return isLowerCase(scheme) && host.length > 0 && isLowerCase(host) && !isDigit(scheme.at(0));
}

/** Letters, digits, dots and hyphens, as browsers write schemes and hosts. */
function isLowerCase(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    const isUpper = <u32>c - 0x41 < 26;
    if (isUpper || (!isAlphanumeric(c) && c != Char.Dot && c != Char.Hyphen)) return false;
  }
  return true;
}

export function isOrigin(text: Bytes): bool {
  const url = Url.parse(text);
  return url !== null && url.origin.length == text.length;
}
