/**
 * Visits through a real Traefik: what the browser sends never reaches the provider, what the provider sends never
 * reaches the browser, wherever the guest may trap. The guest is test/guest/visitor, of the plugin's host modules.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { connect } from "node:http2";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { Headers } from "../../src/guest/header.ts";
import { CANARIES } from "../cases/canaries.ts";
import { digest } from "../support/digest.ts";
import { visitorWasm } from "../support/probe.ts";
import { type RawServer, startRawServer } from "../support/raw-server.ts";
import { writeTrapping } from "../support/trapping.ts";
import { allBytes, send } from "../support/wire.ts";

const folder = temporaryFolder("visit");
let provider: RawServer;
let traefik: Traefik;
let port: number;

before(async () => {
  const plugin = join(folder.path, "plugin");
  mkdirSync(plugin);
  copyFileSync(join(root, ".traefik.yml"), join(plugin, ".traefik.yml"));
  writeTrapping(visitorWasm(), join(plugin, "plugin.wasm"));
  provider = await startRawServer();
  traefik = await startTraefik({
    pluginDir: plugin,
    dynamic: {
      http: {
        routers: {
          oidc: {
            rule: "PathPrefix(`/oidc`)",
            service: "provider",
            middlewares: ["visitor", "buffering"],
          },
          dead: {
            rule: "PathPrefix(`/dead`)",
            service: "dead",
            middlewares: ["visitor", "buffering"],
          },
        },
        services: {
          provider: {
            loadBalancer: { passHostHeader: false, servers: [{ url: provider.url }] },
          },
          dead: { loadBalancer: { servers: [{ url: "http://127.0.0.1:9" }] } },
        },
        middlewares: {
          visitor: { plugin: { rolegate: {} } },
          buffering: {
            buffering: {
              maxRequestBodyBytes: 65536,
              memRequestBodyBytes: 65536,
              maxResponseBodyBytes: 1048576,
              memResponseBodyBytes: 1048576,
            },
          },
        },
      },
    },
  });
  port = Number(new URL(traefik.url).port);
});
after(async () => {
  await traefik?.stop();
  await provider?.stop();
  folder.remove();
});

const TOKEN = { "X-Visit": "POST /token?a=b%2Fc", "X-Visit-Body": "grant_type=ours" };
const DISCOVERY = { "X-Visit": "GET /.well-known/openid-configuration" };
const visit = (headers: Record<string, string>, target = "/oidc/callback?code=canary") =>
  send(port, { target, headers });

describe("on the way out", () => {
  /** The bytes that the provider got, for a POST with a form and for a GET. */
  function held(kind: "POST" | "GET"): void {
    assert.equal(provider.received.length, 1);
    const [{ line, headers, rest, bytes }] = provider.received as [(typeof provider.received)[0]];
    assert.doesNotMatch(bytes.toString("latin1"), /canary/i);
    const post = kind === "POST";
    assert.equal(
      line,
      post ? "POST /token?a=b%2Fc HTTP/1.1" : "GET /.well-known/openid-configuration HTTP/1.1",
    );
    assert.equal(rest.toString(), post ? "grant_type=ours" : "");
    const form: [string, string][] = [
      ["Content-Length", "15"],
      ["Content-Type", "application/x-www-form-urlencoded"],
    ];
    assert.deepEqual(headers.sort(), [
      ["Accept-Encoding", "identity"],
      ["Authorization", "Basic ours"],
      ...(post ? form : []),
      ["Host", new URL(provider.url).host],
      ["X-Forwarded-For", "127.0.0.1"],
    ]);
  }

  for (const [name, request] of Object.entries(CANARIES)) {
    for (const [kind, headers] of [
      ["POST", TOKEN],
      ["GET", DISCOVERY],
    ] as const) {
      test(`${name}: ${kind}`, async () => {
        provider.received.length = 0;
        const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        const bytes = request.replace("{visit}", fields.join(""));
        assert.match(bytes, /canary/i);
        const response = (await allBytes(port, bytes)).toString("latin1");
        assert.match(response, /\r\nX-Status: 200\r\n/, response);
        held(kind);
      });
    }
  }

  test("over HTTP/2, with a body and trailers", async () => {
    provider.received.length = 0;
    const session = connect(traefik.url);
    // What is left of it when Traefik stops is no part of the test.
    session.on("error", () => {});
    try {
      const stream = session.request(
        {
          ":method": "POST",
          ":path": "/oidc/callback?canary",
          "x-visit": TOKEN["X-Visit"],
          "x-visit-body": TOKEN["X-Visit-Body"],
          cookie: "canary",
          trailer: "x-canary",
        },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-canary": "canary" }));
      stream.end("canary");
      const status = await new Promise((resolve, reject) => {
        stream.on("response", (headers) => resolve(headers["x-status"]));
        stream.on("error", reject);
      });
      assert.equal(status, "200");
      held("POST");
    } finally {
      session.destroy();
    }
  });

  test("a body that `buffering` finds too large in the browser's request ends there", async () => {
    provider.received.length = 0;
    const body = "canary".repeat(20_000);
    const { headers } = await send(port, { method: "POST", target: "/oidc", headers: TOKEN, body });
    assert.equal(headers.get("X-Status"), "413");
    assert.equal(provider.received.length, 0);
  });
});

