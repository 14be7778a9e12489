/** Mode auth: a proxy is told whether a request may pass (nginx's auth_request, Traefik's ForwardAuth), and only a proxy that is trusted. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import type { HeadersInit } from "../../src/guest/header.ts";
import { bakedSession, COOKIE, sealSession } from "../support/baked-session.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { HOST } from "../support/login-host.ts";
import { token } from "../support/tokens.ts";
import { block, PLACE } from "./configuration.ts";

const NAMES = {
  uriHeader: "X-Original-Uri",
  methodHeader: "X-Original-Method",
  hostHeader: "X-Original-Host",
};
const CONFIG = block({
  mode: "auth",
  forwardAuth: { trusted: ["192.0.2.0/24", "2001:db8::1", "2001:db8:1::/48"], ...NAMES },
  rules: [
    { name: "open", match: "PathPrefix(`/public`)", allow: "public" },
    { name: "owner", match: "PathPrefix(`/owner`)", allow: "Role(`owner`)" },
    { name: "body", match: "PathPrefix(`/body`)", allow: "BodyOnly(`a`, `1`)" },
    { name: "admin", match: "Host(`admin.example.com`)", allow: "deny" },
    { name: "write", match: "Method(`POST`)", allow: "Role(`owner`)" },
    { name: "all", match: "PathPrefix(`/`)", allow: "Role(`viewer`, `owner`)" },
  ],
});
const ASKED: Record<string, string> = {
  "X-Original-Uri": "/a?b=c",
  "X-Original-Method": "GET",
  "X-Original-Host": HOST,
};
const PROXY = "192.0.2.7:4711";

let guest: Guest;
let alice: string;
let session: string;
before(async () => {
  guest = await loadGate(fileForm(CONFIG));
  alice = await token();
  const { mode: _, forwardAuth: __, ...plain } = CONFIG;
  session = sealSession(PLACE, await bakedSession(plain, {}, PLACE));
});

interface Question {
  /** Changes to what the proxy says; undefined takes one away, a list says it several times. */
  says?: Record<string, string | string[] | undefined>;
  headers?: Record<string, string>;
  remote?: string;
  method?: string;
  target?: string;
  body?: string;
  token?: string | null;
}

async function ask({
  says,
  headers = {},
  remote = PROXY,
  method = "GET",
  target = "/oidc/auth",
  body,
  token = alice,
}: Question = {}) {
  const sent: HeadersInit = [
    ...Object.entries({ ...ASKED, ...says }).flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((it): [string, string] => [name, it]),
    ),
    ...Object.entries(token === null ? {} : { Authorization: `Bearer ${token}` }),
    ...Object.entries(headers),
  ];
  const result = await guest.handle({
    ...{ method, target, remote, headers: [["Host", "auth.internal"], ...sent] },
    ...(body === undefined ? {} : { body }),
  });
  if (result.trap) throw result.trap;
  assert.equal(result.forwarded, null, "mode auth forwards nothing");
  return result;
}
const status = async (question?: Question) => (await ask(question)).response.status;

describe("who may ask", () => {
  test("the addresses that are trusted", async () => {
    for (const remote of [
      ...[PROXY, "192.0.2.255:1", "[::ffff:192.0.2.7]:1", "[::ffff:c000:207]:1"],
      ...["[2001:db8::1]:4711", "[2001:db8:1::]:1", "[2001:db8:1:ffff::1]:1"],
      // Their middle is that of an IPv4 address in IPv6's form, which they are not.
      ...["[2001:db8:1::ffff:192.0.2.7]:1", "[2001:db8:1:1:0:ffff:102:304]:1"],
    ]) {
      assert.equal(await status({ remote }), 200, remote);
    }
  });

  test("nobody else, whatever they say about themselves", async () => {
    for (const remote of [
      ...["127.0.0.1:1", "192.0.3.1:1", "198.51.100.1:1", "[2001:db8::2]:1", "[2001:db8:2::]:1"],
      ...["[::192.0.2.7]:1", "[2001:db8::ffff:192.0.2.7]:1", "[::1:ffff:192.0.2.7]:1"],
    ]) {
      const headers = {
        "X-Forwarded-For": "192.0.2.7",
        "X-Real-Ip": "192.0.2.7",
        Forwarded: "for=192.0.2.7",
      };
      const { response } = await ask({ remote, headers });
      assert.equal(response.status, 404, remote);
      assert.equal(response.body.length, 0);
      assert.equal(response.headers.get("X-User"), undefined);
    }
  });
});

