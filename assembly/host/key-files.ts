/**
 * Key sets and API keys in files on a mount, read again when they change. A missing, incomplete or
 * invalid file never replaces good keys. Each file has two regions: one in use, one to build the
 * next set in.
 */
import { ApiKeys } from "../claims/api-key";
import { numberRoles, readApiKeys } from "../config/api-keys";
import { Report } from "../config/report";
import { Section } from "../config/section";
import { Issuer, Settings } from "../config/settings";
import { readKeySet } from "../jose/jwks";
import { parse } from "../json/parse";
import { Json, Kind } from "../json/value";
import { API_KEYS_FILE_BYTES, KEY_FILE_BYTES, KEY_FILE_INTERVAL } from "../limits";
import { Pair } from "../runtime/pair";
import { Bytes } from "../text/bytes";
import { MountedFile } from "./file";
import { Level } from "./log";
import { WatchedFile } from "./watched-file";

@final
class KeySetFile {
  private regions: Pair = new Pair();

  constructor(
    private issuer: Issuer,
    private file: WatchedFile,
  ) {}

  /**
   * Reads the file again if it has changed. True if other keys are in use now. `maxStale` is how
   * many seconds fetched keys may be used without a new fetch.
   */
  refresh(now: i64, maxStale: i64): bool {
    const changed = this.readAgain();
    const issuer = this.issuer;
    if (!issuer.keysAreFetched || !issuer.fileKeys) return changed;
    const written = this.file.written;
    const stale = written >= 0 && now - written > maxStale;
    if (stale == issuer.fileKeysAreStale) return changed;
    issuer.fileKeysAreStale = stale;
    if (stale)
      this.file.warn("stale", "the keys were not fetched for longer than keys.maxStale", false);
    return true;
  }

  private readAgain(): bool {
    const file = this.file;
    const kept = this.issuer.fileKeys !== null;
    const document = file.change(kept);
    if (!document) return false;
    const json = parse(document);
    const active = this.regions.enter();
    const set = readKeySet(json);
    active.enter();
    if (set.refusal.length > 0) file.warn("refused", set.refusal, kept);
    else {
      this.regions.swap();
      this.issuer.fileKeys = set.keys;
      for (let i = 0; i < set.skipped.length; i++) file.say(Level.Info, "skipped", set.skipped[i]);
      file.say(Level.Info, "read", `${set.usable} usable`);
    }
    file.taken();
    return set.refusal.length == 0;
  }
}

@final
class ApiKeysFile {
  private regions: Pair = new Pair();

  constructor(
    private settings: Settings,
    private file: WatchedFile,
  ) {}

  /** Reads the file again if it has changed. True if other keys are in use now. */
  refresh(): bool {
    const file = this.file;
    const settings = this.settings;
    const kept = settings.fileApiKeys !== null;
    const document = file.change(kept);
    if (!document) return false;
    const list = parse(document);
    const report = new Report();
    const active = this.regions.enter();
    const keys = new ApiKeys();
    if (list && list.isArray) readApiKeys(sectionOf(list, report), "apiKeys", keys);
    else report.error("", "wrong_type", "expected a JSON list of keys");
    numberRoles(keys, settings.vocabulary.roles);
    active.enter();
    file.taken();
    if (report.errors > 0) {
      const finding = report.findings[0];
      file.warn("refused", `${finding.path}: ${finding.message}`, kept);
      return false;
    }
    this.regions.swap();
    settings.fileApiKeys = keys;
    file.say(Level.Info, "read", `${keys.list.length} usable`);
    return true;
  }
}

/** The list as a configuration would hold it. */
function sectionOf(list: Json, report: Report): Section {
  const object = new Json(Kind.Object, Bytes.empty());
  list.name = Bytes.of("apiKeys");
  object.first = list;
  return new Section(object, "", report);
}

/** Time of the last look, in seconds; 0: never. Not a field, because each request reads it. */
let looked: i64 = 0;

@final
export class KeyFiles {
  private keySets: Array<KeySetFile> = [];
  private apiKeys: ApiKeysFile | null = null;
  private maxStale: i64 = 0;

  /** Finds the files' mounts; reports a file that no mount covers. */
  constructor(settings: Settings, report: Report) {
    this.maxStale = settings.keysMaxStale;
    for (let i = 0; i < settings.issuers.length; i++) {
      const issuer = settings.issuers[i];
      const path = issuer.jwksFile;
      if (!path) continue;
      const file = watch(path, issuer.name, KEY_FILE_BYTES, issuer.jwksFileKey, report);
      if (file) this.keySets.push(new KeySetFile(issuer, file));
    }
    const path = settings.apiKeysFile;
    if (path) {
      const file = watch(path, Bytes.empty(), API_KEYS_FILE_BYTES, "apiKeysFile", report);
      if (file) this.apiKeys = new ApiKeysFile(settings, file);
    }
  }

  /** The next request looks, whatever the interval. */
  lookAgain(): void {
    looked = 0;
  }

  /** True if the interval is over, or the clock was set back: that must not stop the looking. */
  @inline isDue(now: i64): bool {
    return <u64>(now - looked) >= <u64>KEY_FILE_INTERVAL;
  }

  /** Looks at the files. `now` in seconds. True if any keys have changed. */
  refresh(now: i64): bool {
    looked = now;
    let changed = false;
    for (let i = 0; i < this.keySets.length; i++)
      if (this.keySets[i].refresh(now, this.maxStale)) changed = true;
    const apiKeys = this.apiKeys;
    return (apiKeys !== null && apiKeys.refresh()) || changed;
  }
}

function watch(
  path: Bytes,
  issuer: Bytes,
  limit: i32,
  key: string,
  report: Report,
): WatchedFile | null {
  const file = MountedFile.at(path);
  if (file) return new WatchedFile(file, path, issuer, limit);
  // The state directory, which holds more than keys, is looked up separately.
  if (key == "stateDir") return null;
  const where = path.toString();
  report.error(
    key,
    "mount_missing",
    `no mount holds ${where}; give the plugin one in the static configuration's settings.mounts`,
  );
  return null;
}
