/**
 * What Rolegate needs of Traefik, tried on one of its releases: the plugin with mounts and environment, decisions,
 * paths, headers, keys by health check, a whole sign-in with large tokens, a large body, sign-out, a WebSocket. Each
 * release has a file of its own, so that one of them can be run alone.
 */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { gate } from "../../stack/demo.ts";
import { root } from "../../tools/root.ts";
import { type SignInStack, startSignInStack } from "../../stack/sign-in-stack.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import type { Tree } from "../../stack/traefik/config.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { TraefikEnded } from "../../stack/traefik/running.ts";
import { Headers, type HeadersInit, pairs } from "../../src/guest/header.ts";
import { readLine } from "../../src/cli/audit/line.ts";
import { until } from "../browser/until.ts";
import { AUDITED, prefectLog } from "../cli/prefect-log.ts";
import { HttpBrowser, type Visit } from "../support/http-browser.ts";
import { tampered } from "../support/tokens.ts";
import { send } from "../support/wire.ts";
import { binaryOf, releaseOf, type Supported } from "./releases.ts";
import { converse } from "./socket.ts";

/** A Keycloak's tokens grow by its roles: these make the token endpoint's answer larger than 12 kB. */
const MANY_ROLES = Array.from({ length: 60 }, (_, i) => `role-number-${i}-of-the-application`);
const [OWN_COOKIE, CHUNKS] = ["rolegate", 5];

