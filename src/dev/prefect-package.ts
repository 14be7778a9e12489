/** Prefect from its pinned packages. It is run as `python -m prefect`. */
import { join } from "node:path";
import { installPackages, type PythonPackages } from "./python-packages.ts";
import { root } from "./root.ts";

export const prefectVersion = "3.8.8";
export const requirementsFile = join(root, "src", "dev", "prefect-requirements.txt");

export type PrefectPackage = PythonPackages;

/** Throws when there is no Python with pip, or one that Prefect does not run on. */
export const installPrefect = (): Promise<PrefectPackage> =>
  installPackages({
    name: `prefect-${prefectVersion}`,
    title: `Prefect ${prefectVersion}`,
    requirements: requirementsFile,
  });