describe("what is asked about", () => {
  test("stands in the headers, not in the request itself", async () => {
    for (const question of [
      { method: "POST", target: "/owner" },
      { target: "/owner?x" },
      { method: "DELETE", target: "//evil" },
      { method: "HEAD" },
    ]) {
      assert.equal(await status(question), 200, JSON.stringify(question));
    }
    assert.equal(await status({ says: { "X-Original-Uri": "/owner" }, target: "/public" }), 403);
    assert.equal(await status({ says: { "X-Original-Method": "POST" } }), 403);
    assert.equal(await status({ says: { "X-Original-Host": "admin.example.com" } }), 403);
  });

  // A proxy hands on what Go's server would not let through to us.
  for (const [uri, reason] of Object.entries({
    ...{ "/a%2": "path_malformed", "/a%": "path_malformed", "/%%41": "path_malformed" },
    ...{ "/a%g0": "path_malformed", "/a%0g": "path_malformed", "/a%:0": "path_malformed" },
    // Without its check the first escape would be a byte that the others make a character of.
    ...{
      "/%g1%80%80%80": "path_malformed",
      "/%c/%80": "path_malformed",
      "/a%-1": "path_malformed",
    },
    ...{ "/a b": "path_control", "/a?b c": "path_control", "/a?b=c d": "path_control" },
  })) {
    test(`${uri} is no path, nor a query`, async () => {
      for (const before of ["", "/public"]) {
        const result = await ask({ says: { "X-Original-Uri": before + uri } });
        assert.equal(result.response.status, 403);
        assert.equal(reasonOf(result), reason);
      }
    });
  }

  for (const name of Object.keys(ASKED)) {
    test(`${name}: exactly once, and not empty`, async () => {
      const value = ASKED[name]!;
      for (const given of [undefined, "", [value, value], [value, "/public"], ["/public", value]]) {
        const { response } = await ask({ says: { [name]: given } });
        assert.equal(response.status, 400, JSON.stringify(given));
        assert.equal(response.headers.get("X-User"), undefined);
      }
    });
  }

  test("under another spelling it is not there, and beside it is nothing", async () => {
    assert.equal(
      await status({ says: { "X-Original-Uri": undefined, X_Original_Uri: "/a" } }),
      400,
    );
    assert.equal(await status({ says: { X_Original_Uri: "/public" } }), 200);
    assert.equal(
      await status({ says: { "X-Original-Uri": "/owner", X_Original_Uri: "/public" } }),
      403,
    );
    assert.equal(
      await status({ says: { "X-Forwarded-Uri": "/public", "X-Original-Uri": "/owner" } }),
      403,
    );
  });

  const URIS: Record<string, number> = {
    "/public/../owner": 403,
    "/public/%2e%2e/owner": 403,
    "/public/..%2Fowner": 403,
    "/%6Fwner": 403,
    "/owner%2F": 403,
    "//owner": 403,
    "/public//../owner": 403,
    "/owner;a": 403,
    "/public%00": 403,
    "/public\\..\\owner": 403,
    owner: 400,
    "https://app.example.com/a": 400,
    "*": 400,
    "/a#/public": 403,
    "/public%252e": 403,
    "/a": 200,
  };
  for (const [uri, expected] of Object.entries(URIS)) {
    test(`${uri}: ${expected}`, async () => {
      assert.equal(await status({ says: { "X-Original-Uri": uri } }), expected);
    });
  }

  test("a host that is none, also where no rule asks for the host", async () => {
    const { session: _, ...rest } = CONFIG;
    const rules = [{ name: "open", match: "PathPrefix(`/public`)", allow: "public" }];
    const plain = await loadGate(fileForm({ ...rest, rules }));
    for (const [host, expected] of [
      [HOST, 200],
      ["a b", 403],
      ["a..b", 403],
      ["user@app.example.com", 403],
    ] as const) {
      const headers = { ...ASKED, "X-Original-Uri": "/public", "X-Original-Host": host };
      const { response } = await plain.handle({ target: "/ask", headers, remote: PROXY });
      assert.equal(response.status, expected, host);
    }
  });

  test("methods that have two spellings, and hosts that are none", async () => {
    for (const says of [
      { "X-Original-Method": "get" },
      { "X-Original-Method": "GET POST" },
      { "X-Original-Method": "G\u00e9T" },
      { "X-Original-Host": "a b" },
      { "X-Original-Host": "app.example.com,evil.example" },
      { "X-Original-Host": "user@app.example.com" },
      { "X-Original-Host": `[${HOST}]:80` },
      { "X-Original-Host": "[admin.example.com]" },
    ] as Record<string, string>[]) {
      assert.equal(await status({ says }), 403, JSON.stringify(says));
    }
  });

  test("a rule that looks into the body refuses: a proxy does not send it", async () => {
    for (const body of [undefined, '{"a":1}']) {
      const result = await ask({
        says: { "X-Original-Uri": "/body", "X-Original-Method": "POST" },
        body,
      });
      assert.equal(result.response.status, 403);
    }
  });
});

