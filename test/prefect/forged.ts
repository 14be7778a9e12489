/**
 * Tokens that nobody issued for Prefect, and identity headers that a client makes up. All are refused before Prefect,
 * which is sent none of them. Most are signed by a key that the realm publishes, so that what is wrong is all that is.
 */
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeJwt } from "jose";
import { byPassword } from "../keycloak/tokens.ts";
import { encode, seconds } from "../support/tokens.ts";
import { Forger, stranger } from "./forger.ts";
import { handshake } from "./matrix.ts";
import type { Setting } from "./setting.ts";
import { startTee, type Tee } from "./tee.ts";

type Make = (forger: Forger) => string | Promise<string>;

const tokensOfOlga = ({ setting }: Forger, client?: "trial-elsewhere") =>
  setting.stack.trial.tokens(setting.keycloak.issuer, "olga", client);

/** A viewer's own token, with an owner's roles written over. */
function promoted({ setting }: Forger): string {
  const [header, , signature] = setting.token("viewer").split(".");
  const payload = { ...decodeJwt(setting.token("viewer")), ...ownersRoles };
  return [header, encode(payload), signature].join(".");
}
const ownersRoles = { realm_access: { roles: ["prefect-owner"] } };

/** What it is -> how it is made, and the reason in Traefik's log. */
const forgeries: [name: string, make: Make, reason: string][] = [
  ["alg none", (it) => it.unsigned(), "algorithm_unsupported"],
  ["HS256 with the public key's PEM", (it) => it.hmac(it.key.pem), "algorithm_not_allowed"],
  ["HS256 with the public key's DER", (it) => it.hmac(it.der()), "algorithm_not_allowed"],
  ["a viewer's, with other roles", promoted, "signature_invalid"],
  [
    "a stranger's key under the realm's kid",
    (it) => it.byStranger(it.key.kid),
    "signature_invalid",
  ],
  [
    "a stranger's key in its own header",
    (it) => it.byStranger(it.key.kid, { jwk: stranger.jwk }),
    "signature_invalid",
  ],
  ["a kid that the realm does not have", (it) => it.byStranger(stranger.kid), "key_unknown"],
  ["no kid", (it) => it.byStranger(undefined), "signature_invalid"],
  [
    "iss of another realm",
    (it) => it.sign({ iss: `${it.setting.keycloak.url}/realms/other` }),
    "issuer_unknown",
  ],
  [
    "iss with a slash more",
    (it) => it.sign({ iss: `${it.setting.keycloak.issuer}/` }),
    "issuer_unknown",
  ],
  ["aud of another application", (it) => it.sign({ aud: "account" }), "audience_mismatch"],
  ["no aud", (it) => it.sign({ aud: undefined }), "audience_mismatch"],
  ["expired", (it) => it.sign({ exp: seconds(-120) }), "token_expired"],
  ["without an end", (it) => it.sign({ exp: undefined }), "expiration_missing"],
  ["not valid yet", (it) => it.sign({ nbf: seconds(600) }), "token_not_yet_valid"],
  ["issued in the future", (it) => it.sign({ iat: seconds(600) }), "issued_in_future"],
  ["a critical extension", (it) => it.critical(), "critical_unsupported"],
  ["an ID token, by its typ", (it) => it.sign({ typ: "ID" }), "not_an_access_token"],
  ["a refresh token, by its typ", (it) => it.sign({ typ: "Refresh" }), "not_an_access_token"],
  ["Keycloak's ID token", async (it) => (await tokensOfOlga(it)).id_token, "audience_mismatch"],
  [
    "Keycloak's refresh token",
    async (it) => (await tokensOfOlga(it)).refresh_token,
    "algorithm_not_allowed",
  ],
  [
    "Keycloak's token for another client",
    async (it) => (await tokensOfOlga(it, "trial-elsewhere")).access_token,
    "audience_mismatch",
  ],
  ["the administrator's, of another realm", ofAdministrator, "issuer_unknown"],
];

async function ofAdministrator({ setting }: Forger): Promise<string> {
  const { address, administrator } = setting.keycloak;
  const { name, password } = administrator;
  const master = `${address}/realms/master`;
  return (await byPassword(master, "admin-cli", name, password)).access_token;
}

/** Headers that applications and other proxies take for an identity. */
const spoofed = ["X-Forwarded-User", "x_forwarded_user", "X-FORWARDED-USER"];

