/** Prefect's routes for the six callers on the real server, but for those that would change it for other tests. */
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { callers } from "../presets/prefect/gate.ts";
import { mayCall, type Route, routes, upgrade, wireOf } from "../presets/prefect/routes.ts";
import type { Setting } from "./setting.ts";

/**
 * Called only by those who may not. With no filter these would delete all, or change what the server stores where; and
 * resuming a run that is not there is an error 500 of the server's own, after which it drops the connection.
 */
const effective = /bulk_delete|bulk_set_state|admin\/storage|install_system_block_types|resume$/;
const isSafe = ({ method, path }: Route) => method === "GET" || !effective.test(path);

/** The status of a WebSocket's handshake; `token`: empty for none. */
export function handshake(
  setting: Setting,
  token: string,
  path: string,
): Promise<{ status: number; protocol: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = Object.fromEntries(upgrade);
    if (token) headers.Authorization = `Bearer ${token}`;
    const sent = request(setting.traefik.url + path, { headers });
    sent.on("upgrade", ({ headers }, socket) => {
      socket.destroy();
      resolve({ status: 101, protocol: headers["sec-websocket-protocol"] });
    });
    sent.on("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, protocol: undefined });
    });
    sent.on("error", reject);
    sent.end();
  });
}

export function matrixTests(setting: Setting): void {
  for (const caller of callers) {
    const refusal = caller === "anonymous" ? 401 : 403;

    test(`${caller}: each route that is safe to call`, async () => {
      const wrong: string[] = [];
      let asked = 0;
      for (const route of routes.filter(({ method }) => method !== "WS")) {
        const allowed = mayCall(route, caller);
        if (allowed && !isSafe(route)) continue;
        asked++;
        const { method = "GET", target, body } = wireOf(route);
        const value = body === undefined ? undefined : {};
        const answer = await setting.ask(caller, method, target, value);
        const refused = [401, 403].includes(answer.status);
        const isRight = allowed ? !refused && answer.status < 500 : answer.status === refusal;
        if (!isRight) wrong.push(`${method} ${target}: ${answer.status} ${answer.body}`);
        if (refused) {
          assert.equal(answer.headers.get("location"), null);
          assert.equal(typeof JSON.parse(answer.body).detail, "string");
        }
      }
      assert.deepEqual(wrong, []);
      assert.ok(asked > 190, `${asked}`);
    });

    test(`${caller}: each WebSocket`, async () => {
      for (const route of routes.filter(({ method }) => method === "WS")) {
        const { status, protocol } = await handshake(
          setting,
          setting.token(caller),
          wireOf(route).target,
        );
        assert.equal(status, mayCall(route, caller) ? 101 : refusal, route.path);
        if (status === 101) assert.equal(protocol, "prefect", "the sub-protocol is passed on");
      }
    });
  }

  test("an API key of a worker is a worker", async () => {
    const headers = { Authorization: `Bearer ${setting.workerKey}` };
    const status = async (method: string, path: string) =>
      (await fetch(setting.api + path, { method, headers })).status;
    assert.equal(await status("GET", "/admin/version"), 200);
    assert.equal(await status("DELETE", "/admin/storage"), 403);
    const { status: opened } = await handshake(setting, setting.workerKey, "/api/events/in");
    assert.equal(opened, 101);
  });

  test("somebody of the realm without a role gets 403 everywhere but at the public routes", async () => {
    const token = await setting.tokenOf("nora");
    const status = async (path: string) =>
      (await fetch(setting.traefik.url + path, { headers: { Authorization: `Bearer ${token}` } }))
        .status;
    for (const path of ["/api/admin/version", "/ui-settings", "/v2/", "/api/csrf-token"]) {
      assert.equal(await status(path), 403, path);
    }
    assert.equal(await status("/api/health"), 200);
  });
}
