/**
 * A Traefik that copies memory as on Intel CPUs with ERMS and FSRM, whatever the CPU: there Go's memmove takes
 * `REP MOVSQ` for copies of 2,048 bytes and more to an aligned place, and destroys DX, which wazero 1.8.0 believes to be
 * free (see docs/rationale.md). In a copy of the program the two jumps that ask for the CPU are made as they fall there.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * memmove_amd64.s, in latin1: `CMPB AX, $avxSupported; JEQ avxUnaligned; CMPQ SI, DI; JLS back; CMPQ BX, $2048; JL …;
 * TESTQ $15, DI; JNZ …; TESTB $repmovsPreferred, AX; JNZ fwdBy8`.
 */
const MEMMOVE =
  /\x3c\x01(\x0f\x84.{4})\x48\x39\xfe\x76.\x48\x81\xfb\x00\x08\x00\x00\x7c.\x48\xf7\xc7\x0f\x00\x00\x00\x75.\xa8.(\x75)/gs;
const NOP = 0x90;
const JMP = 0xeb;

/** The path of the changed copy. */
export function copyLikeIntel(traefik: string, folder: string): string {
  const bytes = readFileSync(traefik);
  const places = [...bytes.toString("latin1").matchAll(MEMMOVE)];
  if (places.length !== 1) throw new Error(`${places.length} places look like Go's memmove`);
  const [{ index, 0: code, 1: never }] = places as [RegExpExecArray];
  const jump = index + code.indexOf(never!);
  bytes.fill(NOP, jump, jump + never!.length);
  bytes[index + code.length - 1] = JMP;
  const changed = join(folder, "traefik-intel");
  writeFileSync(changed, bytes);
  chmodSync(changed, 0o755);
  return changed;
}
