/**
 * What people run into: one thing in Traefik's configuration is wrong, and the real server, the real clients and
 * `rolegate doctor` show what comes of it. docs/prefect.md has the remedy of each.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { trail } from "../browser/stage.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { prefect, program, runClient } from "./client.ts";
import { expectFindings, findings } from "./doctor.ts";
import { handshake } from "./matrix.ts";
import type { Http, Setting } from "./setting.ts";

export function pitfallTests(setting: Setting): void {
  const folder = temporaryFolder("pitfalls");
  after(() => folder.remove());

  const api = () => setting.traefik.api;
  const withDoctor = (caller: "viewer" | "anonymous", ...codes: string[]) =>
    expectFindings(setting, caller, codes);
  const withApi = (...codes: string[]) => expectFindings(setting, "viewer", codes, "--api", api());

  async function broken(change: (http: Http) => void, check: () => Promise<void>): Promise<void> {
    await setting.change(change);
    try {
      await check();
    } finally {
      await setting.restore();
    }
  }

  /** A middleware before Rolegate, or behind it. */
  const beside =
    (where: "before" | "behind", middleware: object) =>
    ({ routers, middlewares }: Http) => {
      middlewares.other = middleware as Http["middlewares"][string];
      const list = ["rolegate", "other"];
      routers.prefect!.middlewares = where === "before" ? list.reverse() : list;
    };
  const without = (name: string) => ({ headers: { customRequestHeaders: { [name]: "" } } });

  /** `prefect flow ls`, the least that a client does. */
  const flowLs = (who: "viewer" | "owner") => runClient(setting, who, [...prefect, "flow", "ls"]);

  test("as it should be: doctor has nothing to say", async () => {
    assert.deepEqual(await findings(setting, "viewer", "--api", api()), []);
  });

  describe("/api is taken away", () => {
    const strip = { stripPrefix: { prefixes: ["/api"] } };

    test("before Rolegate: its rules are for other paths, clients get pages, and lists are refused", () =>
      broken(beside("before", strip), async () => {
        assert.equal((await setting.ask("anonymous", "GET", "/api/health")).status, 401);
        const from = setting.traefik.log.length;
        assert.equal((await setting.ask("owner", "POST", "/api/flows/filter", {})).status, 403);
        const line = await setting.traefik.log.waitForGuest(
          ({ reason }) => reason === "no_rule",
          from,
        );
        assert.equal(line.path, "/flows/filter", "the log names the path that rules saw");
        const { code, output } = await flowLs("owner");
        assert.notEqual(code, 0);
        assert.match(output, /JSONDecodeError/, "of a page in the place of a CSRF token");
        await withDoctor("viewer", "prefect_prefix");
        await withApi("path_changed");
      }));

    test("behind Rolegate: clients get Prefect's pages in the API's place", () =>
      broken(beside("behind", strip), async () => {
        const health = await setting.ask("anonymous", "GET", "/api/health");
        assert.equal(health.status, 200);
        assert.match(health.body, /<html/i);
        assert.equal((await setting.ask("viewer", "POST", "/api/flows/filter", {})).status, 404);
        assert.notEqual((await flowLs("viewer")).code, 0);
        await withDoctor("anonymous", "prefect_prefix");
      }));
  });

  test("only / has the middleware: the API is open, WebSockets and secrets as well", () =>
    broken(
      ({ routers }) => {
        const { middlewares: _, ...open } = routers.prefect!;
        routers.api = { ...open, rule: `(${open.rule}) && PathPrefix(\`/api\`)` };
      },
      async () => {
        const secret = await setting.ask(
          "anonymous",
          "GET",
          "/api/block_types/slug/secret/block_documents/name/s1?include_secrets=true",
        );
        assert.match(secret.body, /hush-hush/);
        assert.equal((await setting.ask("anonymous", "GET", "/v2/dashboard")).status, 401);
        assert.equal((await handshake(setting, "", "/api/events/in")).status, 101);
        await withDoctor("anonymous", "prefect_open", "prefect_socket_open");
        await withApi("router_unprotected");
      },
    ));

  describe("headers and cookies do not come through", () => {
    test("Authorization: whatever a client sends, it is nobody", () =>
      broken(beside("before", without("Authorization")), async () => {
        const from = setting.traefik.log.length;
        const { code, output } = await flowLs("viewer");
        assert.notEqual(code, 0);
        assert.match(output, /401 Unauthorized/);
        await setting.traefik.log.waitForGuest(
          ({ reason }) => reason === "credential_missing",
          from,
        );
        await withDoctor("viewer", "credential_lost");
        await withApi("header_taken");
      }));

    test("Cookie: signing in does not go round for ever, and says what to look for", () =>
      broken(beside("before", without("Cookie")), async () => {
        const browser = new HttpBrowser();
        await browser.go(`${setting.publicUrl}/v2/dashboard`, { from: null });
        const password = setting.passwordOf("vera");
        const visit = await browser.submit({ username: "vera", password });
        browser.close();
        assert.equal(visit.status, 400, trail(visit));
        assert.match(visit.body, /Sign-in keeps starting over/);
        const file = join(folder.path, "dynamic.yml");
        writeFileSync(file, setting.stack.configuration);
        await expectFindings(setting, "viewer", ["cookie_lost"], "-c", file);
        await withApi("header_taken");
      }));

    for (const [name, reason, code] of [
      ["Upgrade", "server rejected WebSocket connection", "prefect_socket_refused"],
      ["Sec-WebSocket-Protocol", "Unable to authenticate", "prefect_subprotocol"],
    ] as const) {
      test(`${name}: flows run, and their task runs are missing`, () =>
        broken(beside("behind", without(name)), async () => {
          const run = await runClient(setting, "worker", program("run.py"));
          assert.equal(run.code, 0, run.output);
          assert.match(run.output, /task run data\) may be lost/);
          assert.ok(run.output.includes(reason), run.output);
          const named = /Flow run '([^']+)' - Finished in state Completed/.exec(run.output)?.[1];
          const count = await setting.ask("viewer", "POST", "/api/task_runs/count", {
            flow_runs: { name: { any_: [named] } },
          });
          assert.equal(count.body, "0");
          await withDoctor("viewer", code);
          await withApi("header_taken");
        }));
    }
  });

  test("a second middleware that asks for credentials: either of the two refuses", () =>
    broken(beside("before", basicAuth), async () => {
      const withToken = await setting.ask("viewer", "GET", "/api/admin/version");
      assert.equal(withToken.status, 401);
      assert.match(withToken.headers.get("www-authenticate") ?? "", /^Basic/, "Traefik's own");
      const headers = { Authorization: `Basic ${Buffer.from(basicUser).toString("base64")}` };
      const withPassword = await fetch(`${setting.api}/admin/version`, { headers });
      assert.equal(withPassword.status, 401);
      const { code } = (await withPassword.json()) as { code: string };
      assert.equal(code, "authentication_required", "Rolegate's");
      const client = await flowLs("viewer");
      assert.match(client.output, /401 Unauthorized/);
      await withDoctor("viewer", "not_rolegate");
      await withApi("double_authentication");
    }));
}

const basicUser = "admin:password";
const [basicName, basicPassword] = basicUser.split(":") as [string, string];
const sha1 = createHash("sha1").update(basicPassword).digest("base64");
const basicAuth = { basicAuth: { users: [`${basicName}:{SHA}${sha1}`] } };
