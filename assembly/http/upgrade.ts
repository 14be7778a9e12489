/**
 * Requests to go on in another protocol, RFC 9110 §7.8. Once the application has taken one up, the connection is a
 * tunnel: what comes then is seen by no rule.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Elements } from "./elements";
import { isToken } from "./header";
import { Field, Request } from "./request";

/** Whether it is one. Without `Connection: upgrade` a proxy does not pass the other header on, nor a server heed it. */
export function isUpgrade(request: Request): bool {
  const protocols = request.get(Field.Upgrade);
  if (!protocols || protocols.length == 0) return false;
  const options = request.get(Field.Connection);
  return options !== null && hasElement(options, "upgrade");
}

/** An upgrade by GET that WebSocket is among, RFC 6455 §4.2.1. */
export function isWebSocket(request: Request): bool {
  if (!request.method.is("GET") || !isUpgrade(request)) return false;
  return hasElement(request.get(Field.Upgrade)!, "websocket");
}

/** `SPDY/3.1`: a name, and often a version. */
export function isProtocol(text: Bytes): bool {
  const slash = text.indexOf(Char.Slash);
  if (slash < 0) return isToken(text);
  return isToken(text.slice(0, slash)) && isToken(text.slice(slash + 1));
}

function hasElement(values: Bytes, wanted: string): bool {
  const elements = new Elements(values);
  for (let it = elements.next(); it; it = elements.next()) {
    if (it.isInAnyCase(wanted)) return true;
  }
  return false;
}
