/** A middleware for Traefik that is to be replaced: how its block is recognised and read. */
import type { Draft } from "../draft.ts";
import type { Source } from "../source.ts";

export interface OldPlugin {
  from: string;
  /** `name`: of the plugin in the static configuration. */
  is(name: string, block: Source): boolean;
  /** Everything that the block has goes into the draft. */
  read(block: Source, draft: Draft): void;
}
