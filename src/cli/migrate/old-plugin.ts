/** A middleware for Traefik that is to be replaced: how its block is recognised and read. */
import type { Draft, Source } from "./draft.ts";

export interface OldPlugin {
  from: string;
  is(name: string, block: Source): boolean;
  read(block: Source): Draft;
}
