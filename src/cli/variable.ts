/** Secrets out of the environment: never from the command line, which everybody on the machine can read. */
import { CliError } from "./failure.ts";

export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new CliError("secret_missing", `the environment has no ${name}`);
  return value;
}
