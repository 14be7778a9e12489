/**
 * One request over HTTP exactly as given: no path cleaned, no redirect followed, an upgrade if
 * asked for.
 */
import { randomBytes } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, request as http } from "node:http";
import { request as https } from "node:https";

export interface Question {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Asks for a WebSocket. */
  upgrade?: true;
}

export interface Answer {
  /** 101 when a WebSocket was opened. */
  status: number;
  headers: IncomingHttpHeaders;
  /** At most 64 KiB of it. */
  body: string;
  /** The problem document's `code`, when it is Rolegate's. */
  code: string | null;
}

export interface AskOptions {
  insecure: boolean;
  signal: AbortSignal;
}

const BYTES = 65_536;
/** A running server may be busy; a blocked address never answers. Milliseconds. */
const PATIENCE = { connection: 10_000, answer: 30_000 };

export function ask(
  base: string,
  question: Question,
  { insecure, signal }: AskOptions,
): Promise<Answer> {
  const url = new URL(base);
  const isTls = url.protocol === "https:";
  const { path, method = "GET", upgrade } = question;
  const headers: Record<string, string> = { "User-Agent": "rolegate-doctor", ...question.headers };
  if (upgrade) {
    Object.assign(headers, {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    });
  }
  return new Promise((resolve, reject) => {
    const sent = (isTls ? https : http)({
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port || (isTls ? 443 : 80),
      ...{ path, method, headers, agent: false },
      ...(isTls ? { rejectUnauthorized: !insecure } : {}),
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE.answer)]),
    });
    const late = Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" });
    const timer = setTimeout(() => sent.destroy(late), PATIENCE.connection);
    sent.on("socket", (socket) => socket.on("connect", () => clearTimeout(timer)));
    sent.on("close", () => clearTimeout(timer));
    sent.on("upgrade", ({ statusCode = 101, headers: answered }, socket) => {
      socket.destroy();
      resolve({ status: statusCode, headers: answered, body: "", code: null });
    });
    sent.on(
      "response",
      (response) => void bodyOf(response).then((body) => resolve(answerOf(response, body)), reject),
    );
    sent.on("error", reject);
    sent.end(question.body);
  });
}

/** The `Cookie` header with which a browser returns an answer's cookies. */
export const cookiesOf = ({ headers }: Answer) =>
  (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > BYTES) break;
  }
  response.destroy();
  return Buffer.concat(chunks).toString("utf8");
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, body: string): Answer {
  const isProblem = String(headers["content-type"]).startsWith("application/problem+json");
  let code: string | null = null;
  try {
    const problem = JSON.parse(body) as { code?: unknown; requestId?: unknown };
    if (isProblem && typeof problem.code === "string" && problem.requestId !== undefined)
      code = problem.code;
  } catch {
    // It is no problem document.
  }
  return { status: statusCode, headers, body, code };
}
