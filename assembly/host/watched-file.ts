/** A file on a mount that is read again when it changes, and the log lines about it. */
import { Writer } from "../json/writer";
import { Bytes } from "../text/bytes";
import { MountedFile, stampOfLast, writtenLast } from "./file";
import { Level, line } from "./log";

@final
export class WatchedFile {
  /** Stamp of the file when it was last taken. */
  private stamp: u64 = 0;
  /** Stamp of the file when it could not be read: logged once, and tried again. */
  private unreadable: u64 = 1;
  private latest: u64 = 0;
  /** Time of the last write in seconds since 1970, as `change` saw it; -1: it saw no file. */
  written: i64 = -1;

  constructor(
    private file: MountedFile,
    readonly path: Bytes,
    /** The issuer whose file it is; empty: the whole configuration's. */
    private issuer: Bytes,
    private limit: i32,
  ) {}

  /**
   * The file's bytes if it has changed since it was last taken, or null. `kept`: earlier contents
   * stay in use.
   */
  change(kept: bool): Bytes | null {
    // A file that was not taken yet is read at once: it is then looked at when it is open.
    if (this.stamp != 0 && this.sees(this.file.look()) == this.stamp) return null;
    const document = this.file.read(this.limit);
    const stamp = this.sees(document !== null || this.file.look());
    this.latest = stamp;
    if (!document && stamp != this.unreadable) {
      this.unreadable = stamp;
      this.stamp = 0;
      if (stamp == 0) this.warn("missing", "the file is not there", kept);
      else this.warn("unreadable", `it cannot be read, or has more than ${this.limit} bytes`, kept);
    }
    return document;
  }

  /** The stamp of what was looked at; 0: that was no file. */
  private sees(isThere: bool): u64 {
    this.written = isThere ? writtenLast() : -1;
    return isThere ? stampOfLast() : 0;
  }

  /**
   * Call it when the change has been handled: a change whose handling a trap cut off is then
   * handled again.
   */
  taken(): void {
    this.stamp = this.latest;
  }

  warn(event: string, message: string, kept: bool): void {
    this.say(Level.Warn, event, message + (kept ? "; what was read before stays in use" : ""));
  }

  say(level: Level, event: string, message: string): void {
    const writer = new Writer().open().text("rolegate", "keys").text("event", event);
    if (this.issuer.length > 0) writer.bytes("issuer", this.issuer);
    line(level, writer.bytes("file", this.path).text("message", message).close().done());
  }
}
