/** Where a sign-in may end: on the application's own origin, or on one that is configured. All else ends at `/`, encoded once or twice. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CookieJar } from "../support/cookie-jar.ts";
import { locationOf, LoginHost, ORIGIN } from "../support/login-host.ts";
import { block } from "./configuration.ts";

const ALLOWED = "https://docs.example.com";

/** What has been an open redirect somewhere. */
const EVIL = [
  ...[
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
  ],
  ...[
    "/\\/evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
  ],
  ...[
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
  ],
  ...[
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%2fevil.example",
    "/%2f%2fevil.example",
    "%2f%2fevil.example",
  ],
  ...[
    "/.//evil.example",
    "/..//evil.example",
    "/a/..//evil.example",
    "/a//evil.example",
    "/%2e%2e//evil.example",
  ],
  ...["/a>b", "/a<b", '/a"b', "/a#b", "/a\u007fb", "/a?b=\u00e9"],
  ...["/a?b\\c", "/a?b#c", "/a?b c", "/a?b\tc", "/a?b\u007f", '/a?b"c', "/a?b<c", "/a?b>c"],
  ...["/;//evil.example", "/..;/evil.example", "/a;/../x", "/a/./b", "/a/../b", "/."],
  ...[
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "http://evil.example",
  ],
  ...[
    "https://evil.example/",
    "https://evil.example\\@app.example.com",
    "https:\\\\evil.example",
    "https://evil.example#@app.example.com",
  ],
  ...[
    "https://evil.example?@app.example.com",
    "https://app.example.com@evil.example",
    "https://app.example.com:443@evil.example",
  ],
  ...[
    "https://app.example.com.evil.example",
    "https://app.example.comevil.example",
    "https://app.example.com%2eevil.example",
  ],
  ...[
    "https://app.example.com%00.evil.example",
    "https://app.example.com\u0000.evil.example",
    "https://app.example.com:8443/",
    "http://app.example.com/",
  ],
  ...[
    "https://user@app.example.com/",
    "https://app.example.com./",
    "https://APP.example.com/",
    "https://app.example.com//evil.example",
  ],
  ...[
    "https://app.example.com/oidc/logout",
    "https://docs.example.com.evil.example/",
    "https://docs.example.com@evil.example/",
    "https://xdocs.example.com/",
  ],
  ...[
    "https://docs.example.com:8443/",
    "http://docs.example.com/",
    "https://docs.example.com\\.evil.example/",
    "https://docs.example.com//evil.example",
  ],
  ...[
    "https://evil\u3002example",
    "https://evil\uff0eexample",
    "https://app.example\u3002com",
    "//evil\u3002example",
    "/\u2215evil.example",
    "/\uff0fevil.example",
  ],
  ...[
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
  ],
  ...[
    "blob:https://app.example.com/x",
    "about:blank",
    "ftp://evil.example",
    "mailto:a@evil.example",
    "evil.example",
    "a",
    "?a=1",
    "#a",
    ".",
    "..",
  ],
  ...[
    "/a#b",
    "/a\u0000b",
    "/a\u007fb",
    "/a b",
    "/a\u00e9",
    "/a\u0085b",
    "/a\u2028b",
    '/a"b',
    "/a<b>",
    "/a\\b",
  ],
  ...["/a%00b", "/a%0d%0aSet-Cookie:x=y", "/a%", "/a%zz", "/a%c0%af", "/a%ff", "/a%252fb"],
  ...[
    "/oidc",
    "/oidc/",
    "/oidc/logout",
    "/oidc/login?rd=/",
    "/%6Fidc/logout",
    "/oidc%2flogout",
    "/./oidc/logout",
    "/x/../oidc/logout",
  ],
  ...[`/${"a".repeat(6144)}`, `https://app.example.com/${"a".repeat(6144)}`, ""],
];

/** What is kept, and how it is written in Location. */
const KEPT: Record<string, string> = {
  "/": "/",
  "/a": "/a",
  "/a/": "/a/",
  "/a?b=c&d=%20e": "/a?b=c&d=%20e",
  "/?next=//evil.example": "/?next=//evil.example",
  "/a?next=https://evil.example/": "/a?next=https://evil.example/",
  "/a/@evil.example": "/a/@evil.example",
  "/a:b": "/a:b",
  "/oidcx": "/oidcx",
  "/a/oidc/logout": "/a/oidc/logout",
  "/gr%C3%BC%C3%9Fe": "/gr%C3%BC%C3%9Fe",
  [`${ORIGIN}/a?b`]: "/a?b",
  [ORIGIN]: "/",
  [`${ALLOWED}/a?b=c`]: `${ALLOWED}/a?b=c`,
  [ALLOWED]: ALLOWED,
  [`/${"a".repeat(6143)}`]: `/${"a".repeat(6143)}`,
};

