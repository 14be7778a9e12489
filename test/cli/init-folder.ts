/** A folder in which `rolegate init` runs; it is emptied after each test. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { rolegate } from "./run.ts";

const ANSWERS = [
  ...["--yes", "--issuer", "https://sso.example.com/realms/main", "--client-id", "app"],
  ...["--public-url", "https://app.example.com", "--service", "http://app:4200"],
];

export function initFolder(name: string) {
  const folder = temporaryFolder(name);
  afterEach(() => {
    rmSync(folder.path, { recursive: true });
    mkdirSync(folder.path);
  });
  after(() => folder.remove());
  const init = (...args: string[]) => rolegate(["init", ...args], { cwd: folder.path });
  return {
    folder,
    path: (file: string) => join(folder.path, file),
    init,
    /** With all answers, and without asking the provider. */
    offline: (...args: string[]) => init(...ANSWERS, "--offline", ...args),
    answers: ANSWERS,
  };
}
