/**
 * Prepares the question: the request on the wire, the block for the plugin, and remarks about both.
 */
import { decodeJwt, decodeProtectedHeader } from "jose";
import type { WireRequest } from "../../guest/entrypoint.ts";
import type { Context } from "../command.ts";
import { timeOf } from "../commands/option.ts";
import { CliError } from "../failure.ts";
import { type Block, withKeys } from "../middleware/block.ts";
import { withApiKey, withThrowAwayKey } from "../middleware/caller.ts";
import type { OpenOptions } from "../middleware/open.ts";
import { openFiles } from "../middleware/files.ts";
import { stepOf, type Trace } from "../middleware/trace.ts";
import { bearerOf, sessionCookies, setCredential } from "./credentials.ts";
import { readKeySet } from "../keys/fetch.ts";
import { type Asked, headerOf, wireOf } from "../request/asked.ts";
import { requestOfCurl } from "../request/curl.ts";
import { firstCommand } from "../request/shell-words.ts";
import { SourceFile } from "../source/file.ts";
import type { ExplainOptions } from "./options.ts";

export interface Prepared {
  block: Block;
  wire: WireRequest;
  open: OpenOptions;
  notesFor(trace: Trace): string[];
  remove(): void;
}

export async function prepare(
  words: string[],
  options: ExplainOptions,
  context: Context,
): Promise<Prepared> {
  const files = await openFiles(options.config, options);
  try {
    const { asked, rest } = await askedFor(words, options);
    const now = timeOf(options.at);
    const notes: string[] = [];
    const plain = await withKeySet(files.block, options, context);
    const { block, credential } = await withCaller(plain, asked, options, now, notes);
    const taken = credential === undefined ? [] : setCredential(asked, block, credential);
    const sessions = credential === undefined ? sessionCookies(asked, block) : [];
    const wire = wireOf(asked, files.host);
    const open: OpenOptions = { ...files.open, now };
    // A throw-away key replaces the issuer's, so a stand-in for its file does not matter.
    const isMade = notes.length > 0;
    const standIns = isMade
      ? files.standIns.filter((it) => !it.startsWith("a mount"))
      : files.standIns;
    const madeUp = standIns.length > 0 ? [`made up, because not here: ${standIns.join("; ")}`] : [];
    return {
      ...{ block, wire, open, remove: files.remove },
      notesFor: (trace) => [
        ...notes,
        ...(taken.length > 0 ? [`the caller takes the place of ${taken.join(", ")}`] : []),
        ...(rest === "" ? [] : [`passed over behind the curl line: ${rest}`]),
        ...madeUp,
        ...notesOf(trace, options),
        ...(sessions.length > 0 && !stepOf(trace, "token") ? [SEALED] : []),
      ],
    };
  } catch (error) {
    files.remove();
    throw error;
  }
}

/** Without the session's secret it cannot be opened. */
const SEALED =
  "the request has a session's cookie, which cannot be opened here: say with --role, --token or --api-key who it is";

interface AskedFor {
  asked: Asked;
  /** What follows the curl command. */
  rest: string;
}

async function askedFor(words: string[], options: ExplainOptions): Promise<AskedFor> {
  const { asked, rest } = await firstAsked(words, options);
  if (options.method) asked.method = options.method;
  for (const line of options.header) {
    const header = headerOf(line);
    if (!header) throw new CliError("header_invalid", `${line} is no header`, "write Name: value");
    asked.headers.push(header);
  }
  if (options.data === undefined) return { asked, rest };
  asked.body = await contentOf(options.data);
  // Rules read only a body whose type is JSON.
  if (!asked.headers.some(([name]) => name.toLowerCase() === "content-type")) {
    asked.headers.push(["Content-Type", "application/json"]);
  }
  return { asked, rest };
}

