/**
 * Reads a set-up of Traefik's file provider: the application that is protected already, and what
 * stands around it.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CliError } from "../../failure.ts";
import { type Gate, qualified, type Setup } from "../../source/model.ts";
import { readSetup } from "../../source/setup.ts";
import { textAt } from "../../source/tree.ts";
import type { Tree } from "../../providers/row.ts";

export interface Existing {
  setup: Setup;
  /** The file with the middlewares. */
  file: string;
  text: string;
  /** Its part below `http`. */
  http: { routers: Record<string, Tree>; services: Tree; middlewares: Record<string, Tree> };
  /** Names of the middlewares of mode protect and login; null: it has no sign-in. */
  protect: string;
  login: string | null;
  /** The plugin's name in the static configuration. */
  plugin: string;
  block: Tree;
  /** Where Traefik reads a folder of files: that folder; null: it reads the one file. */
  directory: string | null;
}

const YAML = /^(?!rolegate\.test\.)(?!.*secret).+\.ya?ml$/;

export async function existingIn(folder: string): Promise<Existing> {
  const names = readdirSync(folder).filter((name) => YAML.test(name));
  const setup = await readSetup(names.map((name) => join(folder, name)));
  const directory = directoryOf(setup);
  const inside = directory === null ? [] : readdirSync(join(folder, directory));
  const more = inside
    .filter((name) => YAML.test(name))
    .map((name) => join(folder, directory!, name));
  const whole =
    more.length > 0 ? await readSetup([...names.map((it) => join(folder, it)), ...more]) : setup;
  const of = (mode: string) => whole.gates.find((gate) => gate.mode === mode && isFile(gate));
  const protect = of("protect");
  if (!protect) {
    throw new CliError(
      "nothing_to_add_to",
      `${folder} has no application of Traefik's file provider that Rolegate protects`,
      "without --add, init writes the first; labels and resources are added by hand: rolegate init --dry-run shows them",
    );
  }
  const { file } = protect.place;
  const { http } = parse(file.text, { merge: true }) as Existing;
  const block = http.middlewares[protect.name]!.plugin as Record<string, Tree>;
  return {
    ...{ setup: whole, file: file.name, text: file.text, http, directory },
    ...{ protect: protect.name, login: of("login")?.name ?? null },
    plugin: protect.plugin!,
    block: block[protect.plugin!]!,
  };
}

const isFile = (gate: Gate) => gate.provider === "file" && qualified(gate).endsWith("@file");

function directoryOf({ statics }: Setup): string | null {
  return (
    statics.map(({ tree }) => textAt(tree, "providers", "file", "directory")).find(Boolean) ?? null
  );
}
