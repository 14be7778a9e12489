/** What is known of a set-up that runs, and what has been seen of it. */
import type { Context } from "../command.ts";
import { DEFAULTS } from "../defaults.ts";
import { type Block, mapOf, textOf } from "../middleware/block.ts";
import type { OpenOptions } from "../middleware/open.ts";
import { type Answer, ask, type Question } from "./ask.ts";
import type { Code } from "./catalogue-table.ts";

/** A finding: what was seen, in words that can be repeated. Never a credential. */
export interface Finding {
  code: Code;
  evidence: string;
}

/** What one check has seen and others use; null until then, or when it cannot be seen. */
export interface Learned {
  /** Where programs are told to sign in: the refusal's `login_url`. */
  loginUrl: string | null;
  /** The provider's key set. */
  jwks: string | null;
  /** Of the token, as the block maps them. */
  roles: string[] | null;
}

export interface Target {
  /** As browsers have it, without a path. */
  url: string;
  /** The address's path, without a slash at its end: where the application's pages begin. */
  base: string;
  /** One that is not public. */
  path: string;
  /** Of the middleware, when its files were given. */
  block: Block | null;
  open: OpenOptions | null;
  issuer: string | null;
  token: string | null;
  webSocket: string | null;
  /** The application past Traefik. */
  upstream: string | null;
  /** Traefik's API. */
  api: string | null;
  jwksFile: string | null;
  preset: string | null;
  /** Where Prefect's API is. */
  apiBase: string;
  clientEnv: string | null;
  context: Context;
  learned: Learned;
  ask(question: Question, base?: string): Promise<Answer>;
}

export type Check = (target: Target) => Promise<Finding[]>;

/** As a script on a page asks. */
export const AS_SCRIPT = {
  Accept: "application/json",
  "Sec-Fetch-Mode": "cors",
  "Sec-Fetch-Dest": "empty",
  "Sec-Fetch-Site": "same-origin",
};

/** As the address bar asks. */
export const AS_PERSON = {
  Accept: "text/html,application/xhtml+xml",
  "Sec-Fetch-Mode": "navigate",
  "Sec-Fetch-Dest": "document",
  "Sec-Fetch-Site": "none",
};

/** In the header from which the block takes it. */
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

/** Traefik's own words where no router takes a request. */
export const hasNoRouter = ({ status, code, body }: Answer) =>
  status === 404 && code === null && body === "404 page not found\n";

/** Whether a request was let through to the application: its answer, also that there is nothing, and nobody's refusal. */
export const getsThrough = (answer: Answer) =>
  answer.code === null &&
  (answer.status < 300 || (answer.status >= 404 && answer.status < 500)) &&
  !hasNoRouter(answer);

/** Whether Traefik says so in the application's place: its server is not there, or late. */
export const isGatewayError = ({ status, code }: Answer) =>
  code === null && status >= 502 && status <= 504;

export const isPage = ({ headers }: Answer) =>
  String(headers["content-type"]).startsWith("text/html");

/** Whether people are meant to sign in. */
export function signsIn({ block }: Target): boolean {
  return block !== null && Object.keys(block).some((key) => key.toLowerCase() === "session");
}
