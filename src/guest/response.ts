/**
 * The response as net/http's ResponseWriter takes it: headers are sent with the status, and later
 * ones are lost. Also the buffer that http-wasm puts before it when the guest has enabled response
 * buffering.
 */
import { Headers } from "./header.ts";
import { HostPanic } from "./memory.ts";

export interface Writer {
  readonly headers: Headers;
  writeHeader(status: number): void;
  write(bytes: Buffer): void;
}

export class ResponseWriter implements Writer {
  readonly headers = new Headers();
  /** What the client gets; null until something is written. */
  sent: { status: number; headers: Headers } | null = null;
  private readonly chunks: Buffer[] = [];
  private length = 0;

  writeHeader(status: number): void {
    if (this.sent) return;
    if (status < 100 || status > 999) throw new HostPanic(`invalid WriteHeader code ${status}`);
    this.sent = { status, headers: this.headers.clone() };
  }

  write(bytes: Buffer): void {
    this.writeHeader(200);
    if (bytes.length === 0) return;
    if (!this.allowsBody) {
      throw new HostPanic("request method or response status code does not allow body");
    }
    this.length += bytes.length;
    if (this.length > this.declared) {
      throw new HostPanic("wrote more than the declared Content-Length");
    }
    this.chunks.push(Buffer.from(bytes));
  }

  get body(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get allowsBody(): boolean {
    const status = this.sent?.status ?? 200;
    return status >= 200 && status !== 204 && status !== 304;
  }

  /** True if the client gets all that Content-Length promised. */
  get complete(): boolean {
    return this.length >= this.declared || this.declared === Infinity;
  }

  private get declared(): number {
    const length = this.sent?.headers.get("Content-Length");
    return length === undefined ? Infinity : Number(length);
  }
}

/** http-wasm's bufferingResponseWriter. */
export class BufferingWriter implements Writer {
  /** 0: not set, which reads as 200 and leaves the status to the next writer. */
  status = 0;
  body: Buffer = Buffer.alloc(0);

  constructor(private readonly behind: ResponseWriter) {}

  get headers(): Headers {
    return this.behind.headers;
  }

  writeHeader(status: number): void {
    this.status = status;
  }

  write(bytes: Buffer): void {
    this.body = Buffer.concat([this.body, bytes]);
  }

  release(): void {
    if (this.status !== 0) this.behind.writeHeader(this.status);
    if (this.body.length > 0) this.behind.write(this.body);
  }
}
