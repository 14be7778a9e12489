/**
 * What is large, on wazero: every size several times in one guest, and all of them in an order that a seed picks. A
 * copy of 2,048 bytes was once enough to destroy a guest, and not at every place.
 */
import { after, before, describe, test } from "node:test";
import type { GoHost } from "../support/go-host.ts";
import { ANSWERS } from "./large-answers.ts";
import { CONFIGURATIONS } from "./large-configurations.ts";
import { KEY_SETS, REVOCATIONS } from "./large-files.ts";
import { BODIES, COOKIES, SESSIONS, TOKENS } from "./large-requests.ts";
import type { Run } from "./run.ts";

export interface Station {
  /** Throws when something is wrong. */
  attempt(size: number): Promise<void>;
  close(): Promise<void>;
}

export interface Group {
  /** `cookies of N bytes`, with N for a size. */
  name: string;
  sizes: readonly number[];
  /** Starts the guest that sees all sizes. */
  open(host: GoHost): Promise<Station>;
}

export const GROUPS: readonly Group[] = [
  ...[COOKIES, SESSIONS, TOKENS, BODIES],
  ...[REVOCATIONS, KEY_SETS, ANSWERS, CONFIGURATIONS],
];
export const ROUNDS = 3;

export function testMemory(run: Run): void {
  const stations = new Map<Group, Station>();
  const cases = GROUPS.flatMap((group) => group.sizes.map((size) => ({ group, size })));
  const all = Array.from({ length: ROUNDS }, () => cases).flat();

  describe(`large things, ${ROUNDS} times each`, () => {
    before(async () => {
      for (const group of GROUPS) stations.set(group, await group.open(run.host));
    });
    after(async () => {
      for (const station of stations.values()) await station.close();
    });
    for (const { group, size } of run.dice("memory").shuffled(all)) {
      const name = group.name.replace("N", size.toLocaleString("en"));
      test(name, () => stations.get(group)!.attempt(size));
    }
  });
}
