/** What is known of a set-up that runs, and what has been seen of it. */
import type { Context } from "../command.ts";
import type { Block } from "../gate/block.ts";
import type { OpenOptions } from "../gate/open.ts";
import { type Answer, ask, type Question } from "./ask.ts";
import type { Code } from "./catalogue-table.ts";

/** A finding: what was seen, in words that can be repeated. */
export interface Symptom {
  code: Code;
  evidence: string;
}

export interface Patient {
  /** As browsers have it, without a path. */
  url: string;
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
  clientEnv: string | null;
  context: Context;
  ask(question: Question, base?: string): Promise<Answer>;
}

export type Check = (patient: Patient) => Promise<Symptom[]>;

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

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

export function asker(url: string, insecure: boolean, context: Context): Patient["ask"] {
  return (question, base = url) => ask(base, question, { insecure, signal: context.signal });
}

export const seen = (question: string, { status, code }: Answer) =>
  `${question} answers ${status}${code ? ` ${code}` : ""}`;

/** Whether people are meant to sign in. */
export function signsIn({ block }: Patient): boolean {
  return block !== null && Object.keys(block).some((key) => key.toLowerCase() === "session");
}
