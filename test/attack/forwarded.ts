/** What must hold for whatever reaches the application, whichever way it went. */
import assert from "node:assert/strict";
import { posix } from "node:path";
import type { Received } from "../../stack/upstream/upstream.ts";
import type { Attack } from "./corpus.ts";

/** Names that servers take for one header are one here: CGI and WSGI fold what is no letter or digit. */
const fold = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "-");
const OWNED = ["x-forwarded-user", "x-forwarded-groups"];
const VIEWER: Record<string, string> = {
  "X-Forwarded-User": "alice",
  "X-Forwarded-Groups": "viewer",
};

/** No identity but the caller's, each header once, under its own name; no token; no upgrade but a WebSocket's. */
export function assertClean({ headers }: Received, { as: caller, token }: Attack): void {
  const owned = headers.filter(([name]) => OWNED.includes(fold(name)));
  if (token === undefined) {
    const expected = caller ? VIEWER : {};
    for (const [name, value] of owned) assert.equal(value, expected[name], name);
    assert.ok(owned.length <= Object.keys(expected).length, JSON.stringify(owned));
  }
  for (const [name, value] of headers) {
    assert.notEqual(fold(name), "authorization", "the token was passed on");
    if (fold(name) === "upgrade") assert.equal(value.toLowerCase(), "websocket");
  }
}

/** All that a second reader may make of a target: decoded up to three times, cut at `;`, with either slash. */
function readings(target: string): string[] {
  const found = new Set<string>();
  let path = target.replace(/^https?:\/\/[^/]*/, "").split(/[?#]/)[0]!;
  for (let times = 0; times <= 3; times++) {
    for (const slashed of [path, path.replaceAll("\\", "/")]) {
      for (const cut of [slashed, slashed.replace(/;[^/]*/g, ""), slashed.split(/[?#\0]/)[0]!]) {
        found.add(posix.normalize(`/${cut}`.replace(/\/+/g, "/")));
      }
    }
    path = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
  return [...found];
}

/** The corpus never holds an owner's token, so nothing of /admin may be reached, whoever reads the target. */
export function assertNotAdmin({ url }: Received): void {
  for (const path of readings(url)) {
    assert.ok(!/^\/admin(\/|$)/i.test(path.trim()), `${url} is ${path} to somebody`);
  }
}
