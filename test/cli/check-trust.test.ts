/** `rolegate check` on answers that no signature vouches for: which services reach the provider by plain http. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkSetup } from "../../src/cli/check/run.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { pluginWasm } from "../support/gate.ts";
import { LOGIN_SETUP } from "./login-findings-table.ts";

const isFound = async (name: string, text: string) =>
  (await checkSetup(setupOf([new SourceFile(name, text)]), pluginWasm)).findings.some(
    ({ code }) => code === "login_unverified",
  );

/** Address of the provider's service -> whether somebody on the way could write an answer. */
const ADDRESSES: Record<string, boolean> = {
  "https://sso.example.com": false,
  "http://127.0.0.1:8080": false,
  "http://localhost:8080": false,
  "http://[::1]:8080": false,
  "http://sso.example.com": true,
  "HTTP://sso.example.com": true,
  "http://10.0.0.7:8080": true,
  "http://[fd00::7]:8080": true,
  "http://localhost.example.com": true,
  "h2c://keycloak:8080": true,
};

const fileWith = (url: string, key = "userinfo: true, ") =>
  LOGIN_SETUP.replaceAll("login: {client", `login: {${key}client`).replace(
    'url: "https://sso.example.com"',
    `url: "${url}"`,
  );

describe("in files", () => {
  for (const [url, expected] of Object.entries(ADDRESSES)) {
    test(`${url}: ${expected}`, async () => {
      assert.equal(await isFound("dynamic.yml", fileWith(url)), expected);
      assert.equal(await isFound("dynamic.yml", fileWith(url, "")), false, "nothing is believed");
    });
  }
  test("the second server of two", async () => {
    const two = fileWith('https://a.example"}, {url: "http://b.example');
    assert.equal(await isFound("dynamic.yml", two), true);
  });
});

const labels = (...server: string[]) =>
  [
    "services:",
    "  keycloak:",
    "    labels:",
    "      traefik.http.routers.login.rule: Host(`a.example`) && PathPrefix(`/oidc/`)",
    "      traefik.http.routers.login.middlewares: login",
    ...server.map((it) => `      traefik.http.services.sso.loadbalancer.${it}`),
    "      traefik.http.middlewares.login.plugin.rolegate.mode: login",
    "      traefik.http.middlewares.login.plugin.rolegate.login.userinfo: 'true'",
    "",
  ].join("\n");

test("in labels: the container itself, and a server elsewhere", async () => {
  const is = (...server: string[]) => isFound("compose.yml", labels(...server));
  assert.equal(await is("server.port: '8080'"), true);
  assert.equal(await is("server.port: '8443'", "server.scheme: https"), false);
  assert.equal(await is("server.url: http://sso.example.com"), true);
  assert.equal(await is("server.url: https://sso.example.com"), false);
});

const route = (service: string) => `apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: login, namespace: a }
spec: { plugin: { rolegate: { mode: login, login: { userinfo: true } } } }
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: login, namespace: a }
spec:
  routes:
    - kind: Rule
      match: Host(\`a.example\`) && PathPrefix(\`/oidc/\`)
      middlewares: [{ name: login }]
      services: [{ name: sso, ${service} }]
`;

test("in a cluster: by the Service's port, its name, and what the route says", async () => {
  const is = (service: string) => isFound("routes.yml", route(service));
  assert.equal(await is("port: 8080"), true);
  assert.equal(await is("port: http"), true);
  assert.equal(await is("port: 443"), false);
  assert.equal(await is("port: https"), false);
  assert.equal(await is("port: 8443, scheme: https"), false);
  assert.equal(await is("port: 443, scheme: http"), true);
});
