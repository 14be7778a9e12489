/** Keycloak as the example has it: what is reachable of it, that no password works without its page, and how people come to be. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeJwt } from "jose";
import { trail } from "../browser/stage.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { findJava } from "../../stack/fetch/java.ts";
import { keycloakDistribution } from "../../stack/keycloak/distribution.ts";
import { root } from "../../tools/root.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { send } from "../support/wire.ts";
import type { Setting } from "./setting.ts";

/** What signing in needs. */
const OPEN = [
  "/realms/prefect/.well-known/openid-configuration",
  "/realms/prefect/protocol/openid-connect/certs",
];

/** Of Keycloak, and of nobody's business; most by ways that two servers may read differently. */
const CLOSED = [
  ...["/", "/admin", "/admin/", "/admin/master/console/", "/admin/realms/prefect/users"],
  ...[
    "/realms",
    "/realms/",
    "/realms/master",
    "/realms/master/",
    "/realms/prefect",
    "/realms/prefectx/",
  ],
  ...["/metrics", "/health", "/js/keycloak.js", "/welcome-content/index.html", "/robots.txt"],
  "/realms/master/.well-known/openid-configuration",
  "/realms/master/protocol/openid-connect/auth?client_id=security-admin-console",
  ...["..", "%2e%2e", "%2E.", "..;", "%252e%252e", "..%00", ".%2e"].flatMap((up) => [
    `/realms/prefect/${up}/master/.well-known/openid-configuration`,
    `/resources/${up}/realms/master/.well-known/openid-configuration`,
    `/resources/${up}/admin/master/console/`,
  ]),
  "/realms/prefect/..%2fmaster/.well-known/openid-configuration",
  "/realms/prefect/..%5cmaster/.well-known/openid-configuration",
  "/realms/prefect/..\\master/.well-known/openid-configuration",
  "/resources/..%2frealms%2fmaster/.well-known/openid-configuration",
  "//realms/master/.well-known/openid-configuration",
  "/realms//master/.well-known/openid-configuration",
  "/realms/./master/.well-known/openid-configuration",
  "/Realms/Prefect/../master/.well-known/openid-configuration",
  "/resources;/../realms/master/.well-known/openid-configuration",
];
/** Nothing else says so. */
const OF_MASTER = /realms\/master|master-realm|security-admin-console/;

