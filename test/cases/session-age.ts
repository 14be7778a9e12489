/** Sessions by their age: those that hold, that are to be renewed, that have ended by themselves or from elsewhere. */
import { passes } from "./case.ts";
import { ENDED } from "./files.ts";
import { cookie, DUE, EXPIRED, GRACE, NAVIGATION, OUTDATED, variant } from "./session-cookies.ts";
import { ours, signsIn, renews, told, alice, nobody, type SessionRow } from "./session-rows.ts";

/** How old it is, and of which configuration. */
export const AGE: SessionRow[] = [
  ["expired", cookie(EXPIRED), {}, told("session_expired")],
  ["expired, a person", cookie(EXPIRED), { headers: NAVIGATION }, signsIn("session_expired")],
  ["in grace", cookie(GRACE), {}, renews("session_expired")],
  ["in grace, a person", cookie(GRACE), { headers: NAVIGATION }, renews("session_expired", 302)],
  ["in grace, HEAD", cookie(GRACE), { method: "HEAD" }, renews("session_expired")],
  [
    "in grace, POST",
    cookie(GRACE),
    { method: "POST", headers: ours },
    told("session_expired", true),
  ],
  [
    "in grace, GET with a body",
    cookie(GRACE),
    { body: "x", headers: { "Content-Length": "1" } },
    told("session_expired", true),
  ],
  ["in grace, on a public path", cookie(GRACE), { target: "/public" }, nobody({ rule: "public" })],
  ["in grace, without a refresh token", cookie(variant({ end: -60 })), {}, told("session_expired")],
  [
    "past the longest life, whatever its end says",
    cookie(variant({ signedIn: -43_300, made: -60, refreshAt: 600, end: 3600 })),
    {},
    told("session_expired"),
  ],
  ["due", cookie(DUE), {}, renews("session_due")],
  ["due, a person", cookie(DUE), { headers: NAVIGATION }, renews("session_due", 302)],
  [
    "due, a person, with a query",
    cookie(DUE),
    { headers: NAVIGATION, target: "/me?a=1&b=%20c" },
    renews("session_due", 302, "%2Fme%3Fa%3D1%26b%3D%2520c"),
  ],
  ["due, POST", cookie(DUE), { method: "POST", headers: ours }, alice],
  ["due, GET with a body", cookie(DUE), { body: "x", headers: { "Content-Length": "1" } }, alice],
  ["due, an upgrade", cookie(DUE), { headers: { ...ours, Upgrade: "websocket" } }, alice],
  [
    "due, an address that is too long to come back to",
    cookie(DUE),
    { target: `/me?${"a".repeat(6144)}` },
    alice,
  ],
  ["due, a path that cannot be come back to", cookie(DUE), { target: "/files/a%252Fb" }, alice],
  ["due, and put off", `${cookie(DUE)}; __Host-rolegate-later=1`, {}, alice],
  ["due, on a public path", cookie(DUE), { target: "/public" }, passes({ rule: "public" })],
  ["of another configuration", cookie(OUTDATED), {}, renews("session_outdated")],
  [
    "of another configuration, a person",
    cookie(OUTDATED),
    { headers: NAVIGATION },
    renews("session_outdated", 302),
  ],
  [
    "of another configuration, POST",
    cookie(OUTDATED),
    { method: "POST", headers: ours },
    told("session_outdated", true),
  ],
  [
    "of another configuration, put off",
    `${cookie(OUTDATED)}; __Host-rolegate-later=1`,
    {},
    renews("session_outdated"),
  ],
  ["ended by its sid", cookie(variant({}, { sid: ENDED.sid })), {}, told("session_revoked")],
  [
    "ended by its sid, a person",
    cookie(variant({}, { sid: ENDED.sid })),
    { headers: NAVIGATION },
    signsIn("session_revoked"),
  ],
  [
    "ended by its sid, on a public path",
    cookie(variant({}, { sid: ENDED.sid })),
    { target: "/public" },
    nobody(),
  ],
  [
    "ended by its subject",
    cookie(variant({}, { subject: ENDED.subject })),
    {},
    told("session_revoked"),
  ],
  [
    "ended by its subject, signed in again since",
    cookie(variant({ signedIn: -10 }, { subject: ENDED.subject })),
    {},
    alice,
  ],
  ["a subject of that sid", cookie(variant({}, { subject: ENDED.sid })), {}, alice],
];