describe("on the way back", () => {
  const ours = {
    "Content-Type": "text/plain; charset=utf-8",
    "Set-Cookie": "a=1, b=2",
    "X-Failed": "no",
  };
  /** What a browser gets, and nothing besides. */
  function held(
    response: { status: number; headers: Headers; body: Buffer },
    expected: Record<string, string>,
  ): void {
    assert.equal(response.status, 201);
    assert.equal(response.body.toString(), "ours");
    const headers = Object.fromEntries(
      response.headers.names().map((name) => [name, response.headers.get(name)]),
    );
    for (const name of ["Date", "Content-Length", "Transfer-Encoding"]) delete headers[name];
    assert.deepEqual(headers, { ...ours, ...expected });
  }
  const answer = (head: string, body: string) =>
    `HTTP/1.1 ${head}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

  test("the body is read whole, and everything else of the answer is gone", async () => {
    const body = "canary-".repeat(14_000);
    provider.answer = () =>
      answer(
        "200 OK\r\nContent-Type: application/json\r\nSet-Cookie: canary=1\r\nETag: canary",
        body,
      );
    held(await visit(TOKEN), {
      "X-Status": "200",
      "X-Type": "application/json",
      "X-Body": digest(body),
    });
  });

  for (const length of [0, 1, 4095, 4096, 4097, 69_631, 69_632, 69_633, 100_000]) {
    test(`a body of ${length} bytes`, async () => {
      const body = "0123456789".repeat(10_000).slice(0, length);
      provider.answer = () => answer("200 OK", body);
      held(await visit(DISCOVERY), {
        "X-Status": "200",
        "X-Type": "none",
        "X-Body": digest(body),
      });
    });
  }

  test("one byte more than is taken", async () => {
    provider.answer = () => answer("200 OK", "x".repeat(100_001));
    held(await visit(DISCOVERY), {
      "X-Status": "200",
      "X-Type": "none",
      "X-Body": "too large",
    });
  });

  test("more than `buffering` takes is an error of Traefik's", async () => {
    provider.answer = () => answer("200 OK", "canary".repeat(200_000));
    const { headers } = await visit(DISCOVERY);
    assert.equal(headers.get("X-Status"), "500");
  });

  test("two content types are none", async () => {
    provider.answer = () =>
      answer("200 OK\r\nContent-Type: application/json\r\nContent-Type: text/html", "{}");
    assert.equal((await visit(DISCOVERY)).headers.get("X-Type"), "none");
  });

  test("another status", async () => {
    provider.answer = () => answer("401 Unauthorized\r\nWWW-Authenticate: Basic canary", "canary");
    held(await visit(TOKEN), {
      "X-Status": "401",
      "X-Type": "none",
      "X-Body": digest("canary"),
    });
  });

  test("no provider", async () => {
    const { headers } = await visit(TOKEN, "/dead");
    assert.equal(headers.get("X-Status"), "502");
    assert.equal(headers.get("X-Failed"), "no");
  });

  test("an answer that breaks off is a failure, whatever its status says", async () => {
    provider.answer = () =>
      "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 100\r\n\r\ncanary";
    const { status, headers } = await visit(TOKEN);
    assert.equal(status, 201);
    assert.equal(headers.get("X-Failed"), "yes");
    assert.equal(headers.get("X-Status"), "200");
  });

  const TRAILERS = "6\r\ncanary\r\n0\r\nX-Told: canary\r\nX-not-TOLD: canary\r\n\r\n";
  const LEAKS: Record<string, string | string[]> = {
    "trailers, announced and not": `HTTP/1.1 200 OK\r\nConnection: close\r\nTrailer: X-Told\r\nTransfer-Encoding: chunked\r\n\r\n${TRAILERS}`,
    "announced trailers": `HTTP/1.1 200 OK\r\nConnection: close\r\nTrailer: X-Told, X-not-TOLD\r\nTransfer-Encoding: chunked\r\n\r\n${TRAILERS}`,
    "trailers that nothing announced": `HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${TRAILERS}`,
    "early hints": [
      "HTTP/1.1 103 Early Hints\r\nLink: </canary>; rel=preload\r\nSet-Cookie: canary\r\n\r\n",
      answer("200 OK", "canary"),
    ],
    "a field name with a space behind it": answer("200 OK\r\nSet-Cookie : canary=1", "canary"),
    "a redirect": answer("302 Found\r\nLocation: https://canary.example/", "canary"),
    "a refresh": answer("200 OK\r\nRefresh: 0; url=https://canary.example/", "canary"),
    "no body, with 204": "HTTP/1.1 204 No Content\r\nConnection: close\r\nX-Canary: canary\r\n\r\n",
    "304": "HTTP/1.1 304 Not Modified\r\nConnection: close\r\nETag: canary\r\n\r\n",
    "an upgrade":
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: canary\r\n\r\ncanary",
    "no HTTP": "canary canary\r\n\r\n",
  };
  for (const [name, bytes] of Object.entries(LEAKS)) {
    test(`nothing of it passes: ${name}`, async () => {
      provider.answer = () => bytes;
      const fields = Object.entries(TOKEN).map(([name, value]) => `${name}: ${value}\r\n`);
      const request = `GET /oidc HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close\r\n${fields.join("")}\r\n`;
      const response = (await allBytes(port, request)).toString("latin1");
      assert.doesNotMatch(response, /canary|told/i);
      assert.match(response, /^HTTP\/1.1 201 Created\r\n/);
    });
  }

  test("a trap at any host call lets nothing through once the answer is out of the response", async () => {
    const pad = "field-canary ".repeat(500);
    const names = Array.from({ length: 8 }, (_, i) => `X-Field-${i}`);
    const fields = names.map((name) => `${name}: ${pad}\r\n`).join("");
    const body = "body-canary ".repeat(5_000);
    const request = `GET /oidc HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Visit: GET /x\r\n\r\n`;
    let clean = 0;
    let at = 0;
    let response = "";
    do {
      at++;
      const trap = String(at).padStart(2, "0");
      provider.answer = () =>
        answer(`200 OK\r\nX-Trap: ${trap}\r\nSet-Cookie: ${pad}\r\n${fields}`, body);
      response = (await allBytes(port, request)).toString("latin1");
      // The first reads one byte into memory that is there, the second empties the body: nothing traps before that.
      if (at > 2) assert.doesNotMatch(response, /body-canary/, `trap at host call ${at}`);
      if (/canary/.test(response)) clean = at + 1;
    } while (!response.startsWith("HTTP/1.1 201") && at < 60);
    assert.ok(at > 20, `it trapped at ${at - 1} calls only`);
    assert.ok(at < 60, "it traps for ever");
    // Body, status and type are four calls; then the names, each field's own, X-Trap, Set-Cookie, and Traefik's.
    assert.ok(clean <= 8 + names.length + 6, `fields of the answer pass up to call ${clean}`);
  });
});

test("an answer of our own needs no visit", async () => {
  provider.received.length = 0;
  const { status, headers, body } = await visit({});
  assert.equal(status, 203);
  assert.equal(body.toString(), "no visit");
  assert.deepEqual(headers.values("Set-Cookie"), ["a=1", "b=2"]);
  assert.equal(headers.get("X-Ours"), "1");
  assert.equal(provider.received.length, 0);
});
