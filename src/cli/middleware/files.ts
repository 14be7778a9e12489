/** The one middleware that some files define, ready to be opened. */
import { CliError } from "../failure.ts";
import { pluginWasm } from "../plugin.ts";
import type { Setup } from "../source/model.ts";
import { gateNamed, readSetup } from "../source/setup.ts";
import { type Block, blockOf, textsOf, valueOf, withKeys } from "./block.ts";
import type { OpenOptions } from "./open.ts";
import { type AroundOptions, surroundingsOf } from "./surroundings.ts";

export interface FilesOptions {
  middleware?: string;
  pluginName?: string;
  mount: string[];
}

export interface OpenFiles {
  block: Block;
  open: OpenOptions;
  /** The name of the file with the block. */
  file: string;
  /** Host of the public address, if the block has one. */
  host: string;
  standIns: string[];
  remove(): void;
}

export async function openFiles(files: string[], options: FilesOptions): Promise<OpenFiles> {
  return openSetup(await readSetup(files, options), options);
}

export function openSetup(setup: Setup, options: FilesOptions): OpenFiles {
  const gate = gateNamed(setup, options.middleware);
  const around = surroundingsOf(gate, setup, { mounts: options.mount } satisfies AroundOptions);
  if (gate.unread) {
    around.remove();
    throw new CliError(
      "config_file_unread",
      gate.unread,
      "give the static configuration with its mounts as well, or --mount HOST:GUEST",
    );
  }
  const given = gate.content
    ? withKeys(blockOf(gate.content), { mode: gate.mode })
    : blockOf(around.config);
  const isPart =
    gate.provider === "block" && !valueOf(given, "issuer") && !valueOf(given, "issuers");
  const block = isPart ? withKeys(given, PARTY) : given;
  const standIns = isPart ? [...around.standIns, "issuer and audience"] : around.standIns;
  return {
    ...{ block, standIns, host: hostOf(block), remove: around.remove },
    file: gate.place.file.name,
    open: { wasm: pluginWasm(), around },
  };
}

/** A file of rules and roles alone, made to be pasted into a block, needs an issuer of tokens. */
const PARTY = { issuer: "https://issuer.example", audience: "application" };

function hostOf(block: Block): string {
  const [origin] = textsOf(block, "publicUrl");
  try {
    return new URL(origin ?? "").host;
  } catch {
    return "localhost";
  }
}
