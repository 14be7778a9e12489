/** The provider's metadata in stateDir: a sign-in keeps it, and so does mode keys; each reads what the other has kept. */
import { Issuer, Settings } from "../config/settings";
import { fileOf } from "../config/state";
import { PROVIDER_ANSWER_BYTES } from "../limits";
import { areFresh } from "../state/stale-keys";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Metadata, readMetadata } from "./metadata";

function discoveryFile(issuer: Issuer): Bytes {
  return Bytes.of(fileOf("discovery", issuer.name));
}

/** `tag`: of the request, for a name of its own while it is written. False: stateDir cannot be written. */
export function keepMetadata(state: State, issuer: Issuer, text: Bytes, tag: Bytes): bool {
  return state.write(discoveryFile(issuer), text, tag);
}

/** What is kept, when it is without a problem and as fresh as keys have to be; `now` in seconds. */
export function keptMetadata(state: State | null, settings: Settings, now: i64): Metadata | null {
  if (!state) return null;
  const issuer = settings.issuers[settings.login.issuer];
  const file = discoveryFile(issuer);
  if (!areFresh(state, file, now, settings.keysRefresh)) return null;
  const text = state.read(file, PROVIDER_ANSWER_BYTES);
  if (!text) return null;
  const metadata = readMetadata(text, settings.login, settings.mode, issuer);
  return metadata.problem.length == 0 ? metadata : null;
}
