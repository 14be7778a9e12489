/** Requests of Traefik's health check, the clock of modes keys and store. */
import { LoginSettings } from "../config/sign-in";
import { readPath } from "../http/path";
import { Request } from "../http/request";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";

/** The query of a GET of that path below `login.path`; null: it is another request. */
export function queryOfVisit(request: Request, login: LoginSettings, name: string): Bytes | null {
  const path = readPath(request.uri);
  const isVisit =
    request.method.is("GET") &&
    path.refused == Reason.None &&
    path.text.equals(login.path.concat(Bytes.of(name)));
  return isVisit ? path.query : null;
}
