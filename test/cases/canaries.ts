/** Requests of a browser with `canary` wherever a browser can put something; `{visit}` stands for the visitor's fields. */

const HEAD = "HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n{visit}";
const CHUNKS = "6\r\ncanary\r\n0\r\n";

export const CANARIES: Record<string, string> = {
  "cookies, credentials, and all that tells where from": `GET /oidc/callback?code=canary ${HEAD}Cookie: __Host-rolegate=canary\r\nCookie: b=canary\r\nAuthorization: Bearer canary\r\nReferer: https://canary.example/\r\nOrigin: https://canary.example\r\nUser-Agent: canary\r\nAccept: canary\r\nAccept-Encoding: canary\r\nAccept-Language: canary\r\nForwarded: for=canary\r\nX-Forwarded-For: canary\r\nX-Forwarded-Host: canary\r\nX-Forwarded-Proto: canary\r\nX_Forwarded_Host: canary\r\nX-Real-Ip: canary\r\nX-Original-Url: /canary\r\nX-Request-Id: canary\r\nTraceparent: 00-canary\r\nVia: canary\r\nX-HTTP-Method-Override: CANARY\r\n\r\n`,
  "names in other cases, and of odd characters": `GET /oidc ${HEAD}cOOkie: canary\r\nx_canary~name!: canary\r\n123: canary\r\n\r\n`,
  "the host": `GET /oidc HTTP/1.1\r\nHost: canary.example:8080\r\nConnection: close\r\n{visit}\r\n`,
  "the absolute form": `GET http://canary.example/oidc?canary ${HEAD}\r\n`,
  "a GET with a body": `GET /oidc ${HEAD}Content-Length: 6\r\n\r\ncanary`,
  "a GET with a chunked body": `GET /oidc ${HEAD}Transfer-Encoding: chunked\r\n\r\n${CHUNKS}\r\n`,
  "a POST with a body shorter than ours": `POST /oidc ${HEAD}Content-Length: 6\r\nContent-Type: canary\r\n\r\ncanary`,
  "a POST with a body longer than ours": `POST /oidc ${HEAD}Content-Length: 600\r\n\r\n${"canary".repeat(100)}`,
  "a POST with a body as long as ours": `POST /oidc ${HEAD}Content-Length: 15\r\n\r\ncanary=canary..`,
  "a chunked POST": `POST /oidc ${HEAD}Transfer-Encoding: chunked\r\n\r\n${CHUNKS}\r\n`,
  "a chunked POST larger than a buffer": `POST /oidc ${HEAD}Transfer-Encoding: chunked\r\n\r\n249f0\r\n${"canary".repeat(25_000)}\r\n0\r\n\r\n`,
  trailers: `POST /oidc ${HEAD}Trailer: X-Canary, Authorization\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}X-Canary: canary\r\nAuthorization: canary\r\n\r\n`,
  "trailers that nothing announced": `POST /oidc ${HEAD}Transfer-Encoding: chunked\r\n\r\n${CHUNKS}X-Canary: canary\r\nCookie: canary\r\n\r\n`,
  Expect: `POST /oidc ${HEAD}Expect: 100-continue\r\nContent-Length: 6\r\n\r\ncanary`,
  "fields that Connection names": `GET /oidc HTTP/1.1\r\nHost: app.example\r\nConnection: close, x-canary, authorization, accept-encoding, content-type, content-length\r\nX-Canary: canary\r\n{visit}\r\n`,
  "hop-by-hop fields": `GET /oidc ${HEAD}TE: trailers, canary\r\nKeep-Alive: canary\r\nProxy-Authorization: canary\r\nProxy-Connection: canary\r\nProxy-Authenticate: canary\r\n\r\n`,
  "an upgrade": `GET /oidc HTTP/1.1\r\nHost: app.example\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: Y2FuYXJ5Y2FuYXJ5Y2FuYQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: canary\r\n{visit}\r\n`,
  "HTTP/1.0": `GET /oidc?canary HTTP/1.0\r\nHost: app.example\r\n{visit}X-Canary: canary\r\n\r\n`,
  "another method": `PROPFIND /oidc/canary ${HEAD}Depth: canary\r\n\r\n`,
  "sixty fields": `GET /oidc ${HEAD}${Array.from({ length: 60 }, (_, i) => `X-Canary-${i}: canary`).join("\r\n")}\r\n\r\n`,
};
