/** `publicUrl`: the application's origins, in the form that browsers use. */
import { Url } from "../http/url";
import { Bytes } from "../text/bytes";
import { TopOptions } from "./options";
import { Section } from "./section";
import { Settings } from "./settings";

export const ORIGIN_EXPECTED =
  "expected an origin as browsers write it, in lower case and without the default port, as in https://app.example.com";

export function readPublicUrl(top: Section, settings: Settings): void {
  const urls = TopOptions.publicUrl(top);
  for (let i = 0; urls && i < urls.length; i++) {
    const url = Url.parse(urls[i]);
    if (url && url.target.length == 1) {
      settings.origins.push(url.origin);
      settings.hosts.push(url.host);
    } else top.error(`publicUrl[${i}]`, "wrong_value", ORIGIN_EXPECTED);
  }
}

export function isOrigin(text: Bytes): bool {
  const url = Url.parse(text);
  return url !== null && url.origin.length == text.length;
}
