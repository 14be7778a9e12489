/**
 * The plugin itself, made to trap at every host call after the provider has answered a visit, in a real Traefik: no byte of
 * a token response, of a refresh or of a key set reaches the browser.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { pluginWasm } from "../support/gate.ts";
import { type RawServer, startRawServer } from "../support/raw-server.ts";
import { openSession, sealSession } from "../support/session-text.ts";
import { ISSUER, seconds } from "../support/tokens.ts";
import { writeTrapping } from "../support/trapping.ts";
import { allBytes } from "../support/wire.ts";
import { block, PLACE, STATE } from "../login/configuration.ts";

const folder = temporaryFolder("trap");
const state = join(folder.path, "state");
const tokens = new FakeProvider(seconds);
let provider: RawServer;
let traefik: Traefik;
let port: number;
let jar: CookieJar;

const CANARY = "canary-of-the-provider ";
/** More than Go keeps back of a response that was begun. */
const PAD = CANARY.repeat(300);
const ENDPOINTS = {
  authorization: `${ISSUER}/authorize`,
  token: `${ISSUER}/token`,
  jwks: `${ISSUER}/keys`,
};
const LEAK = /canary|eyJ|access_token/i;

before(async () => {
  const plugin = join(folder.path, "plugin");
  for (const path of [plugin, state]) mkdirSync(path);
  copyFileSync(join(root, ".traefik.yml"), join(plugin, ".traefik.yml"));
  writeTrapping(pluginWasm, join(plugin, "plugin.wasm"));
  provider = await startRawServer();
  const config = block({ login: { endpoints: ENDPOINTS }, logLevel: "info" });
  const { jwks: _, ...fetching } = config;
  const mode = (name: string, of: object) => ({ plugin: { rolegate: { ...of, mode: name } } });
  traefik = await startTraefik({
    pluginDir: plugin,
    mounts: { [STATE]: state },
    dynamic: {
      http: {
        routers: {
          login: {
            rule: "PathPrefix(`/oidc/`)",
            service: "provider",
            middlewares: ["login", "buffering"],
          },
          keys: {
            rule: "Path(`/oidc/keys`)",
            priority: 1_000,
            service: "provider",
            middlewares: ["keys"],
          },
        },
        services: {
          provider: { loadBalancer: { passHostHeader: false, servers: [{ url: provider.url }] } },
        },
        middlewares: {
          login: mode("login", config),
          keys: mode("keys", { ...fetching, stateDir: STATE }),
          buffering: {
            buffering: {
              ...{ maxRequestBodyBytes: 65_536, memRequestBodyBytes: 65_536 },
              ...{ maxResponseBodyBytes: 1_048_576, memResponseBodyBytes: 1_048_576 },
            },
          },
        },
      },
    },
  });
  port = Number(new URL(traefik.url).port);
});
after(async () => {
  // It trapped, and said so at the next request: no other test could have overlooked it.
  if (traefik) await assert.rejects(traefik.stop(), /the plugin trapped \d+ times/);
  await provider?.stop();
  folder.remove();
});
beforeEach(() => {
  jar = new CookieJar();
  tokens.reset();
});

/** All that a browser gets for a GET. */
async function get(target: string): Promise<string> {
  const cookie = jar.header(target.split("?")[0]!);
  const head = [
    `GET ${target} HTTP/1.1`,
    ...["Host: app.example.com", "Connection: close", "Sec-Fetch-Dest: document"],
    ...(cookie ? [`Cookie: ${cookie}`] : []),
  ];
  const bytes = await allBytes(port, `${head.join("\r\n")}\r\n\r\n`);
  return bytes.toString("latin1");
}

const field = (response: string, name: string) =>
  [...response.matchAll(new RegExp(`^${name}: (.*)\\r$`, "gim"))].map(([, value]) => value!);
const statusOf = (response: string) => Number(response.split(" ")[1]);

