/** One canonical path: what is ambiguous is refused, and what was matched is what is forwarded. */
import { token } from "../support/tokens.ts";
import { type Case, forbidden, malformed, passes, unauthenticated } from "./case.ts";

const viewer = await token();
const api = (target: string, expect: Case["expect"], gate: Case["gate"] = "main"): Case => ({
  name: `path: ${target.length > 60 ? `${target.slice(0, 30)}… (${target.length} bytes)` : target}`,
  gate,
  target,
  token: viewer,
  expect,
});
const to = (target: string) => passes({ upstream: { target } });

/** Refused on every path but those whose rule says `encodedPath: allow`. */
const AMBIGUOUS: Record<string, string> = {
  "/api/a%2Fb": "path_encoded_separator",
  "/api%2Fa": "path_encoded_separator",
  "/api/a%2fb": "path_encoded_separator",
  "/api/a%5Cb": "path_encoded_separator",
  "/api/a\\b": "path_encoded_separator",
  "/api/a%3Fb": "path_encoded_delimiter",
  "/api/a%23b": "path_encoded_delimiter",
  "/api/a;b": "path_parameter",
  "/api/a;jsessionid=1/b": "path_parameter",
  "/api/a%3Bb": "path_parameter",
  "/api/a%252Fb": "path_double_encoded",
  "/api/a%2541": "path_double_encoded",
};

/** Refused everywhere. */
const REFUSED: Record<string, string> = {
  "/api/a%00b": "path_control",
  "/api/a%0Ab": "path_control",
  "/api/a%7F": "path_control",
  "/api/..%2Fb": "path_dot_segment",
  "/api/a/..;x/b": "path_dot_segment",
  "/api/..%5Cb": "path_dot_segment",
  "/api/.%2Fb": "path_dot_segment",
  "/api/a%FF": "path_not_utf8",
  "/api/a%C0%AF": "path_not_utf8",
  "/api/a%C0%AE%C0%AE/b": "path_not_utf8",
  "/api/a%ED%A0%80": "path_not_utf8",
};

/** Behind an entry point that cleans nothing, the guest itself has to. */
const UNCLEAN: Record<string, string> = {
  "/public/../internal": "path_dot_segment",
  "/public/./a": "path_dot_segment",
  "/api/..": "path_dot_segment",
  "/api/.": "path_dot_segment",
  "/api/%2e%2E/internal": "path_dot_segment",
  "/api/.;x": "path_dot_segment",
  "//public": "path_empty_segment",
  "/public//a": "path_empty_segment",
  "/api//": "path_empty_segment",
};

export const PATHS: Case[] = [
  ...Object.entries(UNCLEAN).map(([target, reason]): Case => ({
    ...api(target, malformed(reason)),
    name: `path: not cleaned by Traefik: ${target}`,
    raw: true,
  })),
  { ...api("/api/a%62c", to("/api/abc")), name: "path: not cleaned, and good", raw: true },
  ...Object.entries(AMBIGUOUS).map(([target, reason]) => api(target, malformed(reason))),
  ...Object.entries(REFUSED).map(([target, reason]) => api(target, malformed(reason))),
  ...Object.entries(REFUSED).map(([target, reason]) =>
    api(target.replace("/api/", "/files/"), malformed(reason)),
  ),

  api("/api/a%2Db?x=%2F&y=..;", to("/api/a-b?x=%2F&y=..&")),
  api("/api/a%20b", to("/api/a%20b")),
  api("/api/%C3%A9", to("/api/%C3%A9")),
  api("/api/\u00c3\u00a9", to("/api/%C3%A9")),
  api("/api/a!$&'()*+,=:@b", to("/api/a!$&'()*+,=:@b")),
  api('/api/"<>^`{|}', to("/api/%22%3C%3E%5E%60%7B%7C%7D")),
  api("/api/[a]", to("/api/%5Ba%5D")),
  api("/api/100%25", to("/api/100%25")),
  api("/api/%25zz", to("/api/%25zz")),
  api("/files/a%2Fb", to("/files/a%2Fb")),
  api("/files/a%5Cb%3Fc%23d%3Be;f", to("/files/a%5Cb%3Fc%23d%3Be;f")),
  api("/files/a%2541", to("/files/a%2541")),
  api("/files/.../a", to("/files/.../a")),
  api("/api/a/../../me", to("/me")),
  api("/api//a///b", to("/api/a/b")),
  api("/api/%2e%2e/me", to("/me")),

  // What Traefik's router and ours would see differently must not open a public path.
  api("/public/../internal", forbidden("rule_denies", "internal")),
  api("/public/..%2Finternal", malformed("path_dot_segment")),
  api("/public%2F..%2Finternal", malformed("path_dot_segment")),
  {
    ...api("/public%2Fx", malformed("path_encoded_separator")),
    name: "path: /public with an escaped slash",
  },
  { name: "path: /public", gate: "main", target: "/public", expect: passes({ rule: "public" }) },
  {
    name: "path: /public/x",
    gate: "main",
    target: "/public/x",
    expect: passes({ rule: "public" }),
  },
  {
    name: "path: /publicX is no /public",
    gate: "main",
    target: "/publicX",
    expect: unauthenticated(),
  },
  {
    name: "path: /PUBLIC is no /public",
    gate: "main",
    target: "/PUBLIC",
    expect: unauthenticated(),
  },
  {
    name: "path: /public; is ambiguous",
    gate: "main",
    target: "/public;x",
    expect: malformed("path_parameter"),
  },
  {
    name: "path: an asterisk is no path",
    gate: "main",
    method: "GET",
    target: "*",
    expect: malformed("path_malformed"),
  },
  {
    name: "path: a control character in the query",
    gate: "main",
    target: "/public?a=\u0001",
    expect: { status: 400, reason: "", beforeGuest: true },
  },
  {
    name: "path: a fragment",
    gate: "main",
    target: "/public#a",
    expect: { status: 400, reason: "", beforeGuest: true },
  },
  api(`/api/${"a".repeat(8_000)}`, passes()),
  api(`/api/${"a".repeat(8_200)}`, malformed("path_too_long")),
  api(`/api/a?${"a".repeat(12_000)}`, passes()),
  api(`/api/${"a".repeat(70_000)}`, malformed("headers_too_large")),
];
