/** Asks the plugin about callers whom a log tells of, as far as it does: an API key's name, or roles. */
import type { WireRequest } from "../../guest/entrypoint.ts";
import type { Block } from "../middleware/block.ts";
import type { OpenOptions } from "../middleware/open.ts";
import { Admission } from "../table/admit.ts";
import { issuersOf, type Person } from "../table/person.ts";
import { wireFor } from "../table/wire.ts";
import { keyName } from "./filter.ts";
import type { AuditLine } from "./line.ts";

/** A configuration that questions are put to. */
export interface Asked {
  block: Block;
  host: string;
  open: OpenOptions;
}

export interface Question {
  /** With a throw-away key in the place of the caller's issuer's. */
  block: Block;
  wire: WireRequest;
}

/** The request of a line, as it would be asked today; the query is not in the log. */
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
  // Keys of apiKeysFile are not here: one with the same name and roles stands for each.
  if (key !== null) return { kind: "apiKey", name: key, roles, place: null };
  const claims = { sub: subject };
  // A file of rules alone names no issuer: somebody else stands for the log's.
  const issuer = issuers.find((it) => it === line.issuer);
  return { kind: "token", roles, claims, user: user ?? undefined, issuer, place: null };
}