export function forgedTests(setting: Setting): void {
  const forger = new Forger(setting);
  let tee: Tee;
  before(async () => {
    await forger.start();
    tee = await startTee(setting.prefect.url);
    await setting.change(({ services }) => {
      services.prefect.loadBalancer.servers = [{ url: tee.url }];
    });
  });
  after(async () => {
    await setting.restore();
    await tee?.stop();
  });

  const get = (path: string, headers: Record<string, string>) =>
    fetch(setting.api + path, { headers });
  const withToken = (token: string, id: string) =>
    get(`/admin/version?probe=${id}`, { Authorization: `Bearer ${token}`, "X-Request-Id": id });

  test("a token by the same hand, with nothing wrong, is an owner's", async () => {
    const token = await forger.sign();
    // The key is new: the first request for it has it fetched.
    const end = Date.now() + 30_000;
    while ((await withToken(token, "good")).status !== 200) {
      assert.ok(Date.now() < end, setting.traefik.log.tail());
      await sleep(200);
    }
    assert.ok(tee.head("probe=good"));
    // That guest has the key; another that looked in vain looks again in the next second.
    await sleep(2_000);
    const { status } = await handshake(setting, token, "/api/events/in?probe=good-socket");
    assert.equal(status, 101);
    assert.ok(tee.head("probe=good-socket"));
  });

  describe("401, and Prefect hears nothing of it", () => {
    forgeries.forEach(([name, make, reason], index) =>
      test(name, async () => {
        const token = await make(forger);
        const id = `forged-${index}`;
        const answer = await withToken(token, id);
        const body = (await answer.json()) as Record<string, unknown>;
        assert.equal(answer.status, 401);
        assert.equal(body.code, "invalid_token");
        assert.equal(typeof body.detail, "string");
        assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/);
        const line = await setting.traefik.log.waitForGuest(({ request }) => request === id);
        assert.equal(line.reason, reason);
        const socket = await handshake(setting, token, `/api/events/in?probe=${id}`);
        assert.equal(socket.status, 401);
        assert.ok(!tee.sent().includes(`probe=${id}`));
      }),
    );
  });

  describe("identity headers", () => {
    const owner = Object.fromEntries(spoofed.map((name) => [name, "olga"]));

    test("of a client with a token: Prefect is told who it is, and nothing that the client made up", async () => {
      const answer = await get("/admin/version?probe=viewer", {
        ...setting.authorization("viewer"),
        ...owner,
      });
      assert.equal(answer.status, 200);
      const head = tee.head("probe=viewer");
      assert.match(head, /^X-Forwarded-User: vera$/im);
      assert.doesNotMatch(head, /olga/);
    });

    test("of anybody, on a public route: Prefect gets none", async () => {
      assert.equal((await get("/health?probe=anybody", owner)).status, 200);
      const head = tee.head("probe=anybody");
      assert.ok(head);
      assert.doesNotMatch(head, /olga|forwarded.user/i);
    });

    test("and roles: what they may do is not changed", async () => {
      const claimed = {
        ...owner,
        ...Object.fromEntries(
          ["X-Forwarded-Groups", "X-Auth-Request-Groups", "Remote-Groups", "X-Roles"].map(
            (name) => [name, "prefect-owner"],
          ),
        ),
        "X-Auth-Request-Access-Token": setting.token("owner"),
        "X-HTTP-Method-Override": "GET",
      };
      for (const [who, status] of [
        ["anonymous", 401],
        ["viewer", 403],
      ] as const) {
        const answer = await fetch(`${setting.api}/admin/storage?probe=claimed`, {
          method: "DELETE",
          headers: { ...setting.authorization(who), ...claimed },
        });
        assert.equal(answer.status, status);
      }
      assert.equal(tee.head("probe=claimed"), "");
    });

    test("Connection that names one, to have it taken away on the way: Prefect is told all the same", async () => {
      const headers = { ...setting.authorization("viewer"), Connection: "X-Forwarded-User" };
      const target = `${setting.api}/admin/version?probe=connection`;
      // `fetch` would not send it.
      const status = await new Promise<number>((resolve, reject) => {
        request(target, { headers })
          .on("response", (response) => resolve(response.resume().statusCode!))
          .on("error", reject)
          .end();
      });
      assert.equal(status, 200);
      assert.match(tee.head("probe=connection"), /^X-Forwarded-User: vera$/im);
    });
  });
}
