/**
 * Asks the plugin about callers in a log, as far as the log describes them: an API key's name, or
 * roles.
 */
import type { WireRequest } from "../../guest/entrypoint.ts";
import type { Block } from "../middleware/block.ts";
import type { OpenOptions } from "../middleware/open.ts";
import { Admission } from "../table/admit.ts";
import { issuersOf, type Person } from "../table/person.ts";
import { wireFor } from "../table/wire.ts";
import { keyName } from "./filter.ts";
import type { AuditLine } from "./line.ts";

/** A configuration to ask about. */
export interface Asked {
  block: Block;
  host: string;
  open: OpenOptions;
}

export interface Question {
  /** A throw-away key replaces the key of the caller's issuer. */
  block: Block;
  wire: WireRequest;
}

/** The request of a line, as it would be sent today; the log has no query. */
export async function questionOf(line: AuditLine, asked: Asked): Promise<Question> {
  const admission = new Admission(asked.block, asked.open.now);
  const credentials = await admission.headersOf(personOf(line, issuersOf(asked.block)));
  const url = line.path.split("/").map(encodeURIComponent).join("/");
  const { method } = line;
  return {
    block: await admission.admittingBlock(),
    wire: wireFor({ method, url, headers: [], body: null }, credentials, asked.host),
  };
}

function personOf(line: AuditLine, issuers: string[]): Person {
  const { subject, user, roles } = line;
  const key = keyName(line);
  if (subject === null) return { kind: "anonymous" };
  // Keys of apiKeysFile are not here: a key with the same name and roles replaces each.
  if (key !== null) return { kind: "apiKey", name: key, roles, place: null };
  const claims = { sub: subject };
  // A file of rules alone names no issuer, so another replaces the log's.
  const issuer = issuers.find((it) => it === line.issuer);
  return { kind: "token", roles, claims, user: user ?? undefined, issuer, place: null };
}
