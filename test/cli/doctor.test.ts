/** `rolegate doctor`: silent on a healthy set-up in a real Traefik, and a set-up broken on purpose for every finding. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { FINDINGS } from "../../src/cli/doctor/catalogue-table.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { type SignInStack, startSignInStack } from "../../stack/sign-in-stack.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { TRAEFIK_FAULTS } from "./doctor-faults-table.ts";
import { NEWCOMERS, OTHERS } from "./faults-table.ts";
import { problem, refusing, unauthenticated } from "./doctor-refusals.ts";
import { complaint, rolegate } from "./run.ts";

const folder = temporaryFolder("doctor");
/** More than any busy machine takes for an answer. Milliseconds. */
const HOUR = 3_600_000;
const path = (name: string) => join(folder.path, name);
const seen = new Set<string>();

async function doctor(...args: string[]) {
  const ran = await rolegate(["doctor", "--json", ...args], { cwd: folder.path });
  assert.equal(ran.stderr, "");
  const { findings } = JSON.parse(ran.stdout) as {
    findings: { code: string; evidence: string; severity: string }[];
  };
  for (const { code } of findings) seen.add(code);
  return { code: ran.code, findings, codes: findings.map((it) => it.code) };
}

/** The application behind something that is not quite Rolegate: each path of a doctor's question answered as the test says. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const fake = createServer((request, response) => answer(request, response));
let url = "";
let stack: SignInStack;

before(async () => {
  await new Promise<void>((resolve) => fake.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(fake.address() as AddressInfo).port}`;
  stack = await startSignInStack({
    // Set-ups that are broken stand beside the healthy one, on hosts of their own.
    dynamic: {
      http: {
        routers: { other: { rule: "Host(`other.example`)", service: "other" } },
        services: { other: { loadBalancer: { servers: [{ url: "http://127.0.0.1:1" }] } } },
      },
    },
  });
  writeFileSync(path("block.yml"), JSON.stringify(await blockInForce()));
});
after(async () => {
  await stack?.stop();
  fake.closeAllConnections();
  fake.close();
  folder.remove();
});

async function blockInForce(): Promise<Record<string, unknown>> {
  const list = (await (await fetch(`${apiUrl()}/api/http/middlewares`)).json()) as {
    name: string;
    plugin?: { rolegate: Record<string, unknown> };
  }[];
  return list.find(({ name }) => name === "rolegate@file")!.plugin!.rolegate;
}

const apiUrl = () =>
  Object.entries(stack.traefik.ports)
    .map(([, port]) => `http://127.0.0.1:${port}`)
    .at(-1)!;

describe("a real Traefik", () => {
  const everything = async () => [
    ...[stack.url, "-c", "block.yml", "-p", "/api/runs", "--websocket", "/api/runs"],
    ...["--token", await stack.provider.token("bob"), "--api", apiUrl()],
    ...["--jwks-file", join(stack.stateFolder, stateFile("jwks", stack.provider.issuer))],
  ];

  test("of a healthy set-up it has nothing to say", async () => {
    const [port] = await freePorts(1);
    const { code, findings } = await doctor(
      ...(await everything()),
      "--upstream",
      `http://127.0.0.1:${port}`,
    );
    assert.deepEqual(findings, []);
    assert.equal(code, 0);
  });
  test("the application past Traefik", async () => {
    const { code, codes } = await doctor(
      stack.url,
      "-p",
      "/api/runs",
      "--upstream",
      stack.upstream.url,
    );
    assert.deepEqual([code, codes], [1, ["application_exposed"]]);
  });
  test("a public path is not protected", async () => {
    assert.deepEqual((await doctor(stack.url, "-p", "/health")).codes, ["not_protected"]);
  });
  test("a token without roles, of another audience, of nobody", async () => {
    const args = [stack.url, "-c", "block.yml", "-p", "/api/runs"];
    const token = await stack.provider.token("bob");
    writeFileSync(
      path("roles.yml"),
      JSON.stringify({ ...(await blockInForce()), rolesFrom: "nowhere" }),
    );
    const [, ...rest] = args.slice(2);
    assert.deepEqual(
      (await doctor(stack.url, "-c", "roles.yml", ...rest.slice(-2), "--token", token)).codes,
      ["roles_missing"],
    );
    writeFileSync(
      path("audience.yml"),
      JSON.stringify({ ...(await blockInForce()), audience: "another" }),
    );
    const wrong = await doctor(
      stack.url,
      "-c",
      "audience.yml",
      "-p",
      "/api/runs",
      "--token",
      token,
    );
    assert.deepEqual(wrong.codes, ["audience_missing"]);
    assert.match(wrong.findings[0]!.evidence, /aud is "app", and another is wanted/);
    assert.deepEqual((await doctor(...args, "--token", `${token}x`)).codes, ["token_refused"]);
  });
  test("paths with %2F, a WebSocket that is open, a secret in clear, all at once", async () => {
    await stack.reconfigure({
      encodedPath: "allow",
      upstreamAuthorization: "Basic dXNlcjpwYXNzd29yZA==",
      rules: [
        { match: "Path(`/api/runs`) && WebSocket()", allow: "public" },
        { match: "PathPrefix(`/api`)", allow: "Role(`runner`)" },
        { match: "PathPrefix(`/rolegate-doctor/x`) || Path(`/**`)", allow: "Role(`viewer`)" },
      ],
    });
    const { code, codes, findings } = await doctor(...(await everything()));
    assert.equal(code, 1);
    assert.ok(
      codes.includes("websocket_open") &&
        codes.includes("secret_shown") &&
        codes.includes("path_ambiguous"),
      codes.join(),
    );
    assert.ok(!JSON.stringify(findings).includes("c2VjcmV0"), "the secret itself is repeated");
    await stack.reconfigure({ encodedPath: "refuse" });
  });
});

describe("Traefik's API", () => {
  const api = (routers: unknown[]) => (request: IncomingMessage, response: ServerResponse) => {
    if (request.url!.includes("%2F")) return problem(400, "invalid_request")(request, response);
    if (!request.url!.startsWith("/api/")) return unauthenticated(request, response);
    if (request.url === "/api/version") return void response.end(version);
    const middlewares = [
      { name: "gate@file", plugin: { rolegate: { issuer: "x" } } },
      { name: "login@file", plugin: { rolegate: { issuer: "x", mode: "login" } } },
      { name: "buffering@file", buffering: {} },
    ];
    response.end(
      JSON.stringify(request.url!.startsWith("/api/http/routers") ? routers : middlewares),
    );
  };
  let version = "";
  const guarded = { name: "app@file", rule: "Host(`a`)", service: "app", middlewares: ["gate"] };

  test("another router to the application, and one that was dropped", async () => {
    const other = { name: "x@docker", rule: "PathPrefix(`/x`)", service: "app@file" };
    const broken = {
      name: "y@file",
      status: "disabled",
      error: ["no such middleware"],
      rule: "Host(`b`)",
      service: "y",
    };
    answer = api([guarded, other, broken]);
    const { findings } = await doctor(url, "-p", "/a", "--api", url);
    assert.deepEqual(
      findings.map(({ code, evidence }) => [code, evidence]),
      [
        ["router_broken", "y@file: no such middleware"],
        ["router_unprotected", "x@docker: PathPrefix(`/x`) leads to app@file"],
      ],
    );
  });
  test("the provider's own router is none to the application, and a path's end makes no exception", async () => {
    const login = {
      ...{ name: "login@file", rule: "Host(`a`) && PathPrefix(`/oidc/`)", service: "sso" },
      middlewares: ["login", "buffering"],
    };
    const sso = { name: "sso@file", rule: "Host(`sso`)", service: "sso" };
    const tick = { name: "tick@file", rule: "Path(`/oidc/tick`)", service: "tick" };
    answer = api([guarded, login, sso, tick]);
    assert.deepEqual((await doctor(url, "-p", "/a", "--api", url)).codes, []);
    answer = api([guarded, login, sso, { ...tick, service: "app" }]);
    assert.deepEqual((await doctor(url, "-p", "/a", "--api", url)).codes, ["router_unprotected"]);
  });
  test("a Traefik before 3.3 says so itself; what tells no version is let be", async () => {
    answer = api([guarded]);
    const asked = async (Version: unknown) => {
      version = JSON.stringify({ Version, Codename: "munster" });
      const { findings } = await doctor(url, "-p", "/a", "--api", url);
      return findings.map(({ code, evidence }) => [code, evidence]);
    };
    for (const old of ["3.2.3", "3.0.0-rc1", "2.11.0"]) {
      assert.deepEqual(await asked(old), [["traefik_too_old", `${url} is Traefik ${old}`]]);
    }
    for (const other of ["3.3.0", "3.7.15", "dev", "", 3, undefined]) {
      assert.deepEqual(await asked(other), []);
    }
    for (const text of ["", "404 page not found", "null"]) {
      version = text;
      assert.deepEqual((await doctor(url, "-p", "/a", "--api", url)).codes, []);
    }
  });
  test("an API that is none", async () => {
    answer = unauthenticated;
    const ran = await rolegate(["doctor", url, "--api", url]);
    assert.deepEqual([ran.code, complaint(ran).code], [3, "api_unreadable"]);
  });
});

describe("from outside", () => {
  const OUTSIDE: [string, () => typeof answer][] = [
    ["config_error", () => problem(500, "config_error")],
    ["keys_unavailable", () => problem(503, "keys_unavailable")],
    [
      "xhr_redirected",
      () => (_, response) =>
        response.writeHead(302, { Location: "https://sso.example.com/" }).end(),
    ],
    [
      "not_rolegate",
      () => (_, response) => response.writeHead(401, { "WWW-Authenticate": "Basic" }).end(),
    ],
  ];
  for (const [code, make] of OUTSIDE) {
    test(code, async () => {
      answer = make();
      assert.deepEqual((await doctor(url, "-p", "/a")).codes, [code]);
    });
  }
  test("keys are missing only for callers with a token", async () => {
    answer = (request, response) =>
      (request.headers.authorization
        ? problem(503, "keys_unavailable")
        : request.url!.includes("%2F")
          ? problem(400, "invalid_request")
          : unauthenticated)(request, response);
    assert.deepEqual((await doctor(url)).codes, ["keys_unavailable"]);
  });
  test("nothing listens", async () => {
    const [port] = await freePorts(1);
    const { code, codes } = await doctor(`http://127.0.0.1:${port}`);
    assert.deepEqual([code, codes], [1, ["unreachable"]]);
  });
  test("a clock that is wrong", async () => {
    answer = (request, response) => {
      response.setHeader("Date", new Date(Date.now() - HOUR).toUTCString());
      refusing(request, response);
    };
    const { code, codes, findings } = await doctor(url);
    assert.deepEqual([code, codes], [4, ["clock_skew"]]);
    assert.match(findings[0]!.evidence, /^the application's clock is 3[56]\d\d s behind/);
  });
  test("the application asks for credentials of its own", async () => {
    answer = (request, response) => {
      if (request.url!.includes("%2F")) return problem(400, "invalid_request")(request, response);
      if (!request.headers.authorization?.includes("own"))
        return unauthenticated(request, response);
      response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
    };
    assert.deepEqual(
      (await doctor(url, "--issuer", stack.provider.issuer, "--token", "own")).codes,
      ["application_refuses"],
    );
  });
  test("a WebSocket that does not open with a token", async () => {
    answer = (request, response) =>
      request.headers.authorization === "Bearer own"
        ? void response.writeHead(request.url === "/ws" ? 404 : 200).end()
        : refusing(request, response);
    assert.deepEqual((await doctor(url, "--websocket", "/ws", "--token", "own")).codes, [
      "websocket_refused",
    ]);
  });
  test("a WebSocket that opens without one", async () => {
    const accept = (key: string) =>
      createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    const upgrade = (request: IncomingMessage, socket: import("node:stream").Duplex) => {
      const key = accept(String(request.headers["sec-websocket-key"]));
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
      );
    };
    fake.on("upgrade", upgrade);
    assert.deepEqual((await doctor(url, "--websocket", "/ws")).codes, ["websocket_open"]);
    fake.off("upgrade", upgrade);
  });
});

describe("the provider", () => {
  /** An issuer below the fake's address. */
  const issuer = (
    metadata: (at: string) => unknown,
    keys: unknown = { keys: [] },
    name = "issuer",
  ) => {
    const at = `${url}/${name}`;
    answer = (request, response) => {
      response.setHeader("Content-Type", "application/json");
      if (request.url === `/${name}/.well-known/openid-configuration`)
        response.end(JSON.stringify(metadata(at)));
      else if (request.url === `/${name}/jwks`) response.end(JSON.stringify(keys));
      else refusing(request, response);
    };
    return at;
  };
  test("calls itself otherwise", async () => {
    const at = issuer((it) => ({ issuer: `${it}/`, jwks_uri: `${it}/jwks` }));
    assert.deepEqual((await doctor(url, "--issuer", at)).codes, ["issuer_differs"]);
  });
  test("has no keys that the plugin can use", async () => {
    const at = issuer((it) => ({ issuer: it, jwks_uri: `${it}/jwks` }), {
      keys: [{ kty: "oct", k: "AA" }],
    });
    assert.deepEqual((await doctor(url, "--issuer", at)).codes, ["no_usable_key"]);
  });
  test("has endpoints of other origins, and is not asked for a refresh token", async () => {
    const { issuer: real } = stack.provider;
    const elsewhere = { token_endpoint: "https://token.example/t", jwks_uri: `${real}/jwks` };
    const at = issuer((it) => ({ issuer: it, ...elsewhere }), undefined, "dex");
    const block: Record<string, unknown> = { ...(await blockInForce()), issuer: at };
    const looked = async (login: object) => {
      const changed = { ...block, login: { ...(block.login as object), ...login } };
      writeFileSync(path("far.yml"), JSON.stringify(changed));
      return doctor(stack.url, "-c", "far.yml", "-p", "/api/runs");
    };
    const { findings, codes } = await looked({});
    assert.deepEqual(codes, ["endpoint_elsewhere", "endpoint_elsewhere", "refresh_not_asked"]);
    assert.match(findings[0]!.evidence, /endpointOrigins: \{ token: https:\/\/token\.example \}/);
    assert.match(findings[0]!.evidence, /servers: \[\{ url: https:\/\/token\.example \}\]/);
    assert.equal(findings[2]!.evidence, "Dex wants offline_access in login.scopes");
    const endpointOrigins = { token: "https://token.example", keys: new URL(real).origin };
    const scopes = ["openid", "offline_access"];
    assert.deepEqual((await looked({ endpointOrigins, scopes })).codes, []);
  });
  test("gives a token by the device flow, which the application refuses", async () => {
    const { issuer: real } = stack.provider;
    const at = issuer((it) => ({
      ...{ issuer: it, jwks_uri: `${real}/jwks`, token_endpoint: `${it}/token` },
      device_authorization_endpoint: `${it}/device`,
    }));
    const documents = answer;
    const device = {
      ...{ device_code: "d", user_code: "WDJB", expires_in: 60, interval: 1 },
      verification_uri: `${at}/activate`,
    };
    answer = (request, response) => {
      const isOwn = request.headers.authorization === "Bearer own";
      if (isOwn) return void response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
      const given = {
        "/issuer/device": device,
        "/issuer/token": { access_token: "own", token_type: "Bearer" },
      }[request.url!];
      if (!given) return documents(request, response);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(given));
    };
    const args = ["doctor", "--json", url, "--issuer", at, "--client-id", "cli", "--device"];
    const ran = await rolegate(args);
    assert.match(ran.stderr, /^Open .*\/issuer\/activate\nand confirm the code WDJB\.\n$/);
    const { findings } = JSON.parse(ran.stdout) as { findings: { code: string }[] };
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["application_refuses"],
    );
  });
  test("has a clock that is wrong", async () => {
    const jwks_uri = `${stack.provider.issuer}/jwks`;
    const at = issuer((it) => ({ issuer: it, jwks_uri }));
    const documents = answer;
    answer = (request, response) => {
      response.setHeader("Date", new Date(Date.now() + HOUR).toUTCString());
      documents(request, response);
    };
    const { code, findings } = await doctor(stack.url, "-p", "/api/runs", "--issuer", at);
    assert.deepEqual([code, findings.map((it) => it.code)], [4, ["clock_skew"]]);
    assert.match(findings[0]!.evidence, /^the provider's clock is 3[56]\d\d s ahead of/);
  });
  test("is not there", async () => {
    answer = refusing;
    assert.deepEqual((await doctor(url, "--issuer", `${url}/none`)).codes, ["discovery_failed"]);
  });
  test("has a key that the file lacks", async () => {
    writeFileSync(path("old.json"), JSON.stringify({ keys: [{ kid: "old" }] }));
    answer = refusing;
    const { code, codes } = await doctor(
      url,
      "--issuer",
      stack.provider.issuer,
      "--jwks-file",
      "old.json",
    );
    assert.deepEqual([code, codes], [4, ["keys_stale"]]);
  });
});

test("every finding was brought about, here or in doctor-traefik.test.ts; those of Prefect in doctor-prefect.test.ts", () => {
  // What is in no table stands in a test by name.
  const there = new Set<string>([
    ...TRAEFIK_FAULTS.flatMap(({ codes }) => codes),
    ...["public_url_differs", "token_not_given"],
    // doctor-sign-in.test.ts
    ...["redirect_uri_refused", "cookie_flags", "login_failed", "login_not_offered"],
    "cookie_too_large",
    ...["provider_not_reached", "client_unknown", "client_refused", "post_logout_refused"],
    // doctor-store.test.ts
    ...["store_router_missing", "store_reader_missing", "store_buffering_missing"],
    ...["store_at_provider", "store_down", "store_refused"],
    // Below their causes there, or in doctor-prefect.test.ts.
    ...["credential_lost", "cookie_lost"],
    // faults.test.ts
    ...[...NEWCOMERS, ...OTHERS].flatMap(({ doctor: code }) => code ?? []),
  ]);
  assert.deepEqual(
    Object.keys(FINDINGS).filter(
      (code) => !seen.has(code) && !there.has(code) && !code.startsWith("prefect_"),
    ),
    [],
  );
});
