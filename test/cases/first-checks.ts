/**
 * What is refused before the credential, by configurations that ask for no host, no session and no token in the query:
 * for them a decision makes these checks only if the request has something to check (assembly/gate/place.ts).
 */
import { rsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";
import { type Case, type Expected, malformed, passes, unauthenticated } from "./case.ts";

const caller = await token({}, rsa);

const row = (name: string, it: Partial<Case>, expect: Expected): Case => ({
  name: `no host asked for: ${name}`,
  gate: "plain",
  target: "/public/a",
  ...it,
  expect,
});

const preflight = {
  method: "OPTIONS",
  target: "/a",
  headers: { Origin: "https://ui.example.com", "Access-Control-Request-Method": "PUT" },
};

export const FIRST_CHECKS: Case[] = [
  row("nothing to look at", {}, passes({ rule: "public" })),
  row("nothing to look at, known", { token: caller, target: "/a" }, passes({ rule: "default" })),
  ...["get", "Get", "PROPFINd", "pATCH"].map((method) =>
    row(`method ${method}`, { method }, malformed("method_invalid")),
  ),
  row("a method with a hyphen", { method: "M-SEARCH" }, passes({ rule: "public" })),
  row("a method of ten letters", { method: "MKCALENDAR" }, passes({ rule: "public" })),
  row(
    "headers of 64 KiB",
    { headers: { Authorization: `Bearer ${"a".repeat(64 * 1024)}` } },
    malformed("headers_too_large"),
  ),
  row(
    "Connection names the identity",
    { raw: true, headers: { Connection: "close, X-Forwarded-User" } },
    malformed("connection_names_owned_header"),
  ),
  row(
    "Connection names another header",
    { raw: true, headers: { Connection: "close, X-Other" } },
    passes({ rule: "public" }),
  ),
  row("a path with NUL", { target: "/public/a%00" }, malformed("path_control")),
  row("a path that leaves", { target: "/public/..%2Fa" }, malformed("path_dot_segment")),
  row("a path of 9 kB", { target: `/public/${"a".repeat(9_000)}` }, malformed("path_too_long")),
  row("a slash in disguise", { target: "/public/a%2Fb" }, malformed("path_encoded_separator")),
  row(
    "an upgrade that no rule names",
    { headers: { Connection: "Upgrade", Upgrade: "tcp" } },
    malformed("upgrade_not_allowed"),
  ),
  row("a preflight", preflight, passes()),
  row(
    "a preflight of another origin",
    { ...preflight, headers: { ...preflight.headers, Origin: "https://evil.example" } },
    unauthenticated(),
  ),
];
