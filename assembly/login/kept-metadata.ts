/** The provider's metadata in stateDir, written and read by sign-in and by mode keys. */
import { Mode } from "../config/options";
import { Issuer, Settings } from "../config/settings";
import { fileOf } from "../config/state-names";
import { PROVIDER_ANSWER_BYTES } from "../limits";
import { areFresh } from "../state/stale-keys";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Metadata, readMetadata } from "./metadata";

function discoveryFile(issuer: Issuer): Bytes {
  return Bytes.of(fileOf("discovery", issuer.name));
}

/**
 * `tag` is unique to the request, for the temporary file's name. False: stateDir cannot be written.
 */
export function keepMetadata(state: State, issuer: Issuer, text: Bytes, tag: Bytes): bool {
  return state.write(discoveryFile(issuer), text, tag);
}

/**
 * The kept metadata, if it is valid and as fresh as keys must be; otherwise null. `mode`: whose
 * endpoints count. `now` in seconds.
 */
export function keptMetadata(
  state: State | null,
  settings: Settings,
  mode: Mode,
  now: i64,
): Metadata | null {
  if (!state) return null;
  const issuer = settings.issuers[settings.login.issuer];
  const file = discoveryFile(issuer);
  if (!areFresh(state, file, now, settings.keysRefresh)) return null;
  const text = state.read(file, PROVIDER_ANSWER_BYTES);
  if (!text) return null;
  const metadata = readMetadata(text, settings.login, mode, issuer);
  return metadata.problem.length == 0 ? metadata : null;
}
