/**
 * `login.endpoints`, `endpointOrigins` and `service`: the provider's addresses, and the services
 * that lead there.
 */
import { Url } from "../http/url";
import { Bytes } from "../text/bytes";
import { LoginEndpointsOptions, LoginOptions } from "./options";
import { isOrigin, originExpected } from "./origins";
import { Section } from "./section";
import { Settings } from "./settings";
import { Endpoint, ENDPOINTS, isForBrowsers, LoginSettings, optionOf } from "./sign-in";

/** The service of the issuer's own origin, unless `endpointOrigins` names others. */
const PROVIDER = LoginOptions.SERVICE;

export function readEndpoints(section: Section, settings: Settings): void {
  readServices(section, settings);
  const login = settings.login;
  const endpoints = section.section("endpoints");
  for (let i = 0; i < ENDPOINTS; i++) {
    const key = optionOf(i);
    const text = endpoints.optional(key);
    if (!text) continue;
    const url = Url.normalize(text);
    if (url) {
      login.endpoints[i] = url.text;
      checkEndpoint(endpoints, i, url, login);
    } else {
      endpoints.error(
        key,
        "wrong_value",
        "expected an absolute URL, as in https://sso.example.com/token",
      );
    }
  }
  endpoints.refuseOthers(LoginEndpointsOptions.KEYS);
}

/**
 * Checks an endpoint as login/metadata.ts checks discovered ones, because codes and secrets are
 * sent there.
 */
function checkEndpoint(
  endpoints: Section,
  endpoint: Endpoint,
  url: Url,
  login: LoginSettings,
): void {
  const key = optionOf(endpoint);
  if (!url.isSecure && !url.isLoopback) {
    endpoints.error(
      key,
      "insecure_url",
      "sign-in needs https; plain http is for loopback addresses only",
    );
  }
  // Without an issuer there is nothing to compare with.
  if (isForBrowsers(endpoint) || login.services.length == 0) return;
  for (let i = 0; i < login.serviceOrigins.length; i++) {
    if (login.serviceOrigins[i].equals(url.origin)) return;
  }
  endpoints.error(
    key,
    "wrong_value",
    `${url.origin.toString()} is not the issuer's origin: name it in login.endpointOrigins`,
  );
}

function readServices(section: Section, settings: Settings): void {
  const login = settings.login;
  const map = section.map("endpointOrigins");
  const origins = section.section("endpointOrigins");
  let hasOwn = false;
  for (let it = map ? map.first : null; it; it = it!.next) {
    const key = it.name!.toString();
    if (key.length == 0) origins.error(key, "wrong_name", "has no name");
    if (key == PROVIDER) hasOwn = true;
    const origin = origins.textOf(key, it);
    if (!origin) continue;
    if (!isOrigin(origin)) origins.error(key, "wrong_value", originExpected());
    login.services.push(it.name!.copy());
    login.serviceOrigins.push(origin);
  }
  const url = settings.issuers.length > 0 ? Url.parse(settings.issuers[login.issuer].url) : null;
  if (!hasOwn && url) {
    login.services.push(Bytes.of(PROVIDER));
    login.serviceOrigins.push(url.origin);
  }
  const name = section.text("service");
  let found = positionOf(login, name || Bytes.of(PROVIDER));
  if (name && found < 0) {
    section.error("service", "wrong_value", "is no name of endpointOrigins, nor provider");
  }
  login.service = max(found, 0);
}

function positionOf(login: LoginSettings, service: Bytes): i32 {
  for (let i = 0; i < login.services.length; i++) if (login.services[i].equals(service)) return i;
  return -1;
}
