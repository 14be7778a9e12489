/** One row of the table of cases: a request to a gate, and all that must come of it, on the Node host and in Traefik. */
import assert from "node:assert/strict";
import type { EntryPoint, WireRequest } from "../../src/guest/entrypoint.ts";
import { Headers, type HeadersInit, pairs } from "../../src/guest/header.ts";
import { type GateName, GATES } from "./gates.ts";

/** When the cases were made, in milliseconds: a host's clock that can be set stands there. Tokens are good for minutes. */
export const MADE = Date.now();

export interface Expected {
  /** Of the answer. Below 400: the request was forwarded, and the upstream answered. */
  status: number;
  /** The decision's internal reason, in the trace. */
  reason: string;
  /** The problem's `code`. */
  code?: string;
  /** WWW-Authenticate; null: none. */
  challenge?: string | null;
  /** The name of the rule that decided. */
  rule?: string;
  /** The reason in the trace's step `token`, where that is not the decision's. */
  token?: string;
  /** Headers of the answer; null: absent. */
  answer?: Record<string, string | null>;
  /** The answer is gRPC's, with that status. */
  grpc?: number;
  /** The answer sends the browser there. */
  location?: string;
  /** The answer is a page for people, in that language, that has these texts. */
  page?: { language: string; has?: string[] };
  /** Further members of the problem document. */
  urls?: Record<string, string>;
  upstream?: { target?: string; headers?: Record<string, string>; absent?: string[] };
  /** Traefik itself refuses: the guest never sees the request. */
  beforeGuest?: true;
}

export interface Case {
  name: string;
  gate: GateName;
  method?: string;
  target?: string;
  headers?: HeadersInit;
  body?: string | Buffer;
  /** Sent as `Authorization: Bearer …`. */
  token?: string;
  /** Comes through the entry point RAW. */
  raw?: true;
  expect: Expected;
}

/** An entry point whose owner has turned off what Traefik does for the plugin by default. */
export const RAW: EntryPoint = { sanitizePath: false, connection: ["X-Forwarded-User"] };

/** What came of a case, on either host. */
export interface Outcome {
  status: number;
  headers: Headers;
  body: string;
  /** Null: nothing was forwarded. */
  upstream: { target: string; headers: Headers } | null;
  /** The guest's lines about this request. */
  lines: Record<string, unknown>[];
}

/** The request on the wire. `id` is its X-Request-Id. */
export function wireOf(it: Case, id: string): WireRequest {
  const headers = pairs(it.headers ?? []);
  if (it.token !== undefined) headers.push(["Authorization", `Bearer ${it.token}`]);
  return {
    method: it.method ?? "GET",
    target: it.target ?? "/me",
    headers: [...headers, ["X-Request-Id", id]],
    ...(it.body === undefined ? {} : { body: it.body }),
    ...(it.raw ? { entryPoint: RAW } : {}),
  };
}

export function verify(it: Case, id: string, seen: Outcome): void {
  const { expect } = it;
  if (expect.beforeGuest) {
    assert.deepEqual(seen.lines, [], "the guest was asked");
    assert.equal(seen.upstream, null, "forwarded");
    return assert.equal(seen.status, expect.status, seen.body);
  }
  const decision = seen.lines.find(({ step }) => step === "decision");
  const said = JSON.stringify(seen.lines, null, 1);
  const reason = expect.reason === "config_error" ? expect.reason : decision?.reason;
  assert.equal(reason, expect.reason, said);
  assert.equal(seen.status, expect.status, seen.body);
  if (expect.rule !== undefined) assert.equal(decision?.rule, expect.rule);
  if (expect.token !== undefined) {
    assert.equal(seen.lines.find(({ step }) => step === "token")?.reason, expect.token, said);
  }
  for (const [name, value] of Object.entries(expect.answer ?? {})) {
    assert.equal(seen.headers.get(name) ?? null, value, name);
  }
  if (expect.grpc !== undefined) verifyCall(expect.grpc, seen);
  else if (expect.location !== undefined) verifySent(expect.location, seen);
  else if (expect.page) verifyPage(expect, id, seen);
  else if (expect.status < 400) verifyForwarded(it, seen);
  else verifyRefused(it, id, seen);
}

function verifyForwarded({ gate, expect }: Case, { upstream }: Outcome): void {
  assert.ok(upstream, "nothing was forwarded");
  const { target, headers = {}, absent = [] } = expect.upstream ?? {};
  if (target !== undefined) assert.equal(upstream.target, target);
  for (const [name, value] of Object.entries(headers)) {
    assert.equal(upstream.headers.get(name), value, name);
  }
  for (const name of absent) assert.equal(upstream.headers.get(name), undefined, name);
  const isExpected = ["forwarding", "header", "upstream", "session-forwarding"].includes(gate);
  if (!isExpected && !gate.endsWith("no-header") && headers.Authorization === undefined) {
    assert.equal(upstream.headers.get("Authorization"), undefined, "the token was passed on");
  }
}

/** A gRPC client reads its status, and nothing else. */
function verifyCall(status: number, seen: Outcome): void {
  assert.equal(seen.upstream, null, "forwarded");
  assert.equal(seen.headers.get("Content-Type"), "application/grpc");
  assert.equal(seen.headers.get("Grpc-Status"), String(status));
  assert.equal(seen.body, "");
}