/** The provider's next answer; the guest traps at that host call of handle_response, or at none. */
function answers(body: string, trapAt: number): void {
  const trap = trapAt > 0 ? `X-Trap: ${String(trapAt).padStart(2, "0")}\r\n` : "";
  provider.answer = () =>
    `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n${trap}` +
    `Set-Cookie: a=${PAD}\r\nX-Pad: ${PAD}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

async function tokenAnswer(): Promise<string> {
  return JSON.stringify({ ...(await tokens.tokens()), pad: PAD });
}

/** Tries every host call until none traps any more. Each try gives back what the browser got. */
async function everyCall(attempt: (trapAt: number) => Promise<string>, done: number) {
  let trapped = 0;
  for (let at = 1; at < 100; at++) {
    const response = await attempt(at);
    // Fields stand until they are removed one by one; the body is gone with the second call.
    if (at > 2) assert.doesNotMatch(bodyOf(response), LEAK, `trap at host call ${at}`);
    if (at > MOST_FIELDS) assert.doesNotMatch(response, /canary/, `trap at host call ${at}`);
    if (statusOf(response) === done) return trapped;
    trapped++;
  }
  throw new Error("it traps for ever");
}
/** Body, status, type and names are seven calls; then one for each field of the answer and of Traefik. */
const MOST_FIELDS = 7 + 10;
const bodyOf = (response: string) => response.slice(response.indexOf("\r\n\r\n"));

async function begin(): Promise<string> {
  const response = await get("/oidc/login?rd=%2Fa");
  jar.take(field(response, "Set-Cookie"));
  const parameters = new URL(field(response, "Location")[0]!).searchParams;
  tokens.nonce = parameters.get("nonce")!;
  tokens.signedIn = seconds();
  return `/oidc/callback?code=a&state=${parameters.get("state")!}`;
}

describe("a trap while the provider's answer is read", () => {
  test("the callback", async () => {
    const trapped = await everyCall(async (trapAt) => {
      jar = new CookieJar();
      const target = await begin();
      answers(await tokenAnswer(), trapAt);
      const response = await get(target);
      assert.equal(
        provider.received.at(-1)!.line,
        `POST ${new URL(ISSUER).pathname}/token HTTP/1.1`,
      );
      if (statusOf(response) !== 302) {
        assert.ok(!field(response, "Set-Cookie").some((it) => it.startsWith(COOKIE)));
      }
      return response;
    }, 302);
    assert.ok(trapped > 20, `it trapped at ${trapped} calls`);
  });

  test("a refresh", async () => {
    const target = await begin();
    answers(await tokenAnswer(), 0);
    const signedIn = await get(target);
    jar.take(field(signedIn, "Set-Cookie"));
    const session = openSession(PLACE, jar.get(COOKIE)!);
    jar.put(COOKIE, sealSession(PLACE, { ...session, refreshAt: seconds(-1) }));
    const trapped = await everyCall(async (trapAt) => {
      answers(await tokenAnswer(), trapAt);
      return get("/oidc/refresh?rd=%2Fa");
    }, 302);
    assert.ok(trapped > 20, `it trapped at ${trapped} calls`);
  });

  test("the keys, of which no half is kept", async () => {
    const trapped = await everyCall(async (trapAt) => {
      for (const name of readdirSync(state)) rmSync(join(state, name));
      answers(JSON.stringify({ ...(tokens.keys as object), pad: PAD }), trapAt);
      const response = await get("/oidc/keys");
      const kept = readdirSync(state).filter((name) => name.endsWith(".json"));
      assert.ok(kept.length <= 1);
      return response;
    }, 204);
    assert.ok(trapped > 20, `it trapped at ${trapped} calls`);
  });

  test("and the next sign-in is as if nothing had been", async () => {
    const target = await begin();
    answers(await tokenAnswer(), 0);
    const response = await get(target);
    assert.equal(statusOf(response), 302);
    assert.equal(field(response, "Location")[0], "/a");
  });
});
