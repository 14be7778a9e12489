/**
 * A Traefik that copies memory as on Intel CPUs with ERMS and FSRM, whatever the CPU: there Go's memmove takes
 * `REP MOVSQ` for copies of 2,048 bytes and more to an aligned place, and destroys DX, which wazero 1.8.0 believes to be
 * free (see "No bulk memory" in docs/rationale.md). In the copied program the jump that asks for the CPU becomes one that does not.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** memmove_amd64.s: `CMPQ BX, $2048; JL …; TESTQ $15, DI; JNZ …; TESTB $repmovsPreferred, AX; JNZ fwdBy8`. */
const BEFORE = /\x48\x81\xfb\x00\x08\x00\x00\x7c.\x48\xf7\xc7\x0f\x00\x00\x00\x75.\xa8.(\x75)/gs;
const JMP = 0xeb;

/** The path of the changed copy. */
export function copyLikeIntel(traefik: string, folder: string): string {
  const bytes = readFileSync(traefik);
  const places = [...bytes.toString("latin1").matchAll(BEFORE)];
  if (places.length !== 1) throw new Error(`${places.length} places look like Go's memmove`);
  const [place] = places;
  const at = place!.index + place![0].length - 1;
  bytes[at] = JMP;
  const changed = join(folder, "traefik-intel");
  writeFileSync(changed, bytes);
  chmodSync(changed, 0o755);
  return changed;
}
