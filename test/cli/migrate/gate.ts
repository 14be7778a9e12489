/** What `migrate` makes of a file, and the plugin with it: placeholders are filled in with their own text. */
import { readFileSync } from "node:fs";
import { blockOf, textsOf } from "../../../src/cli/middleware/block.ts";
import { withThrowAwayKey } from "../../../src/cli/middleware/caller.ts";
import { openGate } from "../../../src/cli/middleware/open.ts";
import { surroundingsOf } from "../../../src/cli/middleware/surroundings.ts";
import { besideOf } from "../../../src/cli/migrate/beside.ts";
import type { Draft } from "../../../src/cli/migrate/draft.ts";
import { migrate } from "../../../src/cli/migrate/read.ts";
import { yamlOf } from "../../../src/cli/migrate/write.ts";
import { SourceFile } from "../../../src/cli/source/file.ts";
import { setupOf } from "../../../src/cli/source/setup.ts";
import { pluginWasm } from "../../support/gate.ts";

export const filledIn = (text: string) => text.replaceAll(/<([^<>\n]+)>/g, "$1");

export interface Migrated {
  drafts: Draft[];
  text: string;
}

export function migrated(path: string, name: string): Migrated {
  const drafts = migrate(new SourceFile(name, readFileSync(path, "utf8")), besideOf(path));
  return { drafts, text: yamlOf(drafts, name) };
}

export interface Asked {
  host?: string;
  claims: Record<string, unknown> | null;
}

/** The middleware's gate, or the first. */
export async function gateOf(text: string, middleware?: string) {
  const setup = setupOf([new SourceFile("new.yml", filledIn(text))]);
  const named = setup.gates.find(
    (it) => it.mode === "protect" && (middleware === undefined || it.name === middleware),
  );
  const around = surroundingsOf(named!, setup);
  const issued = await withThrowAwayKey(blockOf(around.config));
  const guest = await openGate(issued.block, { wasm: pluginWasm, around });
  const own = new URL(textsOf(issued.block, "publicUrl")[0] ?? "https://app.example.com").host;
  return {
    remove: around.remove,
    /** The answer's status; 200: it went on. */
    async ask(request: string, { host, claims }: Asked): Promise<number> {
      const [method = "", target = ""] = request.split(" ");
      const headers: [string, string][] = [["Host", host ?? own]];
      if (claims !== null) {
        headers.push(["Authorization", `Bearer ${await issued.token({ roles: [], claims })}`]);
      }
      const { forwarded, response } = await guest.handle({ method, target, headers });
      return forwarded ? 200 : response.status;
    },
  };
}
