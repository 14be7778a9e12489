/** The files on the mount of every gate: keys, API keys, and sessions that have ended before their time. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { digestOf } from "../support/api-keys.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { revocation } from "../support/revocations.ts";
import { ISSUER, seconds } from "../support/tokens.ts";
import { KEYS, PERIOD } from "./gates.ts";

export const ENDED = {
  sid: "a-session-that-was-ended",
  /** Its sessions of before half a minute ago. */
  subject: "a-subject-that-was-signed-out",
};

const RECORDS = Buffer.concat([
  revocation("sid", ISSUER, ENDED.sid, seconds(-30)),
  revocation("subject", ISSUER, ENDED.subject, seconds(-30)),
]);
const MOST_BYTES = 320 * 1024;

const FILES: Record<string, string | Buffer> = {
  "keys.json": JSON.stringify(keySet(rsa, ec)),
  "api-keys.json": JSON.stringify([
    { name: "nightly", sha256: digestOf(KEYS.file), roles: ["viewer"] },
  ]),
  [`sessions/revoked-${PERIOD}`]: RECORDS,
  [`unreadable/revoked-${PERIOD}`]: Buffer.alloc(MOST_BYTES + 32),
};

export function writeFiles(folder: string): void {
  for (const [name, content] of Object.entries(FILES)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
