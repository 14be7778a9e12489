/** Reads the files of Wycheproof in data/wycheproof (see SOURCES.md there). */
import { readFileSync } from "node:fs";

export interface Case {
  tcId: number;
  comment: string;
  flags: string[];
  result: "valid" | "invalid" | "acceptable";
  msg: string;
  sig: string;
}

export interface Group<C = Case> {
  publicKeyPem: string;
  publicKeyJwk?: object;
  tests: C[];
}

/** The groups of a file, whose count of cases is checked against what the file states. */
export function read<G extends { tests: unknown[] } = Group>(name: string): G[] {
  const path = `test/vectors/data/wycheproof/${name}_test.json`;
  const file = JSON.parse(readFileSync(path, "utf8")) as {
    numberOfTests: number;
    testGroups: G[];
  };
  const count = file.testGroups.reduce((sum, group) => sum + group.tests.length, 0);
  if (count !== file.numberOfTests) throw new Error(`${path}: ${count} cases`);
  return file.testGroups;
}