export function ssoTests(setting: Setting): void {
  const folder = temporaryFolder("kcadm");
  const browser = new HttpBrowser();
  after(() => {
    browser.close();
    folder.remove();
  });
  const get = (address: string, target: string) => {
    const { port, host } = new URL(address);
    return send(Number(port), { target, headers: { Host: host } });
  };
  /** Those of CLOSED that are answered there with something of Keycloak's. */
  async function shownAt(address: string): Promise<string[]> {
    const shown: string[] = [];
    for (const target of CLOSED) {
      const { status, body } = await get(address, target);
      if (status < 400 || OF_MASTER.test(body.toString())) shown.push(target);
    }
    return shown;
  }

  test("reachable: what signing in needs, and nothing else of Keycloak", async () => {
    const { url } = setting.keycloak;
    for (const target of OPEN) assert.equal((await get(url, target)).status, 200, target);
    assert.deepEqual(await shownAt(url), []);
  });

  test("where it listens, Keycloak shows more of it", async () => {
    const { address } = setting.keycloak;
    for (const target of OPEN) assert.equal((await get(address, target)).status, 200, target);
    const shown = await shownAt(address);
    assert.ok(shown.includes("/realms/master/.well-known/openid-configuration"), shown.join());
    assert.ok(shown.length > 5, shown.join());
  });

  const token = (parameters: Record<string, string>) =>
    fetch(`${setting.keycloak.issuer}/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams(parameters),
    }).then(async (answer) => ({
      status: answer.status,
      body: (await answer.json()) as Record<string, string>,
    }));

  test("name and password are worth nothing to any client of the example", async () => {
    interface Client {
      clientId: string;
      secret?: string;
    }
    const all = await setting.admin<Client[]>("GET", "/clients");
    const clients = all.filter(({ clientId }) => !clientId.startsWith("trial"));
    assert.ok(clients.length >= 8, "Keycloak's own as well");
    const person = { username: "olga", password: setting.passwordOf("olga"), scope: "openid" };
    for (const { clientId, secret } of clients) {
      const client = { client_id: clientId, ...(secret ? { client_secret: secret } : {}) };
      const { status, body } = await token({ grant_type: "password", ...client, ...person });
      assert.ok(status >= 400 && !body.access_token, `${clientId}: ${status}`);
    }
  });

  test("its secrets are of this installation alone", async () => {
    const known = /change|prefect|secret|\$\{/i;
    const of = async (id: string) =>
      (await setting.admin<[{ secret: string }]>("GET", `/clients?clientId=${id}`))[0].secret;
    const secrets = [await of("prefect"), await of("prefect-worker")];
    for (const secret of secrets) {
      assert.ok(secret.length >= 32);
      assert.doesNotMatch(secret, known);
    }
    assert.notEqual(secrets[0], secrets[1]);
  });

  /** The lines of docs/prefect.md that begin with `./kcadm.sh`. */
  const lines = [
    ...readFileSync(join(root, "docs/prefect.md"), "utf8").matchAll(/^ *\.\/(kcadm\.sh .*)$/gm),
  ].map(([, line]) => line!);

  async function kcadm(line: string): Promise<string> {
    const java = await findJava();
    const bin = join(await keycloakDistribution(java), "bin");
    const { address, administrator } = setting.keycloak;
    const ours = line
      .replace("http://localhost:8080", address)
      .replace("--user admin", `--user ${administrator.name}`);
    const path = isAbsolute(java) ? [dirname(java), process.env.PATH] : [process.env.PATH];
    return execFileSync("sh", ["-c", `sh ./${ours}`], {
      cwd: bin,
      encoding: "utf8",
      env: {
        PATH: path.join(delimiter),
        HOME: folder.path,
        KC_OPTS: `-Duser.home=${folder.path}`,
        KC_BOOTSTRAP_ADMIN_PASSWORD: administrator.password,
      },
    });
  }

  test("somebody who was made as docs/prefect.md says has to choose a password, and is what the group says", async () => {
    const [login, create, password, secret, ...rest] = lines;
    assert.deepEqual(rest, []);
    const first = randomBytes(12).toString("hex");
    await kcadm(login!);
    await kcadm(create!);
    await kcadm(`${password} --new-password ${first}`);
    const path = "/v2/dashboard";
    await browser.go(`${setting.publicUrl}${path}`, { from: null });
    const change = await browser.submit({ username: "ada", password: first });
    assert.match(change.body, /password-new/, trail(change));
    const own = randomBytes(12).toString("hex");
    const home = await browser.submit({ "password-new": own, "password-confirm": own });
    assert.deepEqual([home.status, home.url], [200, `${setting.publicUrl}${path}`], trail(home));
    // An owner's alone.
    const settings = await browser.fetch(`${setting.publicUrl}/api/flows/count`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    assert.equal(settings.status, 200, trail(settings));
    const shown = (await kcadm(secret!)).trim();
    const machine = await token({
      ...{ grant_type: "client_credentials", client_id: "prefect-worker", client_secret: shown },
    });
    assert.equal(machine.status, 200, JSON.stringify(machine.body));
  });

  test("the command line gets a token by the device flow, which a person confirms in a browser", async () => {
    const window = new HttpBrowser();
    after(() => window.close());
    const begun = await fetch(`${setting.keycloak.issuer}/protocol/openid-connect/auth/device`, {
      method: "POST",
      body: new URLSearchParams({ client_id: "prefect-cli", scope: "openid" }),
    });
    const device = (await begun.json()) as Record<string, string>;
    await window.go(device.verification_uri_complete!, { from: null });
    let page = await window.submit({ username: "rudi", password: setting.passwordOf("rudi") });
    // What the client asks for.
    if (page.body.includes('name="accept"')) page = await window.submit({ accept: "Yes" });
    assert.equal(page.status, 200, trail(page));
    const ask = () =>
      token({
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        ...{ client_id: "prefect-cli", device_code: device.device_code! },
      });
    let answer = await ask();
    for (const end = Date.now() + 60_000; answer.status !== 200; answer = await ask()) {
      assert.match(
        answer.body.error!,
        /^(authorization_pending|slow_down)$/,
        JSON.stringify(answer),
      );
      assert.ok(Date.now() < end, page.body);
      await sleep(Number(device.interval ?? 5) * 1_000);
    }
    const { exp, iat } = decodeJwt(answer.body.access_token!);
    assert.equal(exp! - iat!, 8 * 3600);
    const headers = { Authorization: `Bearer ${answer.body.access_token}` };
    assert.equal((await fetch(`${setting.api}/admin/version`, { headers })).status, 200);
  });
}
