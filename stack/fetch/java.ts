/** A Java that Keycloak runs on: what is there, or Debian's package when we are root. */
import { join } from "node:path";
import { outputOf } from "../machine/command.ts";
import { installFromDebian } from "./debian.ts";

const oldest = 17;

async function major(java: string): Promise<number> {
  const text = await outputOf({ program: java, args: ["--version"] });
  return Number(text?.match(/^\w+ (\d+)/)?.[1] ?? 0);
}

async function installed(): Promise<string | null> {
  const { JAVA_HOME } = process.env;
  for (const java of [...(JAVA_HOME ? [join(JAVA_HOME, "bin", "java")] : []), "java"]) {
    if ((await major(java)) >= oldest) return java;
  }
  return null;
}

/** The releases of Debian that have a Java 17, and those after them. */
const packages = [["openjdk-17-jre-headless"], ["openjdk-21-jre-headless"]];

/** The program to run. Throws when there is none and none can be installed. */
export async function findJava(isRoot = process.getuid?.() === 0): Promise<string> {
  const found = await installed();
  if (found) return found;
  await installFromDebian("Java", packages, { isRoot });
  const java = await installed();
  if (java) return java;
  throw new Error(
    `Keycloak needs Java ${oldest} or newer, on PATH or in JAVA_HOME ` +
      `(Debian: apt-get install openjdk-17-jre-headless)`,
  );
}
