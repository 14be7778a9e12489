/** Errors that people can do something about: a stable code, what happened, and what to do. */

/** The process's exit codes, listed in docs/cli.md. */
export const EXIT = {
  /** Everything is in order. */
  ok: 0,
  /**
   * The command ran, and the answer is no: an error was found, a request is denied, two things
   * differ.
   */
  found: 1,
  /** The command was called in a wrong way, or a file is missing or unreadable. */
  usage: 2,
  /** Something outside failed: the network, a provider, a file system. */
  outside: 3,
  /** `doctor` found only warnings; its exit code is that of the worst finding. */
  warned: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export class CliError extends Error {
  constructor(
    /** Snake case, stable. */
    readonly code: string,
    message: string,
    readonly hint = "",
    readonly exit: ExitCode = EXIT.usage,
  ) {
    super(message);
    this.name = "CliError";
  }
}

/** Common errors of the system, in plain words. */
const SYSTEM: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  EEXIST: "it is there already",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name cannot be looked up now",
  ECONNRESET: "the connection was cut",
  ETIMEDOUT: "no answer in time",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate's issuer is not trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate's issuer is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate's issuer is not trusted here",
};

/** The reason of an error in a few words, without a stack. */
export function reasonOf(error: unknown): string {
  for (let it: unknown = error; it instanceof Error; it = it.cause) {
    const { code } = it as NodeJS.ErrnoException;
    if (code !== undefined && SYSTEM[code]) return SYSTEM[code];
    if (it.name === "TimeoutError") return SYSTEM.ETIMEDOUT!;
  }
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}
