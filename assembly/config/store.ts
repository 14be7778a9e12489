/** `store`: the engine by which Traefiks on several machines share revoked sessions. */
import { isUnreserved } from "../text/ascii";
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
      top.error("store", "missing", "mode store visits an engine; say which in store.kind");
    }
    return;
  }
  const section = top.section("store");
  const kind = StoreOptions.kind(section, <StoreKind>-1);
  if (kind < 0 && !section.has("kind")) {
    section.error("kind", "missing", "say which engine it is, as in etcd");
  }
  const username = StoreOptions.username(section);
  const password = StoreOptions.resolvesPassword(settings.mode)
    ? readSecret(section, "password", sources)
    : section.text("password");
  if (section.has("username") != section.has("password")) {
    section.error("username", "missing", "a user has a name and a password; give both or none");
  }
  if (!settings.stateDir && !top.report.hasErrorAt("stateDir")) {
    top.error("stateDir", "missing", "what is read from the store is kept there; a tmpfs will do");
  }
  if (!settings.session) {
    top.error("session", "missing", "what the store holds is sealed; give session.secrets");
  }
  settings.store = new StoreSettings(kind, readPrefix(section), username, password);
  section.refuseOthers(StoreOptions.KEYS);
}

function readPrefix(section: Section): Bytes {
  const prefix = StoreOptions.prefix(section);
  let isPlain = prefix.length <= StoreOptions.PREFIX_BYTES;
  for (let i = 0; i < prefix.length && isPlain; i++) {
    const c = <u32>prefix.at(i);
    isPlain = c == Char.Slash ? i > 0 : isUnreserved(c);
  }
  if (!isPlain) {
    const most = StoreOptions.PREFIX_BYTES;
    section.error(
      "prefix",
      "wrong_value",
      `expected at most ${most} letters, digits, -, _, ., ~ and /, as in rolegate/`,
    );
  }
  return prefix.at(prefix.length - 1) == Char.Slash ? prefix : prefix.concat(Bytes.of("/"));
}
