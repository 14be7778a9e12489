/**
 * Leaves nothing behind: temporary folders and child processes are registered here and removed when
 * this process exits, also by a signal without another handler.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const pending = new Set<() => void>();
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

function runAll(): void {
  // Last registered, first run: a process is killed before the folder that it works in is removed.
  for (const action of [...pending].reverse()) action();
  pending.clear();
}

function listen(): void {
  process.on("exit", runAll);
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => {
      // A program with its own handler ends in order, and this one must not cut it short.
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}

/** Registers a synchronous action for the exit of this process; the result takes it back. */
export function onExit(action: () => void): () => void {
  if (pending.size === 0 && process.listeners("exit").indexOf(runAll) < 0) listen();
  pending.add(action);
  return () => pending.delete(action);
}

export interface TemporaryFolder {
  /** Absolute. */
  path: string;
  remove(): void;
}

/**
 * A folder of mode 0700 whose name starts with `rolegate-`, in `parent` or the system's temporary
 * folder.
 */
export function temporaryFolder(label: string, parent = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(parent, `rolegate-${label}-`));
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const forget = onExit(remove);
  return {
    path,
    remove() {
      forget();
      remove();
    },
  };
}
