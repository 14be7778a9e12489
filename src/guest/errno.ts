/** WASI's error numbers, and the ones that wazero 1.8 returns for the system's errors. */

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

/** The error of a call: thrown inside a WASI function and returned by it. */
export class Failure extends Error {
  constructor(readonly errno: number) {
    super(`errno ${errno}`);
  }
}

/**
 * The number for an error of node:fs. wazero knows no others, so a full disk, for example, is EIO.
 */
export function errnoOf(error: unknown): number {
  if (error instanceof Failure) return error.errno;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const name = code.slice(1).toLowerCase();
  return (ERRNO as Record<string, number>)[name] ?? ERRNO.io;
}
