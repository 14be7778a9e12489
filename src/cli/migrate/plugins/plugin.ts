/** A middleware for Traefik that is replaced: how its block is recognised and read. */
import type { Draft } from "../draft.ts";
import type { Source } from "../source.ts";

export interface OldPlugin {
  from: string;
  /** `name`: the plugin's, in the static configuration. */
  is(name: string, block: Source): boolean;
  /** Everything in the block goes into the draft. */
  read(block: Source, draft: Draft): void;
}