export function tryTraefik(version: Supported): void {
  describe(`Traefik ${version}`, () => {
    let binary: string;
    let stack: SignInStack;
    let bob: string;
    let alice: string;

    before(async () => {
      binary = await binaryOf(version);
      const { rules } = gate({ issuer: "", clientId: "", upstreamUrl: "" });
      const dry = {
        ...{ name: "dry", match: "Path(`/api/dry`) && Method(`POST`)" },
        allow: "Role(`viewer`) && BodyOnly(`dry`, `true`)",
      };
      stack = await startSignInStack({
        binary,
        block: { keys: { refresh: "10s" }, rules: [dry, ...(rules as Tree[])] },
      });
      stack.provider.people.setRoles("bob", ["app-runner", ...MANY_ROLES]);
      bob = await stack.provider.token("bob");
      alice = await stack.provider.token("alice");
    });
    after(() => stack?.stop());

    /** One request on a connection of its own; what came of it, and what the application saw. */
    async function ask(
      target: string,
      token?: string,
      more: { method?: string; headers?: HeadersInit; body?: string } = {},
    ) {
      const { port, host } = new URL(stack.url);
      stack.upstream.received.length = 0;
      const { status, body } = await send(Number(port), {
        target,
        ...more,
        headers: [
          ["Host", host],
          ...(token ? ([["Authorization", `Bearer ${token}`]] as const) : []),
          ...pairs(more.headers ?? []),
        ],
      });
      const [received] = stack.upstream.received;
      return { status, body: body.toString("latin1"), received };
    }

    test("the plugin has its mounts and its environment, and keys came by the health check", async () => {
      const file = stateFile("jwks", stack.provider.issuer);
      assert.ok(existsSync(join(stack.stateFolder, file)));
      assert.equal((await ask("/api/runs", bob)).status, 200);
      // The secrets came out of the environment: a wrong configuration answers 500.
      assert.deepEqual(
        stack.traefik.log.lines().filter(({ level }) => level === "error"),
        [],
      );
    });

    test("Traefik ends when the plugin cannot be loaded", async () => {
      const folder = temporaryFolder("broken");
      try {
        const plugin = join(folder.path, "plugin");
        mkdirSync(plugin);
        copyFileSync(join(root, ".traefik.yml"), join(plugin, ".traefik.yml"));
        writeFileSync(join(plugin, "plugin.wasm"), "no module");
        await assert.rejects(startTraefik({ binary, pluginDir: plugin }), TraefikEnded);
      } finally {
        folder.remove();
      }
    });

    test("200, 401 and 403", async () => {
      const { provider } = stack;
      const forged = await provider.forge({ iss: provider.issuer, aud: provider.clientId });
      const seen = await Promise.all(
        [undefined, alice, bob, tampered(bob), forged].map(async (token) => {
          const { status, body } = await ask("/api/runs", token);
          return [status, status === 200 || (JSON.parse(body) as { code: string }).code];
        }),
      );
      assert.deepEqual(seen, [
        [401, "authentication_required"],
        [403, "forbidden"],
        [200, true],
        [401, "invalid_token"],
        [401, "invalid_token"],
      ]);
      assert.equal((await ask("/health")).status, 200);
    });

    for (const format of ["json", "common"] as const) {
      test(`rolegate audit reads its log: ${format}`, async () => {
        const { lines } = await prefectLog({ format, reportOnly: false, binary });
        const decisions = lines.map(readLine).filter((it) => typeof it === "object");
        assert.equal(decisions.length, AUDITED);
        assert.ok(decisions.every(({ middleware }) => middleware === "rolegate@file"));
        assert.ok(!lines.map(readLine).includes("broken"));
      });
    }

    test("the application gets the path that was decided on, and ambiguous ones get nowhere", async () => {
      const { parentPath, escapedParentPath } = releaseOf(version);
      // Where Traefik does not resolve dot segments, the plugin refuses them.
      const resolved: [number, string?] = parentPath === 400 ? [400] : [200, "/api/runs"];
      const table: [target: string, status: number, url?: string][] = [
        ["/api/%61%2Db?q=%31", 200, "/api/a-b?q=%31"],
        ["/api/./runs", ...resolved],
        ["/api/x/../runs", ...resolved],
        ["//api//runs", ...resolved],
        ["/api/../admin", parentPath],
        ["/api/%2e%2e/admin", escapedParentPath],
        ["/api/a%2Fb", 400],
        ["/api/a%5Cb", 400],
        ["/api/a;b", 400],
        ["/api/%00", 400],
        ["/api/%C0%AF", 400],
      ];
      for (const [target, status, url] of table) {
        const answer = await ask(target, bob);
        assert.deepEqual([answer.status, answer.received?.url], [status, url], target);
      }
    });

    test("identity headers are nobody's but the plugin's, under each of their aliases", async () => {
      const aliases = ["X-Forwarded-User", "X_Forwarded_User", "x.forwarded.user"];
      const spoofed: HeadersInit = [
        ...[...aliases, "X~Forwarded~User"].map((name) => [name, "carol"] as const),
        ["X-Forwarded-Groups", "owner"],
        ["X_Forwarded_Email", "carol@example.com"],
      ];
      const known = new Headers(
        (await ask("/api/runs", bob, { headers: spoofed })).received!.headers,
      );
      assert.equal(known.get("X-Forwarded-User"), "bob");
      assert.equal(known.get("X-Forwarded-Email"), "bob@example.com");
      assert.equal(known.get("Authorization"), undefined);
      const open = new Headers(
        (await ask("/health", undefined, { headers: spoofed })).received!.headers,
      );
      const said = [known, open].flatMap((headers) =>
        headers.names().flatMap((name) => headers.values(name)),
      );
      assert.ok(!said.some((value) => /carol|^owner$/.test(value)), said.join("\n"));
    });

    test("a rule looks into a body of 1 MiB, and into no larger one", async () => {
      const headers = { "Content-Type": "application/json" };
      const bodyOf = (size: number) => {
        const [head, tail] = ['{"dry":true,"pad":"', '"}'];
        return `${head}${"x".repeat(size - head.length - tail.length)}${tail}`;
      };
      for (const size of [1_000, 3_000, 10_000, 60_000, 1 << 20, (1 << 20) + 1]) {
        const answer = await ask("/api/dry", bob, { method: "POST", headers, body: bodyOf(size) });
        const expected = size > 1 << 20 ? [413, undefined] : [200, size];
        assert.deepEqual([answer.status, answer.received?.bodyLength], expected, `${size} bytes`);
      }
      const wet = await ask("/api/dry", bob, { method: "POST", headers, body: '{"dry":false}' });
      assert.equal(wet.status, 403);
    });

    test("somebody signs in, with tokens of more than 12 kB, and out again", async () => {
      const answer = JSON.stringify(await stack.provider.tokens("bob"));
      assert.ok(answer.length > 12_000, `${answer.length} bytes`);
      const browser = new HttpBrowser();
      try {
        const page = await browser.go(`${stack.url}/api/runs?x=1`, { from: null });
        assert.match(page.url, /\/interaction\//, trail(page));
        const back = await browser.submit({ user: "bob" });
        assert.deepEqual([back.status, back.url], [200, `${stack.url}/api/runs?x=1`], trail(back));
        const headers = new Headers((JSON.parse(back.body) as { headers: [] }).headers);
        assert.equal(headers.get("X-Forwarded-User"), "bob");
        assert.ok(!headers.get("Cookie")?.includes(OWN_COOKIE));

        const kept = await browser.jar.getCookieString(`${stack.url}/api/runs`);
        const again = async () =>
          (await ask("/api/runs", undefined, { headers: { Cookie: kept } })).status;
        assert.equal(await again(), 200);
        const out = await browser.go(`${stack.url}/oidc/logout`, { follow: false });
        assert.ok(
          out.headers.location?.startsWith(`${stack.provider.issuer}/session/end`),
          trail(out),
        );
        // The cookie that somebody kept is dead as well: the folder says so to every guest.
        await until("the session's end", async () => (await again()) === 401);
      } finally {
        browser.close();
      }
    });

    test("a WebSocket opens with a token, both ways, and without one does not", async () => {
      const url = `${stack.url}/api/runs`;
      const open = await converse(url, "hello", { Authorization: `Bearer ${bob}` });
      assert.equal(open.status, 101);
      assert.match(open.greeting, /"url": "\/api\/runs"/);
      assert.equal(open.echo, "hello");
      assert.equal((await converse(url, "hello")).status, 401);
    });

    // The last but one, for some guests do not know the new key until a second later.
    test("a token that names a new key makes the next visit fetch it", async () => {
      await stack.provider.rotate();
      const fresh = await stack.provider.token("bob");
      await until("the new key", async () => (await ask("/api/runs", fresh)).status === 200);
      assert.equal((await ask("/api/runs", bob)).status, 200);
    });

    test("cookies of 60 kB that nobody made are 401, and Traefik lives", async () => {
      const names = Array.from({ length: CHUNKS }, (_, i) => `${OWN_COOKIE}.${i}`);
      for (const size of [2_047, 2_048, 3_800, 6_000, 12_000, 12_000, 12_000]) {
        const Cookie = names.map((name) => `${name}=${"b".repeat(size)}`).join("; ");
        const answer = await ask("/api/runs", undefined, { headers: { Cookie } });
        assert.equal(answer.status, 401, `${size} bytes: ${answer.body}`);
      }
      const Cookie = names.map((name) => `${name}=${"b".repeat(64_000)}`).join("; ");
      assert.equal((await ask("/api/runs", undefined, { headers: { Cookie } })).status, 400);
      assert.equal((await ask("/api/runs", bob)).status, 200);
      const text = stack.traefik.log.lines().map((line) => line.text);
      const bad = /fatal error|panic|wasm error|"recovered"|recovered by wazero/i;
      assert.deepEqual(
        text.filter((line) => bad.test(line)),
        [],
      );
    });
  });
}

/** How a browser came to where it is, for a message. */
function trail({ before, url, status, body }: Visit): string {
  return (
    [...before, { url, status }].map((it) => `${it.status} ${it.url}`).join("\n") + `\n${body}`
  );
}
