/** The plugin's judgement of a key set: it reads the set from a file, as it would in Traefik. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadGuest } from "../../guest/load.ts";
import { pluginWasm } from "../plugin.ts";

export interface Judgement {
  /** Number of keys that it would use; 0: it refuses the set. */
  usable: number;
  /** Its messages about skipped entries and a refused set. */
  words: string[];
}

export async function judgeKeySet(text: string): Promise<Judgement> {
  const folder = mkdtempSync(join(tmpdir(), "rolegate-"));
  try {
    writeFileSync(join(folder, "jwks.json"), text);
    const guest = await loadGuest({
      wasm: pluginWasm(),
      config: {
        issuer: "https://issuer.example",
        audience: "application",
        jwksFile: "/keys/jwks.json",
      },
      mounts: [`${folder}:/keys:ro`],
    });
    const lines = guest.startLogs.flatMap(({ data }) => (data?.rolegate === "keys" ? [data] : []));
    const read = lines.find(({ event }) => event === "read");
    return {
      usable: Number.parseInt(String(read?.message ?? "0"), 10),
      words: lines.filter(({ event }) => event !== "read").map(({ message }) => String(message)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
