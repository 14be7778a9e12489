/**
 * Secrets from the environment, never from the command line, which every user of the machine can
 * read.
 */
import { CliError } from "./failure.ts";

export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new CliError("secret_missing", `the environment has no ${name}`);
  return value;
}
