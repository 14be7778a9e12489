/** A state directory for guests of one test, and the files in it as the host sees them. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { STATE } from "./configuration.ts";

export class StateFolder {
  #folder = temporaryFolder("login");
  readonly mounts = [`${this.#folder.path}:${STATE}`];

  path(name: string): string {
    return join(this.#folder.path, name);
  }

  /** Names of what is in a directory, sorted; none when it is not there. */
  list(directory = ""): string[] {
    const path = this.path(directory);
    return existsSync(path) ? readdirSync(path).sort() : [];
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  write(name: string, content: string | Buffer): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  /** Makes a file that old: seconds since 1970. */
  touch(name: string, seconds: number): void {
    utimesSync(this.path(name), seconds, seconds);
  }

  /** All of it, for the next test. */
  clear(): void {
    for (const name of this.list()) rmSync(this.path(name), { recursive: true });
  }

  remove(): void {
    this.#folder.remove();
  }
}
