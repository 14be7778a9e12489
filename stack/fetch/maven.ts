/**
 * Files from a Maven repository: by Maven when it is there, else from its path in the repository.
 * Not checked here.
 */
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { firstWorking, runShown } from "../machine/command.ts";

export interface Coordinates {
  group: string;
  artifact: string;
  version: string;
  /** File type, for example `zip`. */
  type: string;
}

/** What Maven itself has as `central`. */
const central = "https://repo.maven.apache.org/maven2";

/** The repository that the user's settings put in the place of Maven's own. */
export function repository(settings = join(homedir(), ".m2", "settings.xml")): string {
  if (!existsSync(settings)) return central;
  const text = readFileSync(settings, "utf8").replace(/<!--[^]*?-->/g, "");
  for (const [, mirror = ""] of text.matchAll(/<mirror>([^]*?)<\/mirror>/g)) {
    const of = mirror.match(/<mirrorOf>\s*([^<]*?)\s*<\/mirrorOf>/)?.[1] ?? "";
    const url = mirror.match(/<url>\s*([^<]*?)\s*<\/url>/)?.[1];
    if (url && /^(\*|central|external:\*)$/.test(of)) return url.replace(/\/+$/, "");
  }
  return central;
}

/** Shows on standard error how much has come. */
function progress(total: number): Transform {
  let bytes = 0;
  let shown = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      const tenths = total ? Math.floor((bytes / total) * 10) : 0;
      if (tenths > shown) console.error(`  ${(shown = tenths) * 10} %`);
      done(null, chunk);
    },
  });
}

async function download(coordinates: Coordinates, file: string): Promise<void> {
  const { group, artifact, version } = coordinates;
  const folder = `${group.replaceAll(".", "/")}/${artifact}/${version}`;
  const response = await fetch(`${repository()}/${folder}/${fileName(coordinates)}`);
  if (!response.ok || !response.body) throw new Error(`${response.url}: ${response.status}`);
  await pipeline(
    Readable.fromWeb(response.body as ReadableStream),
    progress(Number(response.headers.get("content-length"))),
    createWriteStream(file),
  );
}

const fileName = ({ artifact, version, type }: Coordinates) => `${artifact}-${version}.${type}`;

/** Brings the file into `folder` and gives its path. */
export async function fetchFromMaven(coordinates: Coordinates, folder: string): Promise<string> {
  const { group, artifact, version, type } = coordinates;
  const file = join(folder, fileName(coordinates));
  const maven = await firstWorking([{ program: "mvn", args: [] }]);
  if (maven) {
    const copy = [
      "--batch-mode",
      "--quiet",
      "dependency:copy",
      `-Dartifact=${group}:${artifact}:${version}:${type}`,
      `-DoutputDirectory=${folder}`,
      "-Dmdep.useBaseVersion=true",
    ];
    await runShown({ program: "mvn", args: copy }).catch((error: Error) =>
      console.error(`${error.message}; trying without Maven`),
    );
  }
  if (!existsSync(file)) await download(coordinates, file);
  return file;
}
