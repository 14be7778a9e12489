/** Prefect from its pinned packages. It is run as `python -m prefect`. */
import { join } from "node:path";
import { installPackages, type PythonPackages } from "../fetch/python-packages.ts";
import { root } from "../../tools/root.ts";

export const prefectVersion = "3.8.8";
export const requirementsFile = join(root, "stack", "prefect", "requirements.txt");

export type PrefectPackage = PythonPackages;

/** Throws when there is no Python with pip, or one that Prefect does not run on. */
export const installPrefect = (): Promise<PrefectPackage> =>
  installPackages({
    name: `prefect-${prefectVersion}`,
    title: `Prefect ${prefectVersion}`,
    requirements: requirementsFile,
  });
