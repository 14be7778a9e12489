/** One reading of Host: what Traefik's router, Go and others take for another name than the text says is refused. */
import { token } from "../support/tokens.ts";
import { type Case, type Expected, forbidden, malformed, passes } from "./case.ts";

const viewer = await token();
const invalid = malformed("host_invalid");
const denied = forbidden("rule_denies", "closed");

/** Where `admin.example.com` and its neighbours below are denied, and all else is open to whoever has a token. */
const HOSTS: Record<string, Expected> = {
  // Go takes the brackets off whatever stands in them.
  "[admin.example.com]:80": invalid,
  "[admin.example.com]:": invalid,
  "[admin.example.com]": invalid,
  "[ADMIN.example.com]:443": invalid,
  "[admin.example.com.]:80": invalid,
  "[]": invalid,
  "[]:80": invalid,
  "[": invalid,
  "]": invalid,
  "[admin.example.com": invalid,
  "admin.example.com]": invalid,
  "[[2001:db8::1]]": invalid,
  "[2001:db8::1]x": invalid,
  "[2001:db8::1]admin.example.com": invalid,
  "[2001:db8::1%25eth0]": invalid,
  "[2001:db8::1%eth0]:80": invalid,
  "[2001:db8:::1]": invalid,
  "[10.1.2.3]": invalid,
  "[v1.admin.example.com]": invalid,
  "2001:db8::1": invalid,
  // The URL standard reads these as addresses.
  "10.1.515": invalid,
  "0xa.1.2.3": invalid,
  "167838211": invalid,
  "10.1.2.03": invalid,
  "10.1.2.3.4": invalid,
  "x.1": invalid,
  "admin.example.com:80:80": invalid,
  "admin.example.com:http": invalid,
  "admin.example.com:-1": invalid,
  "admin.example.com:80,evil.example": invalid,
  "admin.example.com,evil.example": invalid,
  "admin.example.com;evil.example": invalid,
  "admin.example.com..": invalid,
  "admin..example.com": invalid,
  ".admin.example.com": invalid,
  "%61dmin.example.com": invalid,
  "admin.example.com%2e": invalid,
  "admin.example.com!": invalid,
  ":80": invalid,
  "": invalid,

  "admin.example.com:": denied,
  "ADMIN.example.com.:00080": denied,
  "10.1.2.3:80": denied,
  "[2001:db8::1]": denied,
  "[2001:DB8:0:0:0::1]:8443": denied,
  "[2001:db8::0.0.0.1]": denied,
  "[2001:db8::2]": passes({ rule: "rest" }),
  "10.1.2.4": passes({ rule: "rest" }),
  "4.example.com": passes({ rule: "rest" }),
  "0xa.example.com": passes({ rule: "rest" }),
  "1a:80": passes({ rule: "rest" }),
  admin: passes({ rule: "rest" }),
};

const of = (host: string, gate: Case["gate"], expect: Expected): Case => ({
  name: `host: ${JSON.stringify(host)}, gate ${gate}`,
  gate,
  target: "/a",
  headers: { Host: host },
  token: viewer,
  expect,
});

export const HOST_FORMS: Case[] = [
  ...Object.entries(HOSTS).map(([host, expect]) => of(host, "peers", expect)),
  // Cookies are of a host; where neither they nor a rule ask, nobody does.
  ...["", "[admin.example.com]:80"].map((host) => of(host, "cookie", { ...invalid })),
  ...["", "[admin.example.com]:80"].map((host) => of(host, "open", passes())),
];
