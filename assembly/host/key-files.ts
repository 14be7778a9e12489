/**
 * Key sets in files on a mount, read again when they change. A file that is missing, half-written or wrong never
 * replaces good keys. Each file has two regions: one in use, one to build the next set in.
 */
import { Report } from "../config/report";
import { Issuer, Settings } from "../config/settings";
import { readKeySet } from "../jose/jwks";
import { Writer } from "../json/writer";
import { parse } from "../json/parse";
import { KEY_FILE_BYTES, KEY_FILE_INTERVAL } from "../limits";
import { Region } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { MountedFile } from "./file";
import { Level, line } from "./log";

@final
class KeyFile {
  /** Of the file as it was when it was last read. */
  private stamp: u64 = 0;
  /** Of the file as it was when it could not be read: said once, and tried again. */
  private unreadable: u64 = 1;
  private inUse: Region = new Region();
  private spare: Region = new Region();

  constructor(
    private issuer: Issuer,
    private file: MountedFile,
  ) {}

  /** Whether other keys are in use now. */
  refresh(): bool {
    const stamp = this.file.stamp();
    if (stamp != 0 && stamp == this.stamp) return false;
    const document = this.file.read(KEY_FILE_BYTES);
    if (!document) {
      if (stamp != this.unreadable) this.complain(stamp);
      return false;
    }
    const json = parse(document);
    this.spare.clear();
    const active = this.spare.enter();
    const set = readKeySet(json);
    active.enter();
    // Last: what a trap has cut off is done again.
    this.stamp = stamp;
    if (set.refusal.length > 0) {
      this.say(Level.Warn, "refused", set.refusal);
      return false;
    }
    const retired = this.inUse;
    this.inUse = this.spare;
    this.spare = retired;
    this.issuer.fileKeys = set.keys;
    for (let i = 0; i < set.skipped.length; i++) this.say(Level.Info, "skipped", set.skipped[i]);
    this.say(Level.Info, "read", `${set.keys.length} usable`);
    return true;
  }

  private complain(stamp: u64): void {
    this.unreadable = stamp;
    this.stamp = 0;
    if (stamp == 0) this.say(Level.Warn, "missing", "the file is not there");
    else
      this.say(
        Level.Warn,
        "unreadable",
        `it cannot be read, or has more than ${KEY_FILE_BYTES} bytes`,
      );
  }

  private say(level: Level, event: string, message: string): void {
    const writer = new Writer().open().text("rolegate", "keys").text("event", event);
    writer.bytes("issuer", this.issuer.name).bytes("file", this.issuer.jwksFile!);
    const kept = this.issuer.fileKeys !== null && level == Level.Warn;
    writer.text("message", message + (kept ? "; the keys that were read before stay in use" : ""));
    line(level, writer.close().done());
  }
}

@final
export class KeyFiles {
  private files: Array<KeyFile> = [];
  /** When they were last looked at, in seconds; 0: never. */
  private looked: i64 = 0;

  /** Finds the files' mounts; an issuer whose file is on none is reported. */
  constructor(settings: Settings, report: Report) {
    for (let i = 0; i < settings.issuers.length; i++) {
      const issuer = settings.issuers[i];
      const path = issuer.jwksFile;
      if (!path) continue;
      const file = MountedFile.at(path);
      if (file) this.files.push(new KeyFile(issuer, file));
      else {
        report.error(
          issuer.jwksFileKey,
          "mount_missing",
          `no mount holds ${path.toString()}; give the plugin one in the static configuration's settings.mounts`,
        );
      }
    }
  }

  /** Looks at the files, at most once an interval. `now` in seconds. Whether any issuer's keys have changed. */
  refresh(now: i64): bool {
    // A clock that was set back must not stop this.
    if (now >= this.looked && now - this.looked < KEY_FILE_INTERVAL) return false;
    this.looked = now;
    let changed = false;
    for (let i = 0; i < this.files.length; i++) if (this.files[i].refresh()) changed = true;
    return changed;
  }
}
