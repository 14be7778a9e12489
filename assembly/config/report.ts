/** Findings about a configuration: every error and warning, with the path of its option. */
import { Writer } from "../json/writer";
import { FINDINGS } from "../limits";
import { Bytes } from "../text/bytes";

@final
export class Finding {
  constructor(
    readonly isError: bool,
    /** As in `rules[3].match`; empty for the configuration as a whole. */
    readonly path: string,
    /** A stable name for the kind of mistake. */
    readonly code: string,
    /** Names what was expected, and what to do. */
    readonly message: string,
    /** In an expression: the column of the mistake, from 1. Elsewhere 0. */
    readonly column: i32,
  ) {}

  get line(): Bytes {
    const writer = new Writer().open().text("rolegate", "config");
    writer.text("severity", this.isError ? "error" : "warning");
    writer.text("path", this.path).text("code", this.code);
    if (this.column > 0) writer.integer("column", this.column);
    return writer.text("message", this.message).close().done();
  }
}

@final
export class Report {
  readonly findings: Array<Finding> = [];
  errors: i32 = 0;
  /**
   * With log level debug one line for each expression: its parts, as parsed. Only `check` collects
   * them.
   */
  readonly expressions: Array<Bytes> = [];

  constructor(
    /** False: warnings are not read, so what leads to one need not be looked for. */
    readonly warns: bool = true,
  ) {}

  /** Keeps the first findings of very many, which are enough to start with. */
  error(path: string, code: string, message: string, column: i32 = 0): void {
    if (this.findings.length >= FINDINGS) {
      this.errors++;
      return;
    }
    // An option that several readers ask for is reported once.
    for (let i = 0; i < this.findings.length; i++) {
      const it = this.findings[i];
      if (it.path == path && it.code == code && it.message == message) return;
    }
    this.errors++;
    this.findings.push(new Finding(true, path, code, message, column));
  }

  hasErrorAt(path: string): bool {
    for (let i = 0; i < this.findings.length; i++) {
      const it = this.findings[i];
      if (it.isError && it.path == path) return true;
    }
    return false;
  }

  /** Ask `warns` before: the texts of a warning are unpacked when they are named. */
  warning(path: string, code: string, message: string): void {
    if (this.findings.length >= FINDINGS) return;
    this.findings.push(new Finding(false, path, code, message, 0));
  }
}
