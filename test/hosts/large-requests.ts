/** Large requests: cookies that are no session and such as are one, tokens, bodies. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { Result } from "../../src/guest/guest.ts";
import type { HeadersInit } from "../../src/guest/header.ts";
import { type Configuration, ENVIRONMENT, GATES, SECRET, STATE } from "../cases/gates.ts";
import { writeFiles } from "../cases/files.ts";
import {
  ALICE,
  chunks,
  cookie,
  FORWARDING,
  HOST,
  NAVIGATION,
  sealed,
} from "../cases/session-cookies.ts";
import { fileForm } from "../support/forms.ts";
import type { GoHost } from "../support/go-host.ts";
import { rsa } from "../support/keys.ts";
import { claims, raw, token } from "../support/tokens.ts";
import type { Group } from "./memory.ts";
import { type TwinOptions, Twins } from "./twins.ts";

/** Of all cookies together, and of a token; see assembly/limits.ts. */
const HEADER_BYTES = 64 * 1024;
const TOKEN_BYTES = 32 * 1024;
const BODY_BYTES = 1024 * 1024;
const CHUNK_BYTES = 3800;
/** Pages of a guest that reads no body, with headers up to the limits. */
const LITTLE = { pages: 4 };

function open(host: GoHost, config: Configuration, more: TwinOptions = {}): Promise<Twins> {
  const now = Date.now();
  const options = { mount: STATE, files: writeFiles, env: ENVIRONMENT, now: () => now, ...more };
  return Twins.load(host, fileForm(config), options);
}

/** That a good request still gets through is what shows that a guest is whole. */
async function passes(ask: () => Promise<Result>): Promise<Result> {
  const result = await ask();
  assert.equal(result.response.status, 200, result.response.body.toString());
  return result;
}

const good = sealed(ALICE);
const bearer = await token();

export const COOKIES: Group = {
  name: "cookies of N bytes that are no session",
  sizes: [1, 2047, 2048, 3800, 6000, 12_000, 64_000],
  async open(host) {
    const twins = await open(host, GATES.session);
    const ask = (value: string | string[], more: Record<string, string> = {}) =>
      twins.handle({ target: "/me", headers: { Host: HOST, Cookie: value, ...more } });
    return {
      async attempt(size) {
        for (const count of [5, 1]) {
          const { response } = await ask(chunks("b".repeat(size * count), count).join("; "));
          const expected = size * count < HEADER_BYTES ? 401 : 400;
          assert.equal(response.status, expected, response.body.toString());
        }
        assert.equal((await ask(cookie("q".repeat(size)), NAVIGATION)).response.status, 302);
        await passes(() => ask(cookie(good)));
      },
      close: () => twins.close(),
    };
  },
};

export const SESSIONS: Group = {
  name: "sessions with a token of N bytes",
  sizes: [200, 2047, 2048, 2600, 5600, 8192, 11_000, 13_000],
  async open(host) {
    const twins = await open(host, GATES["session-forwarding"], LITTLE);
    return {
      async attempt(size) {
        const value = sealed({ ...ALICE, ...FORWARDING, token: "t".repeat(size) });
        const count = Math.ceil(value.length / CHUNK_BYTES);
        const headers = {
          Host: HOST,
          Cookie: count > 1 ? chunks(value, count).join("; ") : cookie(value),
        };
        const { forwarded } = await passes(() => twins.handle({ target: "/me", headers }));
        assert.equal(forwarded!.headers.get("Authorization"), `Bearer ${"t".repeat(size)}`);
      },
      close: () => twins.close(),
    };
  },
};

/** A token of that many bytes or, where base64url has no such length, one less. The shortest is signed with a secret. */
function tokenOf(bytes: number): string {
  if (bytes < 1024) {
    const { iss, aud, exp, typ } = claims();
    return raw({ alg: "HS256" }, { iss, aud, exp, typ, sub: "a" }, (input) =>
      createHmac("sha256", SECRET).update(input).digest(),
    );
  }
  const padded = (pad: number) =>
    raw({ alg: "RS256", kid: rsa.kid }, claims({ pad: "x".repeat(pad) }));
  let pad = Math.floor(((bytes - padded(0).length) * 3) / 4) - 2;
  while (padded(pad + 1).length <= bytes) pad++;
  return padded(pad);
}

export const TOKENS: Group = {
  name: "tokens of N bytes",
  sizes: [205, 1024, 2047, 2048, 2049, 3000, 4096, 8192, 12_288, TOKEN_BYTES, TOKEN_BYTES + 2],
  async open(host) {
    const tokens = new Map(TOKENS.sizes.map((size) => [size, tokenOf(size)]));
    const [main, short] = [
      await open(host, GATES.main, LITTLE),
      await open(host, GATES.hmac, LITTLE),
    ];
    return {
      async attempt(size) {
        const text = tokens.get(size)!;
        const headers = { Authorization: `Bearer ${text}` };
        const twins = size < 1024 ? short : main;
        const { response } = await twins.handle({ target: "/me", headers });
        assert.equal(response.status, text.length <= TOKEN_BYTES ? 200 : 401);
        await passes(() => main.handle({ target: "/me", headers: authorization }));
      },
      async close() {
        for (const twins of [main, short]) await twins.close();
      },
    };
  },
};

const asJson = { "Content-Type": "application/json" };
const authorization = { Authorization: `Bearer ${bearer}` } satisfies HeadersInit;

export const BODIES: Group = {
  name: "bodies of N bytes",
  sizes: [
    ...[1, 100, 2047, 2048, 2049, 4096, 4097, 16_384, 65_536, 65_537, 200_000],
    ...[BODY_BYTES - 1, BODY_BYTES, BODY_BYTES + 1],
  ],
  async open(host) {
    const twins = await open(host, GATES.bodies);
    return {
      async attempt(size) {
        const body = size < 8 ? "1".repeat(size) : `{"a":"${"x".repeat(size - 8)}"}`;
        const { response, forwarded } = await twins.handle({
          ...{
            method: "POST",
            target: "/blocks/filter",
            headers: { ...authorization, ...asJson },
            body,
          },
        });
        const expected = size > BODY_BYTES ? 413 : 200;
        assert.equal(response.status, expected, response.body.toString());
        if (expected === 200) assert.ok(forwarded!.body.equals(Buffer.from(body)), "changed");
        // White space to the end, which the guest reads to the end as well.
        const spaced = `{}${" ".repeat(Math.max(0, size - 2))}`;
        await twins.handle({
          ...{
            method: "POST",
            target: "/kind",
            headers: { ...authorization, ...asJson },
            body: spaced,
          },
        });
      },
      close: () => twins.close(),
    };
  },
};
