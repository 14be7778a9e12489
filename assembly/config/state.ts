/** `stateDir`, and its files of keys that mode keys fetches. */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { KeysOptions, Mode, TopOptions } from "./options";
import { Section } from "./section";
import { Settings } from "./settings";
import { fileOf } from "./state-names";

export function readState(top: Section, settings: Settings): void {
  const path = TopOptions.stateDir(top);
  settings.stateDir = directory(top, path);
  const keys = top.section("keys");
  settings.keysRefresh = KeysOptions.refresh(keys);
  settings.keysMaxStale = KeysOptions.maxStale(keys);
  if (settings.keysMaxStale < settings.keysRefresh) {
    keys.error(
      "maxStale",
      "wrong_value",
      "is shorter than keys.refresh: keys would end before new ones are fetched",
    );
  }
  keys.refuseOthers(KeysOptions.KEYS);
  if (settings.mode == Mode.Keys && !path && !top.report.hasErrorAt("stateDir")) {
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
  while (length > 0 && path.at(length - 1) == Char.Slash) length--;
  if (length > 0 && path.at(0) == Char.Slash) return path.slice(0, length);
  top.error("stateDir", "wrong_value", "expected an absolute path on a mount, as in /state");
  return null;
}

/** Sets the paths of fetched keys, when all issuers are known. */
export function placeFetchedKeys(settings: Settings): void {
  for (let i = 0; i < settings.issuers.length; i++) {
    const issuer = settings.issuers[i];
    if (!issuer.keysAreFetched) continue;
    issuer.jwksFile = Bytes.of(`${settings.stateDir!.toString()}/${keysFile(settings, i)}`);
    issuer.jwksFileKey = "stateDir";
  }
}

/** Name of the file below stateDir. */
export function keysFile(settings: Settings, issuer: i32): string {
  return fileOf("jwks", settings.issuers[issuer].name);
}
