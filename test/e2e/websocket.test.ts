/** A WebSocket whose token stands among its protocols, through a real Traefik: browsers can send it no other way. */
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { GATES } from "../cases/gates.ts";
import { token } from "../support/tokens.ts";

let upstream: Upstream;
let traefik: Traefik;

before(async () => {
  upstream = await startUpstream();
  const { jwks, issuer, clientId, roles, rules, token: source } = GATES.socket;
  traefik = await startTraefik({
    dynamic: {
      http: {
        routers: { app: { rule: "PathPrefix(`/`)", service: "app", middlewares: ["gate"] } },
        services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
        middlewares: {
          gate: { plugin: { rolegate: { issuer, clientId, jwks, roles, rules, token: source } } },
        },
      },
    },
  });
});
after(async () => {
  await traefik?.stop();
  await upstream?.stop();
});

interface Handshake {
  status: number;
  /** What the server took, as the client sees it. */
  taken: string | undefined;
  /** What the upstream was offered; undefined when it was asked nothing. */
  offered: string | undefined;
}

function handshake(protocols: string): Promise<Handshake> {
  upstream.received.length = 0;
  return new Promise((resolve, reject) => {
    const sent = request(`${traefik.url}/api/socket`, {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": protocols,
      },
    });
    const done = (status: number, taken: string | undefined) => {
      const headers = upstream.received[0]?.headers ?? [];
      const offer = headers.find(([name]) => name.toLowerCase() === "sec-websocket-protocol");
      resolve({ status, taken, offered: offer?.[1] });
    };
    sent.on("upgrade", (response, socket) => {
      socket.destroy();
      done(response.statusCode!, response.headers["sec-websocket-protocol"] as string | undefined);
    });
    sent.on("response", (response) => {
      response.resume();
      response.on("end", () => done(response.statusCode!, undefined));
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("the application gets its own protocol, and not the token", async () => {
  const seen = await handshake(`bearer, ${await token()}, prefect`);
  assert.deepEqual(seen, { status: 101, taken: "prefect", offered: "prefect" });
});

test("with nothing left to take, `bearer` is taken: a browser fails the handshake otherwise", async () => {
  const seen = await handshake(`bearer, ${await token()}`);
  assert.deepEqual(seen, { status: 101, taken: "bearer", offered: undefined });
});

test("without a token it ends with 401, and nothing is asked of the application", async () => {
  assert.deepEqual(await handshake("prefect"), {
    status: 401,
    taken: undefined,
    offered: undefined,
  });
});
