/** `rolegate doctor --preset prefect`: a server that is as it should be, one thing wrong with it at a time, and clients' environments. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { after, before, beforeEach, test } from "node:test";
import { AILMENTS } from "../../src/cli/doctor/catalogue-table.ts";
import { selfSigned } from "../../src/dev/certificate.ts";
import { temporaryFolder } from "../../src/dev/cleanup.ts";
import { rolegate } from "./run.ts";

const folder = temporaryFolder("doctor-prefect");
const seen = new Set<string>();
let url = "";

type Answer = [status: number, body?: string, headers?: Record<string, string>];

/** What a healthy Prefect behind Rolegate answers, by method and path; `+` for a request with the token. */
const healthy = (): Record<string, Answer> => ({
  "GET /api/health": [200, "true"],
  "GET /api/health+": [200, "true"],
  "GET /api/admin/version+": [200, '"3.8.8"'],
  "GET /api/csrf-token+": [422, "{}"],
  "GET /ui-settings+": [200, '{"api_url":"/api","csrf_enabled":false}'],
  "POST /api/flows+": [307, "", { Location: `${url}/api/flows/` }],
  "OPTIONS /api/flows/filter": [401],
});
let answers: Record<string, Answer>;
/** Whether a WebSocket is opened, and with which sub-protocol; else the status of the refusal. */
let socket: (path: string, hasToken: boolean) => string | number;

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "Content-Type": "application/problem+json" });
  response.end(JSON.stringify({ code, requestId: "1" }));
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url!.replace(/\?.*/, "");
  if (path.includes("%2F")) return refuse(response, 400, "invalid_request");
  const known = answers[`${request.method} ${path}${request.headers.authorization ? "+" : ""}`];
  const [status, body, headers] = known ?? [401];
  if (status === 401) return refuse(response, 401, "authentication_required");
  response.writeHead(status, headers).end(body);
}

function upgrade(request: IncomingMessage, stream: Duplex): void {
  const opened = socket(request.url!, request.headers.authorization !== undefined);
  if (typeof opened === "number") {
    const body = JSON.stringify({ code: opened === 403 ? "forbidden" : "x", requestId: "1" });
    stream.end(
      `HTTP/1.1 ${opened} X\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    return;
  }
  const key = `${String(request.headers["sec-websocket-key"])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash("sha1").update(key).digest("base64");
  const protocol = opened ? `Sec-WebSocket-Protocol: ${opened}\r\n` : "";
  stream.end(
    `HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n${protocol}\r\n`,
  );
}

const server = createServer(serve);
server.on("upgrade", upgrade);
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  answers = healthy();
  socket = (_, hasToken) => (hasToken ? "prefect" : 401);
});
after(() => {
  server.closeAllConnections();
  server.close();
  folder.remove();
});

async function doctor(at: string, ...args: string[]): Promise<string[]> {
  const ran = await rolegate(
    ["doctor", "--json", at, "--preset", "prefect", "-p", "/api/x", ...args],
    { cwd: folder.path },
  );
  assert.equal(ran.stderr, "");
  const { findings } = JSON.parse(ran.stdout) as { findings: { code: string }[] };
  for (const { code } of findings) seen.add(code);
  return findings.map(({ code }) => code);
}
const withToken = () => doctor(url, "--token", "t");

test("as it should be", async () => assert.deepEqual(await withToken(), []));

const FAULTS: [code: string, key: string, answer: Answer][] = [
  ["prefect_health", "GET /api/health", [401]],
  ["prefect_prefix", "GET /api/health", [404]],
  ["prefect_open", "GET /api/variables/name/system-health", [200, "{}"]],
  ["prefect_open", "GET /api/admin/version", [200, '"3.8.8"']],
  ["prefect_cors", "OPTIONS /api/flows/filter", [200, "", { "Access-Control-Allow-Origin": "*" }]],
  ["prefect_preflight", "GET /api/admin/version+", [403]],
  ["prefect_preflight", "GET /api/csrf-token+", [403]],
  ["prefect_version", "GET /api/admin/version+", [200, '"3.6.21"']],
  ["prefect_ui_url", "GET /ui-settings+", [200, '{"api_url":"http://127.0.0.1:4200/api"}']],
  ["prefect_csrf", "GET /ui-settings+", [200, '{"csrf_enabled":true}']],
  [
    "prefect_scheme",
    "POST /api/flows+",
    [307, "", { Location: "http://10.0.0.7:4200/api/flows/" }],
  ],
];
for (const [code, key, answer] of FAULTS) {
  test(`${code}: ${key} ${answer[0]}`, async () => {
    answers[key] = answer;
    assert.deepEqual(await withToken(), [code]);
  });
}

test("a WebSocket that is open, one that is cut, one whose sub-protocol is lost, one that a rule refuses", async () => {
  socket = (path, hasToken) => (path === "/api/events/out" || hasToken ? "prefect" : 401);
  assert.deepEqual(await withToken(), ["prefect_socket_open"]);
  socket = (path, hasToken) => (!hasToken ? 401 : path === "/api/events/in" ? 502 : "prefect");
  assert.deepEqual(await withToken(), ["prefect_socket_refused"]);
  socket = (path, hasToken) => (!hasToken ? 401 : path === "/api/logs/out" ? "" : "prefect");
  assert.deepEqual(await withToken(), ["prefect_subprotocol"]);
  socket = (path, hasToken) => (!hasToken ? 401 : path.endsWith("/connect") ? 403 : "prefect");
  assert.deepEqual(await withToken(), []);
});

test("behind TLS, a redirect to http; and a certificate that nobody vouches for", async () => {
  const made = selfSigned(["localhost"]);
  const tls = createTlsServer({ cert: made.certificate, key: made.key }, serve);
  tls.on("upgrade", upgrade);
  await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
  const at = `https://localhost:${(tls.address() as AddressInfo).port}`;
  answers["POST /api/flows+"] = [
    307,
    "",
    { Location: `${at.replace("https", "http")}/api/flows/` },
  ];
  try {
    assert.deepEqual(await doctor(at, "--insecure", "--token", "t"), ["prefect_scheme"]);
    assert.deepEqual(await doctor(at), ["unreachable"]);
  } finally {
    tls.closeAllConnections();
    tls.close();
  }
});

test("a client's environment with every fault, and what rolegate token prints", async () => {
  const env = join(folder.path, "client.env");
  writeFileSync(
    env,
    "PREFECT_API_URL=https://x\nexport PREFECT_API_KEY='k'\nPREFECT_CLIENT_CUSTOM_HEADERS='{}'\n",
  );
  assert.deepEqual((await doctor(url, "--client-env", env)).sort(), [
    ...["prefect_client_headers", "prefect_client_key", "prefect_client_url"],
  ]);
  writeFileSync(
    env,
    `export PREFECT_API_URL='${url}/api'\nexport PREFECT_CLIENT_CUSTOM_HEADERS='{"Authorization":"Bearer t"}'\nunset PREFECT_API_KEY PREFECT_API_AUTH_STRING\n`,
  );
  assert.deepEqual(await doctor(url, "--client-env", env), []);
});

test("every finding about Prefect was brought about", () => {
  const all = Object.keys(AILMENTS).filter((code) => code.startsWith("prefect_"));
  assert.deepEqual(
    all.filter((code) => !seen.has(code)),
    [],
  );
});
