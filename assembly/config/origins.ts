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
    if (!host) {
      top.error(
        `publicUrl[${i}]`,
        "wrong_value",
        "expected an origin, as in https://app.example.com",
      );
      continue;
    }
    settings.origins.push(url.slice(0, scheme + authority.length));
    settings.hosts.push(host);
  }
}
