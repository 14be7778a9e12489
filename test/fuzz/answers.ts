/** What any answer of the guest must be, whatever it was asked: of a known code, well-formed, and without a trap. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import type { Result } from "../../src/guest/guest.ts";
import type { LogLine } from "../../src/guest/log.ts";

const log = readFileSync(join(root, "docs/log.md"), "utf8");

/** Reason -> `400 invalid_request`, as docs/log.md has them. */
export const REASONS: ReadonlyMap<string, string> = new Map(
  [...log.matchAll(/^\| <a id="\w+"><\/a>`(\w+)` \| (\d{3}) `(\w+)` \|/gm)].map(
    ([, reason, status, code]) => [reason!, `${status} ${code}`],
  ),
);

/** Codes of findings in a configuration. */
export const FINDINGS: ReadonlySet<string> = new Set(
  [.../Codes: ([^]*?)\.\n/.exec(log)![1]!.matchAll(/`(\w+)`/g)].map(([, code]) => code!),
);

const MEMBERS = ["type", "title", "status", "detail", "code", "requestId"];
const FIELD_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
const REQUEST_ID = /^[\u0021-\u007e]{1,128}$/;

/** What is wrong with it; null: nothing. The guest must audit what it denies. */
export function faultOf(result: Result, pages: number): string | null {
  if (!result.reached) return null;
  if (result.trap) return `trap: ${result.trap.message}`;
  if (result.pages > pages) return `${result.pages} pages of memory`;
  const fault = faultOfLines(result.logs);
  if (fault) return fault;
  const bad = result.response.headers.entries().find(([, value]) => !FIELD_VALUE.test(value));
  if (bad) return `response header ${bad.join(": ")}`;
  return result.forwarded ? faultOfForwarded(result) : faultOfRefusal(result);
}

/** Each line is one JSON object of the plugin's. */
export function faultOfLines(lines: readonly LogLine[]): string | null {
  for (const { message, data } of lines) {
    if (typeof data?.rolegate !== "string" || message.includes("\n")) return `log line ${message}`;
    if (data.rolegate === "recovered") return "it recovered from a trap";
    if (data.rolegate === "config" && !FINDINGS.has(String(data.code))) return `code ${data.code}`;
  }
  return null;
}

function faultOfForwarded({ forwarded, response }: Result): string | null {
  if (response.status !== 200) return `forwarded, and answered ${response.status}`;
  const bad = forwarded!.headers.entries().find(([, value]) => !FIELD_VALUE.test(value));
  return bad ? `forwarded header ${bad.join(": ")}` : null;
}

function faultOfRefusal({ response, logs }: Result): string | null {
  const audit = logs.find(({ data }) => data?.rolegate === "audit")?.data;
  const { status } = response;
  // A configuration with a mistake is logged when the guest starts; gRPC clients get their own code for it.
  const isMistake = status === 500 || response.headers.get("Grpc-Status") === "13";
  if (!audit) return isMistake ? null : `${status} without a line in the log`;
  if (response.headers.get("Content-Type") === "application/grpc") return faultOfCall(response);
  const answer = REASONS.get(String(audit.reason));
  if (!answer) return `reason ${String(audit.reason)}`;
  if (!answer.startsWith(`${status} `)) return `${status} for ${String(audit.reason)}`;
  const type = response.headers.get("Content-Type");
  // For people: no script, and nothing of what they sent but its id.
  if (type === "text/html; charset=utf-8") return faultOfPage(response);
  if (type !== "application/problem+json") return "no problem";
  if (response.body.length === 0) return null;
  const problem = parse(response.body.toString("utf8"));
  if (!problem) return `body ${response.body.toString("utf8")}`;
  if (answer !== `${status} ${String(problem.code)}`) return `code ${String(problem.code)}`;
  const missing = MEMBERS.find((name) => problem[name] === undefined);
  if (missing) return `no ${missing} in the problem`;
  return REQUEST_ID.test(String(problem.requestId)) ? null : `request id ${problem.requestId}`;
}

function faultOfPage({ headers, body }: Result["response"]): string | null {
  const text = body.toString("utf8");
  if (!/^<!doctype html>/i.test(text) || /<script|javascript:|onerror=/i.test(text)) return "page";
  const policy = headers.get("Content-Security-Policy") ?? "";
  return policy.includes("default-src 'none'") ? null : `policy ${policy}`;
}

/** gRPC over HTTP/2, "Responses": 200 with one of its own codes, and nothing in the body. */
function faultOfCall({ status, headers, body }: Result["response"]): string | null {
  if (status !== 200 || body.length > 0) return `${status} to a gRPC call`;
  const code = headers.get("Grpc-Status") ?? "";
  return /^(?:[1-9]|1[0-6])$/.test(code) ? null : `grpc-status ${code}`;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