describe("what the proxy is told", () => {
  test("200 has every owned header, empty where there is no value", async () => {
    const { response } = await ask();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("X-User"), "alice");
    assert.equal(response.headers.get("X-Roles"), "viewer");
    assert.equal(response.headers.get("Authorization"), "");
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    const open = await ask({ says: { "X-Original-Uri": "/public" }, token: null });
    for (const name of ["X-User", "X-Roles", "Authorization"]) {
      assert.equal(open.response.headers.get(name), "", name);
    }
  });

  test("what a client sends of them is not what comes back", async () => {
    const headers = { "X-User": "root", X_User: "root", "X-Roles": "owner", "x-roles": "owner" };
    const open = await ask({ says: { "X-Original-Uri": "/public" }, token: null, headers });
    assert.equal(open.response.headers.get("X-User"), "");
    assert.equal(open.response.headers.get("X-Roles"), "");
    assert.equal((await ask({ headers })).response.headers.get("X-User"), "alice");
  });

  test("401 with a challenge, 403, and nothing of who it is", async () => {
    const nobody = await ask({ token: null });
    assert.equal(nobody.response.status, 401);
    assert.match(nobody.response.headers.get("WWW-Authenticate")!, /^Bearer/);
    const refused = await ask({ says: { "X-Original-Uri": "/owner" } });
    assert.equal(refused.response.status, 403);
    for (const { response } of [nobody, refused]) {
      assert.equal(response.headers.get("X-User"), undefined);
      assert.equal(response.headers.get("Location"), undefined);
    }
  });
});

describe("a session", () => {
  const headers = () => ({ Cookie: `${COOKIE}=${session}` });

  test("is a credential, on its host", async () => {
    assert.equal(await status({ token: null, headers: headers() }), 200);
    const other = await ask({
      token: null,
      headers: headers(),
      says: { "X-Original-Host": "evil.example" },
    });
    assert.equal(other.response.status, 403);
    assert.equal(reasonOf(other), "wrong_host");
  });

  test("is not another site's to use: the method that counts is the one asked about", async () => {
    const foreign = { ...headers(), Origin: "https://evil.example" };
    const says = { "X-Original-Method": "PUT" };
    assert.equal(reasonOf(await ask({ token: null, headers: foreign, says })), "cross_site");
    assert.equal(reasonOf(await ask({ token: null, headers: headers(), says })), "cross_site");
    const ours = { ...headers(), Origin: "https://app.example.com" };
    assert.equal(await status({ token: null, headers: ours, says }), 200);
  });
});

describe("an Authorization that is the application's", () => {
  const media = 'MediaBrowser Token="0123"';
  const answers = async (config: object, headers: Record<string, string>) => {
    const before = guest;
    guest = await loadGate(fileForm({ ...CONFIG, ...config }));
    const { response } = await ask({ headers, token: null, says: { "X-Original-Uri": "/public" } });
    guest = before;
    assert.equal(response.status, 200);
    return response.headers.get("Authorization");
  };
  const withSession = () => ({ Authorization: media, Cookie: `${COOKIE}=${session}` });

  test("is in the answer beside a session, for the proxy copies what is there", async () => {
    assert.equal(await answers({}, withSession()), media);
  });

  test("is taken away by an empty one for nobody, and by the one that is ours", async () => {
    assert.equal(await answers({}, { Authorization: media }), "");
    const upstreamAuthorization = "Basic c29tZWJvZHk6cmVhbGx5LXNlY3JldA==";
    const ours = await answers({ upstreamAuthorization }, withSession());
    assert.equal(ours, upstreamAuthorization);
  });

  test("is not spoken of with an empty token.header", async () => {
    assert.equal(await answers({ token: { header: "" } }, withSession()), undefined);
  });
});
