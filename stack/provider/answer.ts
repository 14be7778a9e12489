/**
 * Holds back what is written to a response until it has been changed: how the development
 * provider's faults are made.
 */
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

export interface Answer {
  status: number;
  /** Lower-case names. */
  headers: OutgoingHttpHeaders;
  body: string;
}

/** `abort` breaks the connection off after half of the body. */
export type Changed = Answer | "abort";

/**
 * From now on, whatever is written to `response` is given to `change` as a whole, and its result is
 * sent.
 */
export function holdBack(
  response: ServerResponse,
  change: (answer: Answer) => Promise<Changed>,
): void {
  const { end, write, writeHead } = response;
  const parts: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === "string") parts.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
  };
  const send = async () => {
    const body = Buffer.concat(parts).toString();
    const answer = { status: response.statusCode, headers: response.getHeaders(), body };
    const changed = await change({ ...answer, headers: { ...answer.headers } });
    if (changed === "abort") {
      const text = Buffer.from(body);
      writeHead.call(response, answer.status, { ...answer.headers, "content-length": text.length });
      write.call(response, text.subarray(0, text.length >> 1), "utf8", () => response.destroy());
      return;
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    writeHead.call(response, changed.status, {
      ...changed.headers,
      "content-length": Buffer.byteLength(changed.body),
    });
    end.call(response, changed.body, "utf8");
  };
  response.writeHead = ((status: number, headers?: OutgoingHttpHeaders) => {
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value !== undefined) response.setHeader(name, value);
    }
    return response;
  }) as typeof response.writeHead;
  response.write = ((chunk: unknown) => {
    keep(chunk);
    return true;
  }) as typeof response.write;
  response.end = ((chunk?: unknown) => {
    keep(chunk);
    send().catch((error: Error) => response.destroy(error));
    return response;
  }) as typeof response.end;
}
