/**
 * Mode login: the routes below `login.path`, and nothing else. Requests to the provider are built
 * from nothing; every other path and method is answered here, so nothing of the provider appears
 * under the application's origin.
 */
import { Settings } from "../config/settings";
import { SIGNED_OUT } from "../config/sign-in";
import { KeyRings } from "../identity/key-rings";
import { parametersFor, show } from "../pages/show";
import { readHost } from "../http/host";
import { isPrefetch, isServiceWorkerScript } from "../http/navigation";
import { readPath } from "../http/path";
import { Field, Request } from "../http/request";
import { Response } from "../http/response";
import { Reason } from "../outcome/reason";
import { PageKind } from "../pages/kind";
import { Purpose } from "../session/keys";
import { Generator } from "../session/random";
import { Revocations } from "../session/revocation";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { addSecurityHeaders } from "./answers";
import { authorize } from "./authorize";
import { backchannelLogout } from "./backchannel-logout";
import { callback } from "./callback";
import { Context } from "./context";
import { EventLog } from "./event-log";
import { KeyFetcher } from "./fetch-keys";
import { frontchannelLogout } from "./frontchannel-logout";
import { logout } from "./logout";
import { refresh } from "./refresh";
import { sessionInfo } from "./session-info";
import { SharedStore } from "./store";
import { signedOut } from "./signed-out";
import { visitStore } from "./store-visit";
import { STORE } from "./ticket";
import { userInfo } from "./userinfo";
import { verify } from "./verify";
import { HandlerResult } from "./exchange";

/** A route below the path. */
@final
class Route {
  constructor(
    readonly name: string,
    /** In the form of an Allow header. */
    readonly methods: string,
    readonly handler: (context: Context) => HandlerResult,
  ) {}
}

/** Made for each request, because guests of other modes need none. */
function routes(): StaticArray<Route> {
  return [
    new Route("login", "GET", authorize),
    new Route("callback", "GET", callback),
    new Route("verify", "GET", verify),
    new Route("refresh", "GET, HEAD", refresh),
    new Route("userinfo", "GET", userInfo),
    new Route("session", "GET", sessionInfo),
    new Route("logout", "GET, POST", logout),
    new Route(SIGNED_OUT, "GET", signedOut),
    new Route("backchannel-logout", "POST", backchannelLogout),
    new Route("frontchannel-logout", "GET", frontchannelLogout),
    new Route(STORE, "GET, HEAD", visitStore),
  ];
}

/** The state that a guest keeps for all requests. */
@final
export class Router {
  private generators: Array<Generator | null> = [];

  constructor(
    private settings: Settings,
    private rings: KeyRings,
    private revocations: Revocations,
    private state: State | null,
    /** Reads the request's body; null when it is larger than the limit. */
    private readBody: (limit: i32) => Bytes | null,
    /** Null without stateDir. */
    private keyFetcher: KeyFetcher | null,
    /** Null without `store`. */
    private shared: SharedStore | null,
  ) {
    for (let i = 0; i < settings.origins.length; i++) {
      const ring = rings.of(i);
      this.generators.push(ring ? new Generator(ring, Purpose.Random) : null);
    }
  }

  /** Handles a request. It has its late fields; `digest` covers all of it. */
  handle(request: Request, nanoseconds: i64, digest: Bytes, log: EventLog): HandlerResult {
    const settings = this.settings;
    if (request.tooLarge) return this.page(PageKind.Failed, request);
    const path = readPath(request.uri);
    const login = settings.login;
    const base = login.path.length + 1;
    if (
      path.refused != Reason.None ||
      path.ambiguous != Reason.None ||
      !login.covers(path.text) ||
      path.text.length <= base
    ) {
      return this.page(PageKind.NotFound, request);
    }
    // A service worker from here would see every page of sign-in, with the code in its address.
    if (isServiceWorkerScript(request)) return this.page(PageKind.NotFound, request);
    const header = request.get(Field.Host);
    const host = header ? readHost(header) : null;
    const origin = host ? settings.originOf(host) : -1;
    const ring = this.rings.of(origin);
    if (!ring) return this.page(PageKind.WrongHost, request);
    const route = find(path.text.rest(base));
    if (!route) return this.page(PageKind.NotFound, request);
    if (!allows(route, request.method)) return this.wrongMethod(route, request);
    if (isPrefetch(request)) return this.unavailable();
    const generator = this.generators[origin]!;
    const context = new Context(
      settings,
      request,
      path.query,
      origin,
      ring,
      generator,
      this.state,
      this.revocations,
      this.readBody,
      nanoseconds,
      digest,
      log,
      this.keyFetcher,
      this.shared,
    );
    return route.handler(context);
  }

  private page(kind: PageKind, request: Request): HandlerResult {
    const parameters = parametersFor(request, this.settings);
    const origins = this.settings.origins;
    if (origins.length > 0) parameters.link = origins[0].concat(Bytes.of("/"));
    return HandlerResult.answer(show(kind, parameters));
  }

  private wrongMethod(route: Route, request: Request): HandlerResult {
    const response = new Response(405);
    response.text("Allow", route.methods);
    return HandlerResult.answer(addSecurityHeaders(response));
  }

  /** A prefetch must not use up a code. */
  private unavailable(): HandlerResult {
    return HandlerResult.answer(addSecurityHeaders(new Response(503)));
  }
}

function find(name: Bytes): Route | null {
  const all = routes();
  for (let i = 0; i < all.length; i++) if (name.is(all[i].name)) return all[i];
  return null;
}

function allows(route: Route, method: Bytes): bool {
  const methods = Bytes.of(route.methods);
  for (let from = 0; from < methods.length;) {
    const comma = methods.indexOf(Char.Comma, from);
    const to = comma < 0 ? methods.length : comma;
    if (methods.slice(from, to).equals(method)) return true;
    from = to + 2;
  }
  return false;
}