/** Sent elsewhere: not stored, no address told on, nothing forwarded. */
function verifySent(location: string, seen: Outcome): void {
  assert.equal(seen.upstream, null, "forwarded");
  assert.equal(seen.headers.get("Location"), location);
  assert.equal(seen.headers.get("Cache-Control"), "no-store");
  assert.equal(seen.headers.get("Referrer-Policy"), "no-referrer");
  assert.equal(seen.body, "");
}

/** A page: in its language, with the request's id, without script, frame, and the reason. */
function verifyPage({ page, reason, code, challenge }: Expected, id: string, seen: Outcome): void {
  assert.equal(seen.upstream, null, "forwarded");
  assert.match(seen.headers.get("Content-Type") ?? "", /^text\/html; ?charset=utf-8$/i);
  assert.equal(seen.headers.get("Content-Language"), page!.language);
  assert.equal(seen.headers.get("Cache-Control"), "no-store");
  const policy = seen.headers.get("Content-Security-Policy") ?? "";
  for (const part of ["default-src 'none'", "frame-ancestors 'self'"]) {
    assert.ok(policy.includes(part), policy);
  }
  const challenges = seen.headers.values("WWW-Authenticate").map(inOrder);
  assert.deepEqual(challenges, challenge ? [inOrder(challenge)] : []);
  assert.match(seen.body, new RegExp(`<html lang="?${page!.language}"?`));
  for (const text of [id, ...(page!.has ?? [])]) assert.ok(seen.body.includes(text), text);
  assert.doesNotMatch(seen.body, /<script/i);
  assert.ok(!seen.body.includes(reason) || reason === code, "the reason leaks");
}

/** A refusal is a problem document with the request's id, is not stored, and nothing is forwarded. */
function verifyRefused(it: Case, id: string, seen: Outcome): void {
  const { expect } = it;
  assert.equal(seen.upstream, null, "forwarded");
  assert.equal(seen.headers.get("Content-Type"), "application/problem+json");
  assert.equal(seen.headers.get("Cache-Control"), "no-store");
  assert.deepEqual(seen.headers.values("WWW-Authenticate").map(inOrder), challengesTo(it));
  if (it.method === "HEAD") return assert.equal(seen.body, "");
  const { type, title, status, detail, code, requestId, ...rest } = JSON.parse(seen.body);
  assert.deepEqual(
    { status, code, requestId },
    { status: expect.status, code: expect.code, requestId: id },
  );
  assert.deepEqual([typeof type, typeof title, typeof detail], ["string", "string", "string"]);
  assert.deepEqual(rest, expect.urls ?? {});
  assert.ok(!seen.body.includes(expect.reason) || expect.reason === code, "the reason leaks");
}

/** Basic is offered where API keys are read, to whatever does not look like a browser. */
function challengesTo({ gate, headers = {}, expect }: Case): string[] {
  if (!expect.challenge) return [];
  const sent = new Headers(headers);
  const isBrowser = ["Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode"].some((name) => sent.has(name));
  const isNamed = sent.get("User-Agent")?.startsWith("Mozilla/") ?? false;
  const isBasic = expect.status === 401 && takesKeys(GATES[gate]) && !isBrowser && !isNamed;
  return [inOrder(expect.challenge), ...(isBasic ? [BASIC] : [])];
}

const BASIC = 'Basic realm="API key", charset="UTF-8"';

function takesKeys(block: Record<string, unknown>): boolean {
  const { header } = (block.token ?? {}) as { header?: string };
  return Boolean(block.apiKeys ?? block.apiKeysFile) && !header;
}

/** Scopes are a set: RFC 6749 §3.3. */
function inOrder(challenge: string): string {
  return challenge.replace(
    /scope="([^"]*)"/,
    (_, scopes: string) => `scope="${scopes.split(" ").sort().join(" ")}"`,
  );
}

const INVALID_TOKEN =
  'Bearer error="invalid_token", error_description="The access token is not valid here, or no longer."';
const FORBIDDEN =
  'Bearer error="insufficient_scope", error_description="Your roles do not allow this."';

export const passes = (more: Partial<Expected> = {}): Expected => ({
  status: 200,
  reason: "none",
  ...more,
});
export const malformed = (reason: string): Expected => ({
  status: 400,
  code: "invalid_request",
  reason,
});
export const unauthenticated = (reason = "credential_missing"): Expected => ({
  status: 401,
  code: "authentication_required",
  challenge: "Bearer",
  reason,
});
export const invalid = (reason: string): Expected => ({
  status: 401,
  code: "invalid_token",
  challenge: INVALID_TOKEN,
  reason,
});
export const forbidden = (reason: string, rule?: string, scope?: string): Expected => ({
  status: 403,
  code: "forbidden",
  challenge: scope === undefined ? FORBIDDEN : `${FORBIDDEN}, scope="${scope}"`,
  reason,
  ...(rule === undefined ? {} : { rule }),
});

/** A case in one line: name, gate, `METHOD /path`, token, expectation. */
export type Line = [string, GateName, string, string | undefined, Expected];

export function lines(list: Line[]): Case[] {
  return list.map(([name, gate, line, value, expect]) => {
    const [method = "GET", target = "/"] = line.split(" ");
    return {
      name: `policy: ${name}`,
      gate,
      method,
      target,
      ...(value === undefined ? {} : { token: value }),
      expect,
    };
  });
}
