/**
 * A Python with pip, which fetches pinned wheels: what is there, or Debian's packages when we are
 * root. No venv is needed.
 */
import { type Command, firstWorking } from "../machine/command.ts";
import { type Debian, installFromDebian } from "./debian.ts";

const interpreters: Command[] = ["python3", "python"].map((program) => ({
  program,
  args: ["-m", "pip"],
}));

/** Debian has pip in a package of its own, and without it `python3 -m pip` fails. */
const packages = [["python3", "python3-pip"]];

export interface PythonSearch extends Debian {
  /** What has pip already. */
  find?: () => Promise<Command | null>;
}

/**
 * `python -m pip` as a command. Throws when there is none and none can be installed; `purpose`
 * begins the message: "Prefect is installed".
 */
export async function findPip(purpose: string, search: PythonSearch = {}): Promise<Command> {
  const { find = () => firstWorking(interpreters) } = search;
  const found = await find();
  if (found) return found;
  await installFromDebian("Python's pip", packages, search);
  const installed = await find();
  if (installed) return installed;
  throw new Error(
    `${purpose} with Python's pip, and there is none (Debian: apt-get install python3-pip)`,
  );
}
