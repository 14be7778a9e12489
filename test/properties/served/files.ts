/** The files of both guests, and what happens to them between two requests: keys are rotated, sessions revoked. */
import { appendFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, type TemporaryFolder } from "../../../stack/machine/cleanup.ts";
import { KEYS, PERIOD, STATE } from "../../cases/gates.ts";
import { writeFiles } from "../../cases/files.ts";
import { ALICE } from "../../cases/session-cookies.ts";
import { digestOf } from "../../support/api-keys.ts";
import type { Dice } from "../../support/dice.ts";
import { ec, keySet, rsa, strangerRsa } from "../../support/keys.ts";
import { revocation } from "../../support/revocations.ts";
import { ISSUER } from "../../support/tokens.ts";

/** Seconds after which every guest has looked at its files again. */
const LOOKS = 6;

const KEY_SETS = [keySet(rsa, ec), keySet(rsa), keySet(ec), keySet(strangerRsa), keySet(rsa, ec)];
const API_KEYS = [
  [{ name: "nightly", sha256: digestOf(KEYS.file), roles: ["viewer"] }],
  [{ name: "nightly", sha256: digestOf(KEYS.file), roles: ["runner"] }],
  [{ name: "another", sha256: digestOf(KEYS.file) }],
  [{ name: "nightly", sha256: digestOf(KEYS.odd), roles: ["viewer"] }],
];

export class Files {
  private readonly folder: TemporaryFolder = temporaryFolder("served");

  constructor(private readonly moment: { now: number }) {
    writeFiles(this.folder.path);
  }

  get mounts(): string[] {
    return [`${this.folder.path}:${STATE}`];
  }

  /** One of them is another one, which was written a while ago or just now; and time passes. */
  change(dice: Dice): string {
    this.moment.now += LOOKS * 1000;
    const seconds = Math.floor(this.moment.now / 1000);
    const name = dice.pick(["keys.json", "api-keys.json", "revoked"]);
    const path = join(this.folder.path, name === "revoked" ? `sessions/revoked-${PERIOD}` : name);
    if (name === "keys.json") writeFileSync(path, JSON.stringify(dice.pick(KEY_SETS)));
    else if (name === "api-keys.json") writeFileSync(path, JSON.stringify(dice.pick(API_KEYS)));
    else appendFileSync(path, revocation("subject", ISSUER, subjectOf(dice), seconds - 20));
    const written = (this.moment.now - dice.pick([0, 4500])) / 1000;
    utimesSync(path, written, written);
    return `another ${name}`;
  }

  remove(): void {
    this.folder.remove();
  }
}

const subjectOf = (dice: Dice) =>
  dice.pick([ALICE.subject, "8d6f3a6e-0002", "8d6f3a6e-0007", "nobody"]);
