/** `store`: the engine by which Traefiks on several machines share revoked sessions. */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Mode, StoreKind, StoreOptions } from "./options";
import { readSecret, SecretSources } from "./secret";
import { Section } from "./section";
import { Settings } from "./settings";
import { StoreSettings } from "./store-settings";

/** Call it when sessions and stateDir are known. */
export function readStore(top: Section, settings: Settings, sources: SecretSources): void {
  if (!top.has("store")) {
    if (settings.mode == Mode.Store) {
      top.error("store", "missing", "mode store needs one");
    }
    return;
  }
  const section = top.section("store");
  const kind = StoreOptions.kind(section, <StoreKind>-1);
  if (kind < 0 && !section.has("kind")) {
    section.error("kind", "missing", "expected etcd or consul");
  }
  const username = StoreOptions.username(section);
  const secret = kind == StoreKind.Consul ? "token" : "password";
  const other = kind == StoreKind.Consul ? "password" : "token";
  if (section.has(other)) section.error(other, "wrong_value", `this kind takes a ${secret}`);
  const password = StoreOptions.resolvesPassword(settings.mode)
    ? readSecret(section, secret, sources)
    : section.text(secret);
  if (kind == StoreKind.Consul && password && !password.isVisible) {
    section.error(secret, "bad_secret", "has characters that a header cannot hold");
  }
  if (section.has("username") != section.has("password")) {
    section.error("username", "missing", "give both or none");
  }
  if (!settings.stateDir && !top.report.hasErrorAt("stateDir")) {
    top.error("stateDir", "missing", "store needs one; a tmpfs will do");
  }
  if (!settings.session) {
    top.error("session", "missing", "store needs session.secrets");
  }
  settings.store = new StoreSettings(kind, readPrefix(section), username, password);
  section.refuseOthers(StoreOptions.KEYS);
}

function readPrefix(section: Section): Bytes {
  const prefix = StoreOptions.prefix(section);
  const most = StoreOptions.PREFIX_BYTES;
  if (prefix.length > most) section.error("prefix", "wrong_value", `more than ${most} bytes`);
  return prefix.at(prefix.length - 1) == Char.Slash ? prefix : prefix.concat(Bytes.of("/"));
}
