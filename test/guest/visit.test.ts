/** Visits on the Node host, as test/e2e/visit.test.ts has them on Traefik. The guest is test/guest/visitor. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { loadGuest } from "../../src/guest/load.ts";
import type { UpstreamResponse } from "../../src/guest/proxy.ts";
import { digest } from "../support/digest.ts";
import { visitorWasm } from "../support/probe.ts";

const BUFFERING = { maxRequestBodyBytes: 65536, maxResponseBodyBytes: 1048576 };
const CANARIES = {
  Cookie: "canary",
  Authorization: "Bearer canary",
  "X-Forwarded-Host": "canary",
  X_Forwarded_Host: "canary",
  Connection: "x-canary, authorization",
  "X-Canary": "canary",
};
const TOKEN = { "X-Visit": "POST /token?a=b", "X-Visit-Body": "grant_type=ours" };
/** Two calls, which cannot trap, take the provider's body out of the response. */
const SAFE = 2;

let guest: Guest;
/** Counts down to a host call that traps; below 1: none does. */
let left = 0;
let answering = false;

before(async () => {
  guest = await loadGuest({
    wasm: visitorWasm(),
    buffering: BUFFERING,
    onCall() {
      if (answering && --left === 0) throw new Error("the test lets it fail");
    },
  });
});

/** A visit whose answer is given; in handle_response the host call of that number traps. */
async function visit(
  answer: UpstreamResponse,
  trapAt = 0,
  headers: Record<string, string> = TOKEN,
) {
  answering = false;
  try {
    return await guest.handle(
      {
        method: "POST",
        target: "/oidc?canary",
        headers: { ...CANARIES, ...headers },
        body: "canary",
      },
      () => {
        answering = true;
        left = trapAt;
        return answer;
      },
    );
  } finally {
    answering = false;
  }
}

describe("on the way out", () => {
  test("what is sent is ours, and nothing else is", async () => {
    const { forwarded } = await visit({});
    assert.equal(`${forwarded!.method} ${forwarded!.target}`, "POST /token?a=b");
    assert.equal(forwarded!.body.toString(), "grant_type=ours");
    assert.deepEqual(Object.fromEntries(forwarded!.headers.entries()), {
      "Accept-Encoding": "identity",
      Authorization: "Basic ours",
      "Content-Length": "15",
      "Content-Type": "application/x-www-form-urlencoded",
      Host: "example.com",
      "X-Forwarded-For": "127.0.0.1",
    });
  });

  test("without a body of ours there is none", async () => {
    const { forwarded } = await visit({}, 0, { "X-Visit": "GET /x" });
    assert.equal(forwarded!.body.length, 0);
    assert.ok(!forwarded!.headers.has("Content-Length"));
  });
});

describe("on the way back", () => {
  const canary = {
    status: 401,
    headers: { "Content-Type": "application/json", "Set-Cookie": "canary", ETag: "canary" },
    body: "canary".repeat(1_000),
    trailers: { "X-Canary-Trailer": "canary" },
  };
  const all = ({ response }: Awaited<ReturnType<typeof visit>>) =>
    [response.headers, response.trailers].flatMap((it) => it.entries()).join("\n") +
    response.body.toString("latin1");

  test("the guest has the answer, the browser has ours", async () => {
    const result = await visit(canary);
    const { status, headers } = result.response;
    assert.equal(status, 201);
    assert.equal(headers.get("X-Status"), "401");
    assert.equal(headers.get("X-Type"), "application/json");
    assert.equal(headers.get("X-Body"), digest(canary.body));
    assert.equal(headers.get("X-Failed"), "no");
    assert.deepEqual(headers.values("Set-Cookie"), ["a=1", "b=2"]);
    assert.doesNotMatch(all(result), /canary/i);
  });

  test("an answer that breaks off", async () => {
    const { headers } = (await visit({ ...canary, dies: true })).response;
    assert.deepEqual([headers.get("X-Failed"), headers.get("X-Status")], ["yes", "200"]);
  });

  test("more than is taken", async () => {
    const { headers } = (await visit({ body: "x".repeat(100_001) })).response;
    assert.equal(headers.get("X-Body"), "too large");
  });

  test("a trap at any host call lets nothing of the body through, and nothing at all once it is out", async () => {
    let at = SAFE;
    let clean = 0;
    let trap: Error | null;
    do {
      at++;
      const result = await visit(canary, at);
      ({ trap } = result);
      assert.doesNotMatch(result.response.body.toString("latin1"), /canary/i, `host call ${at}`);
      if (/canary/i.test(all(result))) clean = at + 1;
    } while (trap);
    assert.ok(at > 15, `${at} host calls only`);
    // Body, status, type: six calls; names, then Content-Type, ETag, Set-Cookie, and the trailer with its names.
    assert.ok(clean <= 6 + 1 + 3 + 2, `something passes up to host call ${clean}`);
  });
});
