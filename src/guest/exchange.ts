/**
 * One request on its way through a guest: what the host functions read and change, and when they
 * may.
 */
import { Headers } from "./header.ts";
import { HostPanic } from "./memory.ts";
import { BufferingWriter, ResponseWriter, type Writer } from "./response.ts";
import { RequestUri } from "./uri.ts";

/** Bits of enable_features. */
const FEATURE = { bufferRequest: 1, bufferResponse: 2, trailers: 4 } as const;

/** The part of Go's http.Request that a guest can reach. */
export interface ServerRequest {
  method: string;
  uri: RequestUri;
  /**
   * The request line's target; Traefik's proxy builds the upstream's path from this, not from
   * `uri`.
   */
  requestUri: string;
  protocol: string;
  /** r.Host; `headers` has no header of this name. */
  host: string;
  headers: Headers;
  remote: string;
  body: Buffer;
  /**
   * Length of the body that the client sent; a body written by a guest does not change it. -1:
   * chunked.
   */
  contentLength: number;
}

/** A body that is read in parts. */
export class BodyReader {
  private at = 0;

  constructor(private readonly body: Buffer) {}

  /**
   * Fills as much as it can; `end` comes with the last byte, as in net/http for a body of known
   * length.
   */
  read(into: Buffer): { count: number; end: boolean } {
    const count = this.body.copy(into, 0, this.at);
    this.at += count;
    return { count, end: this.at === this.body.length };
  }
}

export class Exchange {
  readonly client = new ResponseWriter();
  writer: Writer = this.client;
  /** Set when the request has been forwarded: then little may be changed. */
  afterNext = false;
  private features = 0;
  private requestReader: BodyReader | null = null;
  private requestWritten: Buffer[] | null = null;
  private responseReader: BodyReader | null = null;
  private responseWriting = false;

  constructor(
    readonly request: ServerRequest,
    features: number,
  ) {
    this.enable(features);
  }

  enable(features: number): number {
    this.features |= features;
    if (this.features & FEATURE.bufferResponse && this.writer === this.client) {
      this.writer = new BufferingWriter(this.client);
    }
    return this.features;
  }

  /** The buffered response; without buffering Go's type assertion panics. */
  get buffered(): BufferingWriter {
    if (this.writer instanceof BufferingWriter) return this.writer;
    throw new HostPanic("interface conversion: http.ResponseWriter is not a buffering one");
  }

  mustBeBeforeNext(what: string): void {
    if (this.afterNext) throw new HostPanic(`can't ${what} after next handler`);
  }

  mustBeWritable(what: string): void {
    if (this.afterNext && !(this.features & FEATURE.bufferResponse)) {
      throw new HostPanic(`can't ${what} after next handler unless buffer_response is enabled`);
    }
  }

  setUri(text: string): void {
    const { request } = this;
    const uri = RequestUri.parse(text === "" ? "/" : text);
    if (!uri) throw new HostPanic(`parse "${text}": invalid URI for request`);
    request.requestUri = text === "" ? "/" : text;
    request.uri = uri;
  }

  readRequestBody(into: Buffer): { count: number; end: boolean } {
    this.requestReader ??= new BodyReader(this.request.body);
    return this.requestReader.read(into);
  }

  writeRequestBody(bytes: Buffer): void {
    this.requestWritten ??= [];
    this.requestWritten.push(Buffer.from(bytes));
    this.request.body = Buffer.concat(this.requestWritten);
  }

  readResponseBody(into: Buffer): { count: number; end: boolean } {
    this.responseReader ??= new BodyReader(this.buffered.body);
    const { count, end } = this.responseReader.read(into);
    // It is a bytes.Reader, which reports the end only when it could have returned more.
    return { count, end: end && count < into.length };
  }

  writeResponseBody(bytes: Buffer): void {
    const { writer } = this;
    // The first write replaces the upstream's body.
    if (!this.responseWriting && writer instanceof BufferingWriter) writer.body = Buffer.alloc(0);
    this.responseWriting = true;
    writer.write(bytes);
  }

  /** The guest has read from the body and written nothing back: the host has closed it. */
  get bodyIsClosed(): boolean {
    const { requestReader, requestWritten, request } = this;
    return requestReader !== null && !requestWritten && request.contentLength !== 0;
  }
}
