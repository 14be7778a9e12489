/** Sessions under other configurations: revocations that cannot be read, tokens that go on, reports, keys, a shared domain. */
import { type Expected, malformed, passes, unauthenticated } from "./case.ts";
import { ENDED } from "./files.ts";
import { type GateName, KEYS } from "./gates.ts";
import {
  ALICE,
  cookie,
  DUE,
  EXPIRED,
  sealed,
  variant,
  FORWARDING,
  WITH_KEYS,
} from "./session-cookies.ts";
import {
  page,
  renews,
  told,
  alice,
  nobody,
  bearer,
  basic,
  good,
  german,
  type SessionRow,
} from "./session-rows.ts";

const unreadable: Expected = {
  status: 503,
  code: "sessions_unavailable",
  reason: "revocations_unreadable",
  answer: { "Retry-After": "5" },
};
const FORWARDED = sealed({ ...ALICE, ...FORWARDING, token: "the.access.token" });
/** Name of the gate, and its rows. */
export const ELSEWHERE: [GateName, SessionRow[]][] = [
  [
    "session-unreadable",
    [
      ["revocations that cannot be read", cookie(good), {}, unreadable],
      [
        "revocations that cannot be read, a person",
        cookie(good),
        { headers: german },
        page(503, { ...unreadable, page: { language: "de", has: ['href="/me"'] } }),
      ],
      [
        "revocations that cannot be read, a public path",
        cookie(good),
        { target: "/public" },
        nobody(),
      ],
      ["revocations that cannot be read, a token", undefined, { token: bearer }, passes()],
      [
        "revocations that cannot be read, an expired one",
        cookie(EXPIRED),
        {},
        told("session_expired"),
      ],
    ],
  ],
  ["session-unreadable-allowed", [["revocations that need not be read", cookie(good), {}, alice]]],
  ["session-gone", [["a stateDir that is not there", cookie(good), {}, unreadable]]],
  [
    "session-no-keys",
    [
      ["a session needs no keys", cookie(good), {}, alice],
      [
        "a token does",
        undefined,
        { token: bearer, headers: german },
        page(503, {
          reason: "keys_unavailable",
          code: "keys_unavailable",
          answer: { "Retry-After": "5" },
          page: { language: "de", has: ["/me"] },
        }),
      ],
    ],
  ],
  [
    "session-forwarding",
    [
      [
        "its token goes on",
        cookie(FORWARDED),
        {},
        passes({
          upstream: {
            headers: { Authorization: "Bearer the.access.token", "X-Forwarded-User": "alice" },
            absent: ["Cookie"],
          },
        }),
      ],
      [
        "a stale Basic header does not",
        cookie(FORWARDED),
        { headers: { Authorization: basic("a:b") } },
        passes({ upstream: { headers: { Authorization: "Bearer the.access.token" } } }),
      ],
      [
        "nor does it go on for nobody",
        cookie(variant({ end: -3600 }, { ...FORWARDING, token: "the.access.token" })),
        { target: "/public" },
        passes({ upstream: { absent: ["Authorization", "Cookie"] } }),
      ],
      ["a session of the other configuration", cookie(good), {}, told("session_outdated")],
    ],
  ],
  [
    "session-report",
    [
      ["reportOnly: a good one", cookie(good), {}, alice],
      ["reportOnly: expired", cookie(EXPIRED), {}, nobody({ reason: "session_expired" })],
      ["reportOnly: one to renew", cookie(DUE), {}, renews("session_due")],
      [
        "reportOnly: not allowed",
        cookie(good),
        { target: "/internal" },
        nobody({ rule: "internal", reason: "rule_denies" }),
      ],
      [
        "reportOnly: revocations are read",
        cookie(variant({}, { sid: ENDED.sid })),
        {},
        nobody({ reason: "session_revoked" }),
      ],
      [
        "reportOnly: another site's page",
        cookie(good),
        { method: "POST", headers: { Origin: "https://evil.example" } },
        { status: 403, code: "cross_site", reason: "cross_site" },
      ],
      [
        "reportOnly: another host",
        cookie(good),
        { headers: { Host: "evil.example" } },
        { status: 421, code: "wrong_host", reason: "wrong_host" },
      ],
    ],
  ],
  [
    "session-keys",
    [
      [
        "a key as Basic is dropped",
        cookie(sealed({ ...ALICE, ...WITH_KEYS })),
        { headers: { Authorization: basic(`ci:${KEYS.ci}`) } },
        alice,
      ],
      [
        "a key as Basic is dropped, whatever becomes of the session",
        cookie(EXPIRED),
        { headers: { Authorization: basic(`ci:${KEYS.ci}`) } },
        told("session_expired"),
      ],
      ["a key as Bearer", cookie(good), { token: KEYS.ci }, malformed("credentials_conflict")],
    ],
  ],
  [
    "session-domain",
    [
      [
        "a shared one",
        `__Secure-shared=${sealed(ALICE, { site: "example.com", name: "__Secure-shared" })}`,
        {},
        alice,
      ],
      [
        "a shared one at the other host",
        `__Secure-shared=${sealed(ALICE, { site: "example.com", name: "__Secure-shared" })}`,
        { headers: { Host: "b.example.com" } },
        alice,
      ],
      [
        "one of a host only",
        `__Secure-shared=${sealed(ALICE, { name: "__Secure-shared" })}`,
        {},
        told("session_invalid"),
      ],
      [
        "the other configuration's is the application's",
        cookie(good),
        { target: "/public" },
        passes({ upstream: { headers: { Cookie: cookie(good) } } }),
      ],
    ],
  ],
  [
    "session-broken",
    [
      [
        "a configuration with a mistake, a person",
        cookie(good),
        { headers: german },
        page(500, { code: "config_error", reason: "config_error", page: { language: "de" } }),
      ],
    ],
  ],
  ["main", [["where there are none", cookie(good), {}, unauthenticated()]]],
];
