/** `stateDir`, and what is kept there: the keys that mode keys fetches. */
import { digest, Hash } from "../crypto/hash";
import { encodeHex } from "../text/hex";
import { Bytes } from "../text/bytes";
import { FETCHED_KEYS } from "./keywords";
import { Section } from "./section";
import { Settings } from "./settings";
import { Mode } from "./sign-in";

const YEAR = 365 * 86400;
const ONLY = "jwks.json";

export function readState(top: Section, settings: Settings): void {
  const value = top.value("stateDir");
  if (value && value.text.length > 0) settings.stateDir = directory(top, top.text("stateDir"));
  const keys = top.section("keys");
  settings.keysRefresh = keys.seconds("refresh", <i32>settings.keysRefresh, 86400);
  settings.keysMaxStale = keys.seconds("maxStale", <i32>settings.keysMaxStale, YEAR);
  if (settings.keysRefresh < 10) keys.error("refresh", "wrong_value", "expected at least 10 s");
  keys.refuseOthers(FETCHED_KEYS);
  if (settings.mode == Mode.Keys && !settings.stateDir && !top.has("stateDir")) {
    top.error(
      "stateDir",
      "missing",
      "mode keys writes what it fetches there; give a writable mount",
    );
  }
}

function directory(top: Section, path: Bytes | null): Bytes | null {
  if (!path) return null;
  let length = path.length;
  while (length > 0 && path.at(length - 1) == 0x2f) length--;
  if (length > 0 && path.at(0) == 0x2f) return path.slice(0, length);
  top.error("stateDir", "wrong_value", "expected an absolute path on a mount, as in /state");
  return null;
}

/** Where fetched keys are, once all issuers are known. */
export function placeFetchedKeys(settings: Settings): void {
  for (let i = 0; i < settings.issuers.length; i++) {
    const issuer = settings.issuers[i];
    if (!issuer.keysAreFetched) continue;
    issuer.jwksFile = Bytes.of(`${settings.stateDir!.toString()}/${keysFile(settings, i)}`);
    issuer.jwksFileKey = "stateDir";
  }
}

/** Name of the file below stateDir. Several issuers have one each, whatever their order. */
export function keysFile(settings: Settings, issuer: i32): string {
  if (settings.issuers.length == 1) return ONLY;
  const name = digest(Hash.Sha256, settings.issuers[issuer].name).slice(0, 8);
  return `jwks-${encodeHex(name).toString()}.json`;
}
