/** Where the targets' guests are: on the Node host, or each with a twin on wazero, which must say the same. */
import { MADE } from "../cases/case.ts";
import { type TwinOptions, Twins } from "../hosts/twins.ts";
import { type AnyGuest, loadGate } from "../support/gate.ts";
import { GoHost } from "../support/go-host.ts";

let host: GoHost | null = null;
let alive: Twins[] = [];

/** From here on guests have twins there; null: no longer. */
export function useHost(other: GoHost | null): void {
  host = other;
}

export async function stopHost(): Promise<void> {
  await host?.stop();
  host = null;
}

/** A guest whose clock stands still, unless `more` has another: good tokens stay good, however long a run is. */
export async function load(config: unknown, more: TwinOptions = {}): Promise<AnyGuest> {
  const options = { now: () => MADE, ...more };
  if (!host) return loadGate(config, options);
  // What was tried last may have ended it.
  if (host.ended) host = await GoHost.start(host.kind);
  const twins = await Twins.load(host, config, options);
  alive.push(twins);
  return twins;
}

/** Gives back the memory of all guests: those on wazero no collector finds. */
export async function release(): Promise<void> {
  const all = alive;
  alive = [];
  if (host?.ended) return;
  for (const twins of all) await twins.close();
}
