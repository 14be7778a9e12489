/** A request as it reached the upstream. */
export interface Received {
  method: string;
  /** As on the wire. */
  url: string;
  /** Names and values as on the wire, in order. */
  headers: [string, string][];
  /** Bytes. */
  bodyLength: number;
}
