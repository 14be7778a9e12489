/** Targets whose input is a file on a mount: key sets and API keys, rewritten under a guest that is at work. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { MADE } from "../cases/case.ts";
import { GOOD } from "../cases/configurations.ts";
import { apiKey, digestOf } from "../support/api-keys.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { mutate } from "../support/mutate.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";
import { faultOf } from "./answers.ts";
import { load } from "./host.ts";
import { json } from "./garbage.ts";
import type { Target } from "./target.ts";

/** Of 64 KiB. */
const PAGES = 4;

/** A file on a mount that changes under a guest, which looks at it each second. */
function mount(name: string) {
  const folder = temporaryFolder("fuzz-mount");
  const file = join(folder.path, name);
  let now = MADE;
  const write = (text: string): void => {
    writeFileSync(`${file}.new`, Buffer.from(text, "latin1"));
    renameSync(`${file}.new`, file);
    now += 1_000;
  };
  const options = { mounts: [`${folder.path}:/state`], now: () => now };
  return { write, options, remove: () => folder.remove() };
}

const KEYS = JSON.stringify(keySet(rsa, ec));
const KEY_WORDS = [
  "keys",
  "kty",
  "RSA",
  "EC",
  "OKP",
  "n",
  "e",
  "x",
  "y",
  "crv",
  "P-256",
  "kid",
  "alg",
];
const good = [await token(), await token({}, ec)];

/** It goes on with the keys that it had, or with the new ones. */
export const KEY_FILES: Target = {
  name: "key-files",
  share: 30,
  batch: 300,
  async open() {
    const { write, options, remove } = mount("jwks.json");
    write(KEYS);
    const config = { issuer: ISSUER, clientId: CLIENT, jwksFile: "/state/jwks.json", audit: "all" };
    const guest = await load(config, options);
    return {
      make: (dice) => (dice.chance(3) ? json(dice, KEY_WORDS) : mutate(dice, KEYS)),
      async attempt(input) {
        write(input as string);
        const bearer = good[input.length % 2]!;
        const headers = { Authorization: `Bearer ${bearer}` };
        const result = await guest.handle({ target: "/me", headers });
        const fault = faultOf(result, PAGES);
        if (fault) return fault;
        const { status } = result.response;
        return [200, 401, 503].includes(status) ? null : `${status} for a good token`;
      },
      close: remove,
    };
  },
};

const apiKeyOne = apiKey(Buffer.alloc(32, 1));
const API_KEYS = JSON.stringify([
  { name: "ci", sha256: digestOf(apiKeyOne), roles: ["runner"], expires: "2199-01-01T00:00:00Z" },
  { name: "cd", sha256: digestOf(apiKey(Buffer.alloc(32, 2))), roles: "viewer" },
]);
const API_KEY_WORDS = ["name", "sha256", "roles", "expires", "ci", "2027-01-01", "0".repeat(64)];

/** The file of API keys, and a key that is sent with it. */
export const API_KEY_FILES: Target = {
  name: "api-keys",
  share: 40,
  batch: 500,
  async open() {
    const { write, options, remove } = mount("api-keys.json");
    write(API_KEYS);
    const config = { ...GOOD, apiKeysFile: "/state/api-keys.json", audit: "all" };
    const guest = await load(config, options);
    const basic = Buffer.from(`ci:${apiKeyOne}`).toString("base64");
    return {
      make(dice) {
        const file = dice.chance(3) ? json(dice, API_KEY_WORDS) : mutate(dice, API_KEYS);
        const credential = dice.pick([`Bearer ${apiKeyOne}`, `Basic ${basic}`]);
        return [dice.chance(4) ? file : "", dice.chance(2) ? mutate(dice, credential) : credential];
      },
      async attempt(input) {
        const [file, authorization] = input as string[];
        if (file) write(file);
        const headers = { Authorization: String(authorization ?? "") };
        return faultOf(await guest.handle({ target: "/me", headers }), PAGES);
      },
      close: remove,
    };
  },
};
