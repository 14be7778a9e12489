/** WASI's error numbers, and which of them wazero 1.8 makes of the system's. */

export const ERRNO = {
  success: 0,
  acces: 2,
  again: 6,
  badf: 8,
  exist: 20,
  intr: 27,
  inval: 28,
  io: 29,
  isdir: 31,
  loop: 32,
  nametoolong: 37,
  noent: 44,
  nosys: 52,
  notdir: 54,
  notempty: 55,
  notsup: 58,
  perm: 63,
  rofs: 69,
} as const;

/** What a call came to: it is thrown inside a WASI function and returned by it. */
export class Failure extends Error {
  constructor(readonly errno: number) {
    super(`errno ${errno}`);
  }
}

/** The number for what node:fs has thrown. wazero knows no others, a full disk among them: they are EIO. */
export function errnoOf(error: unknown): number {
  if (error instanceof Failure) return error.errno;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const name = code.slice(1).toLowerCase();
  return (ERRNO as Record<string, number>)[name] ?? ERRNO.io;
}
