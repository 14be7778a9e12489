/** What is known of a provider, as test/providers/<name>.json has it, and the block that its page shows. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Answers } from "../../src/cli/init/answers.ts";
import { answersOf } from "../../src/cli/init/ask.ts";
import { type ProviderName, rowOf } from "../../src/cli/providers/table.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { root } from "../../tools/root.ts";
import { blocks } from "../docs/blocks.ts";
import type { Claims } from "../support/tokens.ts";

/** A JWT by its header and claims, or text that is none. Times, nonce and `at_hash` are the player's. */
export type Token =
  | string
  | {
      header?: Claims;
      claims: Claims;
      /** By which of `keys`; `unpublished`: a key of the name that the set has, and another one. */
      key?: number | "unpublished";
      nonce?: boolean;
      hash?: boolean;
    };

export interface Call {
  name: string;
  token: "access" | "id" | Token;
  target?: string;
  status: number;
  /** Of the decision, in the trace. */
  reason: string;
  /** What stands in the way is ours, and this is what an issue would be about. */
  gap?: string;
}

export interface Variant {
  name: string;
  idToken?: Claims;
  accessToken?: Token;
  userinfo?: Claims;
  answer?: Claims;
  events: string[];
  roles: string[];
  gap?: string;
}

export interface Profile {
  name: string;
  /** What each statement below rests on: a public text that was read, or why none was found. */
  facts: { says: string; source?: string; unverified?: string }[];
  metadata: Claims;
  /** Of the key set's answer. */
  keysType?: string;
  /** Where the key set is as well as at the metadata's `jwks_uri`. */
  keysAt?: string;
  keys: { algorithm: "RS256" | "ES256"; kid: string; members?: Claims; without?: string[] }[];
  /** Other entries of the key set: encryption keys. */
  otherKeys?: Claims[];
  /** The service that a middleware of that mode leads to, where the block does not say it. */
  service?: { keys?: string };
  /** Absent: nobody signs in, tokens are only shown. */
  signIn?: {
    /** Parameters of the authorization request that matter here. */
    asks: Record<string, string>;
    idToken: Exclude<Token, string>;
    accessToken: Token;
    answer: Claims;
    userinfo?: Claims;
    /** Parameters of the callback beside `code` and `state`. */
    callback?: Record<string, string>;
    refresh: { rotates: boolean; idToken: boolean };
    /** The end-session endpoint; null: signing out ends here. */
    logout: string | null;
    expects: {
      user: string;
      roles: string[];
      events: string[];
      /** In the log beside the event. */
      reason?: string;
      /** Of the application's request. */
      headers: Record<string, string>;
    };
    /** The member of the tokens and of userinfo that carries roles. */
    roleClaim: string;
    variants?: Variant[];
  };
  calls: Call[];
}

const folder = join(root, "test/providers");

export const names = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -5))
  .sort();

export function profileOf(name: string): Profile {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Profile;
}

export const pageOf = (name: string) => join("docs/providers", `${name}.md`);

export type Block = Record<string, unknown> & { issuer: string; clientId?: string };

/** The one block of the provider's page. */
export function blockOf(name: string): Block {
  const own = blocks.filter(({ place }) => place.startsWith(`${pageOf(name)}:`));
  if (own.length !== 1) throw new Error(`${pageOf(name)} has ${own.length} blocks, not one`);
  return parse(own[0]!.text) as Block;
}

const silent = { isInteractive: false } as Terminal;

/** What the page's reader would answer. */
export async function answersFor(name: string): Promise<Answers> {
  const provider = name as ProviderName;
  const { issuer, clientId, exampleAudience } = rowOf(provider);
  return answersOf(
    {
      ...{ provider, issuer, keysPort: "8088" },
      ...{ publicUrl: "https://app.example.com", service: "http://127.0.0.1:4200" },
      ...(clientId === null ? {} : { clientId }),
      ...(exampleAudience === undefined ? {} : { audience: exampleAudience }),
    },
    silent,
  );
}
