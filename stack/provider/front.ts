/**
 * A provider behind a proxy: it is found under a host, and perhaps a path, of the proxy's. What it
 * says of itself does not depend on who asks and how, as with a fixed host name at Keycloak.
 */
import type { IncomingMessage } from "node:http";

export class Front {
  readonly #host: string;
  readonly #protocol: string;
  /** Before each of the provider's own paths; empty when it has the host to itself. */
  readonly path: string;

  constructor(issuer: string) {
    const { host, protocol, pathname } = new URL(issuer);
    this.#host = host;
    this.#protocol = protocol.slice(0, -1);
    this.path = pathname === "/" ? "" : pathname;
  }

  /** Makes a request one for the provider's own paths; false: it is none of them. */
  enter(request: IncomingMessage): boolean {
    const { headers, url = "" } = request;
    headers.host = this.#host;
    headers["x-forwarded-proto"] = this.#protocol;
    delete headers["x-forwarded-host"];
    if (!url.startsWith(`${this.path}/`)) return false;
    // The library's word for what was cut off.
    Object.assign(request, { url: url.slice(this.path.length), baseUrl: this.path });
    return true;
  }
}
