/** `publicUrl`: the origins under which the application is served, as browsers write them. */
import { readHost } from "../http/host";
import { Bytes } from "../text/bytes";
import { Section } from "./section";
import { Settings } from "./settings";

export function readPublicUrl(top: Section, settings: Settings): void {
  const urls = top.texts("publicUrl");
  if (!urls) return;
  for (let i = 0; i < urls.length; i++) {
    const url = urls[i];
    const scheme = url.startsWith(Bytes.of("https://"))
      ? 8
      : url.startsWith(Bytes.of("http://"))
        ? 7
        : 0;
    const authority = url.slice(scheme, url.length - (url.at(url.length - 1) == 0x2f ? 1 : 0));
    const host = scheme > 0 && authority.length > 0 ? readHost(authority) : null;
    if (!host || !isAsBrowsersWriteIt(authority, scheme)) {
      top.error(
        `publicUrl[${i}]`,
        "wrong_value",
        "expected an origin as browsers write it, in lower case and without the default port, as in https://app.example.com",
      );
      continue;
    }
    settings.origins.push(url.slice(0, scheme + authority.length));
    settings.hosts.push(host);
  }
}

/** An origin is compared byte for byte with what browsers send, RFC 6454 §6.2. */
function isAsBrowsersWriteIt(authority: Bytes, scheme: i32): bool {
  for (let i = 0; i < authority.length; i++) if (<u32>authority.at(i) - 0x41 < 26) return false;
  const colon = authority.indexOf(0x3a);
  if (colon < 0 || authority.at(0) == 0x5b) return true;
  return !authority.slice(colon).is(scheme == 8 ? ":443" : ":80");
}
