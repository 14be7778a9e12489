/**
 * Upgrade requests, RFC 9110 §7.8. Once the application has accepted one, the connection is a
 * tunnel, and no rule sees what it carries.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Elements } from "./elements";
import { isToken } from "./header";
import { Field, Request } from "./request";

/**
 * True if the request is an upgrade. Without `Connection: upgrade` a proxy does not forward
 * Upgrade, and a server ignores it.
 */
export function isUpgrade(request: Request): bool {
  const protocols = request.get(Field.Upgrade);
  if (!protocols || protocols.length == 0) return false;
  const options = request.get(Field.Connection);
  return options !== null && hasElement(options, "upgrade");
}

/** An upgrade by GET that offers WebSocket, RFC 6455 §4.2.1. */
export function isWebSocket(request: Request): bool {
  if (!request.method.is("GET") || !isUpgrade(request)) return false;
  return hasElement(request.get(Field.Upgrade)!, "websocket");
}

/** `SPDY/3.1`: a name, and often a version. */
export function isProtocol(text: Bytes): bool {
  const slash = text.indexOf(Char.Slash);
  if (slash < 0) return isToken(text);
  return isToken(text.slice(0, slash)) && isToken(text.rest(slash + 1));
}

function hasElement(values: Bytes, wanted: string): bool {
  const elements = new Elements(values);
  for (let it = elements.next(); it; it = elements.next()) {
    if (it.isInAnyCase(wanted)) return true;
  }
  return false;
}
