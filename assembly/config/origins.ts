/** `publicUrl`: the origins under which the application is served, as browsers write them. */
import { readHost } from "../http/host";
import { Bytes } from "../text/bytes";
import { Section } from "./section";
import { Settings } from "./settings";

export const ORIGIN_EXPECTED =
  "expected an origin as browsers write it, in lower case and without the default port, as in https://app.example.com";

export function readPublicUrl(top: Section, settings: Settings): void {
  const urls = top.texts("publicUrl");
  for (let i = 0; urls && i < urls.length; i++) {
    const url = urls[i];
    const origin = url.at(url.length - 1) == 0x2f ? url.slice(0, url.length - 1) : url;
    if (isOrigin(origin)) {
      settings.origins.push(origin);
      settings.hosts.push(readHost(origin.slice(schemeLength(origin)))!);
    } else top.error(`publicUrl[${i}]`, "wrong_value", ORIGIN_EXPECTED);
  }
}

/** Bytes of `https://` or `http://`; 0: neither. */
function schemeLength(url: Bytes): i32 {
  if (url.startsWith(Bytes.of("https://"))) return 8;
  return url.startsWith(Bytes.of("http://")) ? 7 : 0;
}

export function isOrigin(text: Bytes): bool {
  const scheme = schemeLength(text);
  const authority = text.slice(scheme);
  return scheme > 0 && readHost(authority) !== null && isAsBrowsersWriteIt(authority, scheme);
}

/** An origin is compared byte for byte with what browsers send, RFC 6454 §6.2. */
function isAsBrowsersWriteIt(authority: Bytes, scheme: i32): bool {
  for (let i = 0; i < authority.length; i++) if (<u32>authority.at(i) - 0x41 < 26) return false;
  const colon = authority.indexOf(0x3a);
  if (colon < 0 || authority.at(0) == 0x5b) return true;
  return !authority.slice(colon).is(scheme == 8 ? ":443" : ":80");
}
