/** The known facts about a running set-up, and what was seen of it. */
import type { Context } from "../command.ts";
import { DEFAULTS } from "../defaults.ts";
import { type Block, mapOf, textOf } from "../middleware/block.ts";
import type { OpenOptions } from "../middleware/open.ts";
import { type Answer, ask, type Question } from "./ask.ts";
import type { Code } from "./catalogue-table.ts";

/** A finding: what was seen, in repeatable words. Never a credential. */
export interface Finding {
  code: Code;
  evidence: string;
}

/** Results of one check that others use; null until then, or when they cannot be seen. */
export interface Learned {
  /** The sign-in address for programs: the refusal's `login_url`. */
  loginUrl: string | null;
  /** The provider's key set. */
  jwks: string | null;
  /** The token's roles, as the block maps them. */
  roles: string[] | null;
}

export interface Target {
  /** The origin that browsers use, without a path. */
  url: string;
  /** The address's path, without a final slash: where the application's pages begin. */
  base: string;
  /** A path that is not public. */
  path: string;
  /** The middleware's block, when its files were given. */
  block: Block | null;
  open: OpenOptions | null;
  issuer: string | null;
  token: string | null;
  /** True if it is a program's: it was given, or comes from another client than that of sign-in. */
  isForProgram: boolean;
  webSocket: string | null;
  /** The application's address past Traefik. */
  upstream: string | null;
  /** Address of Traefik's API. */
  api: string | null;
  jwksFile: string | null;
  preset: string | null;
  /** Path of Prefect's API. */
  apiBase: string;
  clientEnv: string | null;
  context: Context;
  learned: Learned;
  ask(question: Question, base?: string): Promise<Answer>;
}

export type Check = (target: Target) => Promise<Finding[]>;

/** Headers of a script on a page. */
export const AS_SCRIPT = {
  Accept: "application/json",
  "Sec-Fetch-Mode": "cors",
  "Sec-Fetch-Dest": "empty",
  "Sec-Fetch-Site": "same-origin",
};

/** Headers of the address bar. */
export const AS_PERSON = {
  Accept: "text/html,application/xhtml+xml",
  "Sec-Fetch-Mode": "navigate",
  "Sec-Fetch-Dest": "document",
  "Sec-Fetch-Site": "none",
};

/** The token in the header that the block reads. */
export const bearer = (target: Target, token: string) => ({
  [tokenHeader(target)]: `Bearer ${token}`,
});

export function tokenHeader({ block }: Target): string {
  return (block && textOf(mapOf(block, "token"), "header")) ?? DEFAULTS["token.header"];
}

export function asker(url: string, insecure: boolean, context: Context): Target["ask"] {
  return (question, base = url) => ask(base, question, { insecure, signal: context.signal });
}

export const seen = (question: string, { status, code }: Answer) =>
  `${question} answers ${status}${code ? ` ${code}` : ""}`;

/** Traefik's own text when no router takes a request. */
export const hasNoRouter = ({ status, code, body }: Answer) =>
  status === 404 && code === null && body === "404 page not found\n";

/**
 * True for an application's own answer, 404 included; false for a refusal by Rolegate or Traefik.
 */
export const getsThrough = (answer: Answer) =>
  answer.code === null &&
  (answer.status < 300 || (answer.status >= 404 && answer.status < 500)) &&
  !hasNoRouter(answer);

/** True if Traefik answers for the application: its server is missing, or late. */
export const isGatewayError = ({ status, code }: Answer) =>
  code === null && status >= 502 && status <= 504;

export const isPage = ({ headers }: Answer) =>
  String(headers["content-type"]).startsWith("text/html");

/** True if users are meant to sign in. */
export function signsIn({ block }: Target): boolean {
  return block !== null && Object.keys(block).some((key) => key.toLowerCase() === "session");
}
