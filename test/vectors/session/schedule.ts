/** The test vectors of docs/key-schedule.md: what stands there, and the same made by other code than the guest's. */
import { readFileSync } from "node:fs";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fields } from "../../../src/session/fields.ts";
import { PURPOSES, keysOf, mark } from "../../../src/session/keys.ts";
import { seal } from "../../../src/session/seal.ts";
import { Chain, derive } from "./chain.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

/** What the vectors begin with. Every byte is told from every other. */
export const SECRET = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
export const SCOPE = {
  issuer: "https://sso.example.com/realms/prefect",
  clientId: "prefect",
  site: "https://prefect.example.com",
  audience: "",
};
export const SEALED = { purpose: "session", name: "__Host-rolegate" } as const;
export const NOW = 1_790_000_000_123_456_789n;
export const TEXT = Buffer.from("a session");
const PEER = "192.0.2.1:54321";
export const REQUEST = Buffer.from(sha256(Buffer.from("a request")));
export const TOKEN = Buffer.from("a refresh token");

/** All vectors, as they stand in the docs. */
export function vectors() {
  const place = { ...SEALED, scope: SCOPE };
  const { name, purpose } = SEALED;
  const keys = PURPOSES.map((purpose) => {
    const { encryption, nonce, generator, id } = keysOf(SECRET, purpose, SCOPE);
    const all = { encryption: hex(encryption), nonce: hex(nonce), generator: hex(generator) };
    return [purpose, { ...all, id: hex(Uint8Array.of(id)) }] as const;
  });
  const { issuer, clientId, site, audience } = SCOPE;
  const version = Uint8Array.of(1);
  const { nonce } = keysOf(SECRET, purpose, SCOPE);
  const attempt = new Chain(keysOf(SECRET, "attempt", SCOPE).generator);
  const value = () => hex(attempt.next("attempt", NOW, PEER, REQUEST));
  const values = [value(), value()];
  const seed = Buffer.from(values[0]!, "hex");
  const verifier = base64url(derive(seed, "verifier"));
  return {
    secret: hex(SECRET),
    ...SCOPE,
    info: hex(fields("rolegate session encryption", version, issuer, clientId, site, audience)),
    keys: Object.fromEntries(keys),
    seal: {
      ...SEALED,
      time: `${NOW}`,
      text: hex(TEXT),
      associatedData: hex(fields(purpose, name)),
      nonce: hex(hmac(sha256, nonce, fields(purpose, name, NOW, TEXT)).subarray(0, 24)),
      sealed: seal(SECRET, place, NOW, TEXT),
    },
    mark: {
      purpose: "lock",
      value: hex(TOKEN),
      mark: hex(mark(keysOf(SECRET, "lock", SCOPE), TOKEN)),
    },
    values: {
      purpose: "attempt",
      label: "attempt",
      time: `${NOW}`,
      peer: PEER,
      request: hex(REQUEST),
      first: values[0]!,
      second: values[1]!,
    },
    derived: {
      seed: values[0]!,
      nonce: base64url(derive(seed, "nonce")),
      verifier,
      challenge: base64url(sha256(Buffer.from(verifier))),
    },
  };
}

export type Vectors = ReturnType<typeof vectors>;

/** The one block of JSON in the page. */
export function documented(): Vectors {
  const blocks = [
    ...readFileSync("docs/key-schedule.md", "utf8").matchAll(/^```json\n(.*?)^```$/gms),
  ];
  if (blocks.length !== 1) throw new Error(`docs/key-schedule.md has ${blocks.length} blocks`);
  return JSON.parse(blocks[0]![1]!) as Vectors;
}
