/** Placeholders without a value: blocks with templates, and variables that nothing replaces. */
import type { SourceFile } from "../source/file.ts";
import { isLabels, qualified, type Setup } from "../source/model.ts";
import { scalars } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";

export function blocksLeftOut(file: SourceFile): Finding[] {
  return file.unknowns
    .filter(({ isLeftOut }) => isLeftOut)
    .map(({ start, end, expression }) =>
      finding("block_left_out", `${expression} is not known here`, { file, start, end }),
    );
}

/**
 * Compose replaces variables in labels; Traefik's own files and Kubernetes manifests reach the
 * plugin unchanged.
 */
export function checkUnfilled({ gates }: Setup): Finding[] {
  return gates
    .filter(({ provider }) => !isLabels(provider))
    .flatMap((gate) =>
      [...scalars(gate.body)].flatMap(({ path, scalar }) => {
        const [name] = /\$\{[A-Za-z_]\w*\}/.exec(scalar.text) ?? [];
        if (name === undefined) return [];
        const about = { middleware: qualified(gate), path };
        const message = `${path}: ${name} is part of the value, for Traefik fills in no variables`;
        return [finding("variable_unfilled", message, scalar.place, about)];
      }),
    );
}