let host: LoginHost;
before(async () => {
  host = await LoginHost.start(block({ login: { allowedRedirects: [ALLOWED] } }));
});

/** Where a sign-in ends that was begun with this query. */
async function endOf(query: string): Promise<string | undefined> {
  host.jar = new CookieJar();
  const begun = await host.visit(`/oidc/login?${query}`);
  const parameters = new URL(locationOf(begun)!).searchParams;
  host.provider.nonce = parameters.get("nonce")!;
  return locationOf(await host.end(parameters));
}

const once = encodeURIComponent;

describe("a sign-in ends at the start page", () => {
  for (const text of EVIL) {
    const name = JSON.stringify(text.length > 80 ? `${text.slice(0, 30)}… (${text.length})` : text);
    test(name, async () => {
      assert.equal(await endOf(`rd=${once(text)}`), "/", "encoded once");
      const twice = await endOf(`rd=${once(once(text))}`);
      assert.equal(twice, "/", "encoded twice");
    });
  }

  test("without rd, with rd twice, and with another name", async () => {
    // The first two have an escape that is none: what it stands for, each server says otherwise.
    const broken = ["rd=/a?b=%zz", "rd=/a%2"];
    for (const query of [
      ...broken,
      "",
      "rd=/a&rd=/b",
      "rd=/a&rd=//evil.example",
      "RD=/a",
      "rd",
      "rd=",
    ]) {
      assert.equal(await endOf(query), "/", query);
    }
  });
});

describe("a sign-in ends where it was begun", () => {
  for (const [text, expected] of Object.entries(KEPT)) {
    test(text.slice(0, 60), async () => assert.equal(await endOf(`rd=${once(text)}`), expected));
  }
});

describe("every visit that goes back looks at its address", () => {
  for (const visit of ["refresh", "userinfo"]) {
    test(visit, async () => {
      await host.signIn();
      for (const text of [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/oidc/x",
      ]) {
        const result = await host.visit(`/oidc/${visit}?rd=${once(text)}`);
        assert.equal(locationOf(result), "/", text);
      }
      assert.equal(locationOf(await host.visit(`/oidc/${visit}?rd=%2Fa%3Fb`)), "/a?b");
    });
  }

  test("who is not signed in is sent to sign in with the same address", async () => {
    for (const [text, expected] of [
      ["//evil.example", "/"],
      ["/a", "/a"],
    ] as const) {
      const result = await host.visit(`/oidc/refresh?rd=${once(text)}`, { jar: null });
      assert.equal(locationOf(result), `/oidc/login?rd=${once(expected)}`);
    }
  });
});

describe("any name below a domain that shares the session", () => {
  const config = block({
    session: { domain: "example.com" },
    login: { allowedRedirects: ["https://*.example.com", "https://*.apps.example.com:8443"] },
  });
  let kept: LoginHost;
  before(async () => {
    kept = host;
    host = await LoginHost.start(config);
  });
  after(() => (host = kept));

  const below = ["https://docs.example.com/a?b=c", "https://x-1.apps.example.com:8443/"];
  for (const text of below) {
    test(text, async () => assert.equal(await endOf(`rd=${once(text)}`), text));
  }

  const others = [
    ...["https://example.com/", "https://.example.com/", "https://a.b.example.com/"],
    ...["http://docs.example.com/", "https://docs.example.com:8443/", "https://docsexample.com/"],
    ...["https://docs.example.com.evil.example/", "https://evil.example/.example.com"],
    ...["https://evil.example#.example.com", "https://evil.example?.example.com/"],
    ...[
      "https://evil.example\\.example.com/",
      "https://a@docs.example.com/",
      "https://*.example.com/",
    ],
    ...["https://a.apps.example.com/", "https://apps.example.com:8443/", "https:docs.example.com"],
    ...["https://evil.example:443.example.com/", "https://docs.example.com.:443/"],
  ];
  for (const text of others) {
    test(`not ${text}`, async () => assert.equal(await endOf(`rd=${once(text)}`), "/"));
  }
});
