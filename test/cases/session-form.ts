/** Sessions by the form of their cookies: sealed for this place and whole, or none; and what the application sees of them. */
import { passes } from "./case.ts";
import { ALICE, AT_B, chunks, cookie, sealed } from "./session-cookies.ts";
import { told, alice, nobody, good, type SessionRow } from "./session-rows.ts";

const atB = sealed(ALICE, AT_B);

/** What a cookie is, by its own form. */
export const FORM: SessionRow[] = [
  ["a good one", cookie(good), {}, alice],
  ["none", undefined, {}, told("credential_missing")],
  ["an empty one", cookie(""), {}, told("session_invalid")],
  ["no base64url", cookie("a session"), {}, told("session_invalid")],
  ["of zeros", cookie("A".repeat(400)), {}, told("session_invalid")],
  ["one bit changed", cookie(flipped(good)), {}, told("session_invalid")],
  ["cut", cookie(good.slice(0, -4)), {}, told("session_invalid")],
  ["padded", cookie(`${good}=`), {}, told("session_invalid")],
  ["by an older secret", cookie(sealed(ALICE, { secret: 1 })), {}, alice],
  [
    "by another secret",
    cookie(sealed(ALICE, { secret: Buffer.alloc(32, 7) })),
    {},
    told("session_invalid"),
  ],
  ["for another origin", cookie(sealed(ALICE, AT_B)), {}, told("session_invalid")],
  ["for that origin", cookie(atB), { headers: { Host: "b.example.com" } }, alice],
  // A guest that has just seen it there knows it by its bytes.
  ["for another origin, known there", cookie(atB), {}, told("session_invalid")],
  ["for another client", cookie(sealed(ALICE, { clientId: "other" })), {}, told("session_invalid")],
  [
    "for another issuer",
    cookie(sealed(ALICE, { issuer: "https://evil.example" })),
    {},
    told("session_invalid"),
  ],
  ["for an audience", cookie(sealed(ALICE, { audience: "all" })), {}, told("session_invalid")],
  [
    "for another cookie's name",
    cookie(sealed(ALICE, { name: "__Host-other" })),
    {},
    told("session_invalid"),
  ],
  [
    "for another purpose",
    cookie(sealed(ALICE, { purpose: "refresh" })),
    {},
    told("session_invalid"),
  ],
  ["of a form that is none", cookie(sealed(Buffer.from("{}"))), {}, told("session_invalid")],
  ...[
    "rolegate",
    "__Secure-rolegate",
    "__host-rolegate",
    "__Host-Rolegate",
    "__Host-rolegate-login-a",
    "__Secure-rolegate-refresh",
    "session",
  ].map((name): SessionRow => [
    `under the name ${name}`,
    `${name}=${good}`,
    {},
    told("credential_missing"),
  ]),
  [
    "in the second of two headers",
    ["a=1", cookie(good)],
    {},
    passes({ upstream: { headers: { Cookie: "a=1", "X-Forwarded-User": "alice" } } }),
  ],
  ["two of one name", `${cookie(good)}; ${cookie(good)}`, {}, told("credential_missing")],
  [
    "a stranger's beside it",
    `${cookie(good)}; ${cookie("stranger")}`,
    {},
    told("credential_missing"),
  ],
  ["two of one name in two headers", [cookie(good), cookie(good)], {}, told("credential_missing")],
  ...[2, 3, 5].map((count): SessionRow => [
    `in ${count} chunks`,
    chunks(good, count).join("; "),
    {},
    alice,
  ]),
  ["chunks in another order", chunks(good, 3).reverse().join("; "), {}, alice],
  ["six chunks", chunks(good, 6).join("; "), {}, told("session_invalid")],
  [
    "a chunk missing at the end",
    chunks(good, 3).slice(0, 2).join("; "),
    {},
    told("session_invalid"),
  ],
  [
    "a chunk missing in the middle",
    [0, 2].map((i) => chunks(good, 3)[i]).join("; "),
    {},
    told("credential_missing"),
  ],
  ["the first chunk missing", chunks(good, 3).slice(1).join("; "), {}, told("credential_missing")],
  [
    "a chunk twice",
    [...chunks(good, 2), chunks(good, 2)[1]].join("; "),
    {},
    told("credential_missing"),
  ],
  [
    "chunks of two seals",
    [chunks(good, 2)[0], chunks(sealed(ALICE), 2)[1]].join("; "),
    {},
    told("session_invalid"),
  ],
  [
    "whole and chunked",
    [cookie(good), ...chunks(good, 2)].join("; "),
    {},
    told("credential_missing"),
  ],
  [
    "whole and one chunk",
    [cookie(good), chunks(good, 2)[1]].join("; "),
    {},
    told("credential_missing"),
  ],
];

/** Nothing of our cookies is the application's to see. */
const FAMILY = [
  ...["rolegate", "__Host-rolegate", "__Secure-rolegate", "rolegate.0", "__Host-rolegate.4"],
  ...["__Secure-rolegate-refresh", "rolegate-refresh", "__Secure-rolegate-refresh.1"],
  ...["__Host-rolegate-login-abcdefghijkl", "rolegate-login-x", "__Host-rolegate-later"],
  ...["__Secure-rolegate-turns", "rolegate-turns", "rolegate.anything"],
];
const others = "a=1; rolegated=2; xrolegate=3; __Host-app=4";
export const HIDDEN: SessionRow[] = [
  ...FAMILY.map((name): SessionRow => [
    `${name} stays here`,
    `a=1; ${name}=x; b=2`,
    { target: "/public" },
    passes({ upstream: { headers: { Cookie: "a=1; b=2" } } }),
  ]),
  [
    "the application's own go on",
    `${others}; ${cookie(good)}`,
    {},
    passes({ upstream: { headers: { Cookie: others } } }),
  ],
  [
    "all of ours, and nothing is left",
    FAMILY.map((name) => `${name}=x`).join(";"),
    { target: "/public" },
    nobody(),
  ],
];

function flipped(text: string): string {
  const bytes = Buffer.from(text, "base64url");
  bytes[bytes.length >> 1]! ^= 1;
  return bytes.toString("base64url");
}
