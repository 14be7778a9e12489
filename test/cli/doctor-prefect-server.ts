/** What `doctor --preset prefect` meets: a Prefect behind Rolegate that is as it should be, with answers that a test changes. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { after, before, beforeEach } from "node:test";
import { WebSocketServer } from "ws";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { rolegate } from "./run.ts";

export type Answer = [status: number, body?: string, headers?: Record<string, string>];
/** With which sub-protocol a WebSocket is opened, or the status of its refusal. */
export type Sockets = (path: string, hasToken: boolean) => string | number;

const HTML = { "Content-Type": "text/html; charset=utf-8" };

export class PrefectServer {
  url = "";
  answers: Record<string, Answer> = {};
  sockets: Sockets = () => 401;
  /** Those that are good; a path with `+` behind it is one with such a token. */
  tokens = new Set(["t"]);
  #server = createServer((request, response) => this.#serve(request, response));

  async start(): Promise<void> {
    this.#server.on("upgrade", (request: IncomingMessage, stream) => this.#open(request, stream));
    this.url = await listen(this.#server);
    this.heal();
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The same over TLS; the caller closes it. */
  async overTls(certificate: { certificate: string; key: string }): Promise<[TlsServer, string]> {
    const { certificate: cert, key } = certificate;
    const tls = createTlsServer({ cert, key }, (request, response) =>
      this.#serve(request, response),
    );
    tls.on("upgrade", (request: IncomingMessage, stream) => this.#open(request, stream));
    const at = await listen(tls);
    return [tls, at.replace("http://127.0.0.1", "https://localhost")];
  }

  /** `base`: where the pages begin. */
  heal(base = ""): void {
    this.sockets = (_, hasToken) => (hasToken ? "prefect" : 401);
    this.answers = {
      [`GET ${base}/api/health`]: [200, "true"],
      [`GET ${base}/api/health+`]: [200, "true"],
      "GET /api/x+": [200, "{}"],
      [`GET ${base}/api/admin/version+`]: [200, '"3.8.8"'],
      [`GET ${base}/api/csrf-token+`]: [422, "{}"],
      [`GET ${base}/ui-settings+`]: [200, `{"api_url":"${base}/api","csrf_enabled":false}`],
      [`GET ${base}/ui-settings/+`]: [307, "", { Location: `${this.url}${base}/ui-settings` }],
      [`GET ${base}/+`]: [307, "", { Location: `${base}/v2/` }],
      [`GET ${base}/v2/+`]: [200, `<script type="module" src="${base}/v2/a.js"></script>`, HTML],
      [`GET ${base}/v2/a.js+`]: [200, "", { "Content-Type": "text/javascript" }],
    };
  }

  #hasToken({ headers }: IncomingMessage): boolean {
    return this.tokens.has((headers.authorization ?? "").replace("Bearer ", ""));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url!.replace(/\?.*/, "");
    if (path.includes("%2F")) return refuse(response, 400, "invalid_request");
    const isOwn = this.#hasToken(request);
    const known = this.answers[`${request.method} ${path}${isOwn ? "+" : ""}`];
    if (!known) {
      const isBearer = request.headers.authorization?.startsWith("Bearer ");
      return isOwn
        ? refuse(response, 403, "forbidden")
        : refuse(response, 401, isBearer ? "invalid_token" : "authentication_required");
    }
    const [status, body, headers] = known;
    response.writeHead(status, headers).end(body);
  }

  #open(request: IncomingMessage, stream: Duplex): void {
    const opened = this.sockets(request.url!, this.#hasToken(request));
    if (typeof opened === "number") {
      const body = JSON.stringify({ code: opened === 403 ? "forbidden" : "x", requestId: "1" });
      const type = "Content-Type: application/problem+json";
      stream.end(
        `HTTP/1.1 ${opened} X\r\nConnection: close\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      return;
    }
    const taking = new WebSocketServer({ noServer: true, handleProtocols: () => opened || false });
    taking.handleUpgrade(request, stream, Buffer.alloc(0), (socket) => socket.close());
  }
}

/** As Rolegate refuses. */
function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "Content-Type": "application/problem+json" });
  response.end(JSON.stringify({ code, requestId: "1" }));
}

async function listen(server: ReturnType<typeof createServer> | TlsServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface Finding {
  code: string;
  evidence: string;
}

/** What the tests of one file have: a server that is as it should be before each, a folder, and which findings were seen. */
export function prefectSetting(name: string) {
  const folder = temporaryFolder(name);
  const server = new PrefectServer();
  const seen = new Set<string>();
  before(() => server.start());
  beforeEach(() => {
    server.tokens = new Set(["t"]);
    server.heal();
  });
  after(() => {
    server.stop();
    folder.remove();
  });
  /** The findings, by the worst, of a server at an address. */
  async function examined(at: string, args: string[]): Promise<Finding[]> {
    const all = ["doctor", "--json", at, "--preset", "prefect", "-p", "/api/x", ...args];
    const ran = await rolegate(all, { cwd: folder.path });
    assert.equal(ran.stderr, "");
    const { findings } = JSON.parse(ran.stdout) as { findings: Finding[] };
    for (const { code } of findings) seen.add(code);
    return findings;
  }
  return { folder, server, seen, examined };
}