async function firstAsked(words: string[], options: ExplainOptions): Promise<AskedFor> {
  const { curl, method, data } = options;
  if (curl !== undefined) {
    const line = firstCommand((await SourceFile.read(curl)).text.trim());
    return { asked: await requestOfCurl(line.words), rest: line.rest };
  }
  if (words[0] === "curl") return { asked: await requestOfCurl(words), rest: "" };
  const hasMethod = words.length === 2 && /^[A-Za-z]+$/.test(words[0]!);
  const [url] = hasMethod ? words.slice(1) : words;
  if (url === undefined || words.length > (hasMethod ? 2 : 1)) {
    throw new CliError(
      "request_missing",
      url === undefined ? "no request given" : "more than one request given",
      "give METHOD and URL, --curl FILE, or -- and a curl line",
    );
  }
  const chosen = hasMethod ? words[0]! : (method ?? (data === undefined ? "GET" : "POST"));
  return { asked: { method: chosen, url, headers: [] }, rest: "" };
}

const contentOf = async (text: string) =>
  text.startsWith("@") ? (await SourceFile.read(text.slice(1))).text : text;

async function withKeySet(
  block: Block,
  { jwks }: ExplainOptions,
  context: Context,
): Promise<Block> {
  if (jwks === undefined) return block;
  const set = await readKeySet(jwks, context);
  return withKeys(block, { jwks: JSON.stringify(set), jwksFile: undefined });
}

/**
 * The block and credential of the caller that the options describe; without a credential the
 * request has its own, or none.
 */
async function withCaller(
  block: Block,
  asked: Asked,
  options: ExplainOptions,
  now: number | undefined,
  notes: string[],
): Promise<{ block: Block; credential?: string }> {
  const { role, claim, user, apiKey, token, trust, issuer } = options;
  const isMade = role.length > 0 || claim.length > 0 || user !== undefined;
  if ([isMade, apiKey !== undefined, token !== undefined].filter(Boolean).length > 1) {
    throw new CliError(
      "caller_twice",
      "there is more than one caller",
      "give roles, a token or an API key",
    );
  }
  if (apiKey !== undefined) {
    const changed = withApiKey(block, apiKey);
    notes.push(`a throw-away key replaces the API key ${apiKey}`);
    return { block: changed.block, credential: changed.key };
  }
  if (isMade) {
    const issued = await withThrowAwayKey(block, issuer, now);
    notes.push(`a throw-away key signed the token, and replaces the keys of ${issued.issuer}`);
    const caller = {
      roles: role,
      claims: claimsOf(claim),
      issuer,
      ...(user === undefined ? {} : { user }),
    };
    return { block: issued.block, credential: await issued.token(caller) };
  }
  const given = token === undefined ? undefined : (await contentOf(token)).trim();
  if (!trust) return given === undefined ? { block } : { block, credential: given };
  const own = given ?? bearerOf(asked, block);
  if (own === undefined)
    throw new CliError("token_missing", "there is no token to trust", "give --token");
  const issued = await withThrowAwayKey(block, issuer ?? issuerIn(own), now);
  notes.push(
    "the token's claims were signed anew with a throw-away key: its own signature was not looked at",
  );
  return { block: issued.block, credential: await signedAnew(own, issued.sign) };
}

function claimsOf(lines: string[]): Record<string, unknown> {
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf("=");
      if (equals <= 0)
        throw new CliError("claim_invalid", `${line} is no claim`, "write name=value");
      return [line.slice(0, equals), valueOf(line.slice(equals + 1))];
    }),
  );
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw new CliError("token_malformed", "the token is no JWT, so there are no claims to trust");
  }
}

function signedAnew(
  token: string,
  sign: (claims: Block, header: Block) => Promise<string>,
): Promise<string> {
  const { typ } = decodeProtectedHeader(token);
  return sign(decodeJwt(token) as Block, { typ });
}

function notesOf(trace: Trace, { role }: ExplainOptions): string[] {
  const reason = trace.decision?.reason;
  const has = stepOf(trace, "token")?.roles as string[] | undefined;
  const missing = has ? role.filter((it) => !has.includes(it)) : [];
  return [
    ...missing.map(
      (it) => `this block does not know the role ${it}: neither its rules nor its roles name it`,
    ),
    ...(reason === "keys_unavailable"
      ? ["the issuer's keys are not here: give --jwks FILE or URL, or --trust"]
      : []),
  ];
}
