/**
 * Traefik's log as data: JSON lines, and in their messages the JSON lines that the plugin wrote.
 */

export interface LogLine {
  /** The whole line. */
  text: string;
  /** `debug`, `info`, `warn`, `error`, …; empty when the line is no JSON (a Go panic). */
  level: string;
  message: string;
  /** Every field that Traefik wrote. */
  fields: Record<string, unknown>;
  /** The message as an object, when it is one: a line of the plugin's own. */
  guest: Record<string, unknown> | null;
}

function object(text: string): Record<string, unknown> | null {
  if (!text.startsWith("{")) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

export function parseLine(text: string): LogLine {
  const fields = object(text) ?? {};
  const message = typeof fields.message === "string" ? fields.message : "";
  return {
    text,
    level: typeof fields.level === "string" ? fields.level : "",
    message,
    fields,
    guest: object(message),
  };
}

/** Traefik's warnings are about its own defaults; they would bury the reason. */
const quiet = new Set(["debug", "info", "warn"]);

/** Lines that are kept. */
const most = 20_000;

type Guest = Record<string, unknown>;

/**
 * Grows while Traefik runs. A mark (`length`) taken before a request finds the lines that came
 * after.
 */
export class TraefikLog {
  #lines: LogLine[] = [];
  #forgotten = 0;
  #waiting = new Set<() => void>();
  /** How often a guest said that the request before had ended in a trap. */
  traps = 0;
  /** All lines so far. */
  bytes = 0;
  /** Called for each of the plugin's own lines as it comes. */
  onGuestLine: (line: Guest) => void = () => {};

  add(text: string): void {
    const line = parseLine(text);
    this.#lines.push(line);
    this.bytes += Buffer.byteLength(text) + 1;
    // `npm start` may run for days. Half at once, so that a line costs the same whatever came
    // before.
    if (this.#lines.length > most) this.#forgotten += this.#lines.splice(0, most / 2).length;
    if (line.guest?.rolegate === "recovered") this.traps++;
    if (line.guest) this.onGuestLine(line.guest);
    for (const check of this.#waiting) check();
  }

  get length(): number {
    return this.#forgotten + this.#lines.length;
  }

  lines(from = 0): LogLine[] {
    return this.#lines.slice(Math.max(0, from - this.#forgotten));
  }

  guestLines(from = 0): Guest[] {
    return this.lines(from).flatMap(({ guest }) => (guest ? [guest] : []));
  }

  /**
   * The first line at or after `from` that `test` accepts. Rejects with the last lines after
   * `timeout` ms. Needed because the log comes through a pipe: it can be later than the answer to
   * the request.
   */
  waitFor(test: (line: LogLine) => boolean, from = 0, timeout = 30_000): Promise<LogLine> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = this.lines(from).find(test);
        if (found) end(() => resolve(found));
      };
      const end = (settle: () => void) => {
        this.#waiting.delete(check);
        clearTimeout(timer);
        settle();
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`no such line in Traefik's log:\n${this.tail(from)}`))),
        timeout,
      );
      this.#waiting.add(check);
      check();
    });
  }

  waitForGuest(test: (line: Guest) => boolean, from = 0, timeout = 30_000): Promise<Guest> {
    return this.waitFor(({ guest }) => guest !== null && test(guest), from, timeout).then(
      ({ guest }) => guest!,
    );
  }

  /**
   * What went wrong, for a message to people: the last errors and lines that are no JSON, or else
   * the last lines.
   */
  tail(from = 0, count = 10): string {
    const all = this.lines(from);
    const telling = all.filter(({ level }) => !quiet.has(level));
    return (telling.length > 0 ? telling : all)
      .slice(-count)
      .map(({ level, message, fields, text }) => {
        const said = [message, fields.error].filter(Boolean).join(": ");
        return `  ${level && said ? `${level}: ${said}` : text}`;
      })
      .join("\n");
  }
}
