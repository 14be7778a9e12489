/**
 * Mode keys: fetches the provider's key set into stateDir, for all guests to read. Traefik's health
 * check is the clock. Only a usable set replaces another.
 */
import { Mode } from "../config/options";
import { Settings } from "../config/settings";
import { Endpoint } from "../config/sign-in";
import { keysFile } from "../config/state";
import { Request } from "../http/request";
import { Response } from "../http/response";
import { Url } from "../http/url";
import { readKeySet } from "../jose/jwks";
import { parse } from "../json/parse";
import { areFresh, unmark } from "../state/stale-keys";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { EventLog } from "./event-log";
import { keepMetadata, keptMetadata } from "./kept-metadata";
import { queryOfVisit } from "./health-check";
import { discoveryPath, leadsTo, readMetadata } from "./metadata";
import { documentRequest, ProviderResponse } from "./provider-message";
import { fetchedMark, keepKeys } from "./store-keys";
import { documentOf, troubleOf, HandlerResult, Exchange } from "./exchange";

/** Path of the request that fetches the key set, after the one for the metadata. */
const VISIT = "/keys";

/** Fetches keys for as long as the guest lives. */
@final
export class KeyFetcher {
  private file: Bytes = Bytes.empty();

  constructor(
    readonly settings: Settings,
    readonly state: State,
    /** Has this guest use what was written, without waiting for the next look at the file. */
    readonly takeUp: () => void,
  ) {
    const issuer = settings.login.issuer;
    if (issuer < settings.issuers.length) this.file = Bytes.of(keysFile(settings, issuer));
  }

  handle(request: Request, now: i64, log: EventLog): HandlerResult {
    const settings = this.settings;
    const login = settings.login;
    if (!queryOfVisit(request, login, VISIT)) return HandlerResult.answer(new Response(404));
    if (areFresh(this.state, this.file, now, settings.keysRefresh)) {
      return HandlerResult.answer(new Response(204));
    }
    return this.fetch(now, request.id, log);
  }

  /**
   * The key set, or the metadata first, after which the response redirects. `tag`: of the request.
   */
  fetch(now: i64, tag: Bytes, log: EventLog): HandlerResult {
    const settings = this.settings;
    const login = settings.login;
    const fetch = new Fetch(this, now, tag, log);
    const endpoint = login.endpoints[Endpoint.Jwks] || this.discoveredEndpoint(now);
    const issuer = settings.issuers[login.issuer];
    const target = endpoint ? endpoint : issuer.url;
    if (!leadsTo(target, login)) {
      const url = Url.parse(target);
      const origin = url ? url.origin.toString() : "";
      log.warn("wrong_router", `the keys' router has to lead to the service of ${origin}`);
      return HandlerResult.answer(new Response(UNAVAILABLE));
    }
    if (endpoint) {
      return HandlerResult.exchange(
        documentRequest(Url.parse(endpoint)!.target),
        new KeySetExchange(fetch),
      );
    }
    return HandlerResult.exchange(
      documentRequest(discoveryPath(issuer)),
      new DocumentExchange(fetch),
    );
  }

  private discoveredEndpoint(now: i64): Bytes | null {
    const metadata = keptMetadata(this.state, this.settings, Mode.Keys, now);
    return metadata ? metadata.get(Endpoint.Jwks) : null;
  }

  keep(text: Bytes, tag: Bytes): bool {
    const state = this.state;
    if (!keepKeys(state, this.file, text, tag)) return false;
    unmark(state, this.file);
    if (this.settings.store) state.write(fetchedMark(this.file), Bytes.empty(), tag);
    return true;
  }
}

const UNAVAILABLE = 503;

/** One fetch. The health check's result tells its caller only whether the fetch succeeded. */
@final
class Fetch {
  constructor(
    readonly fetcher: KeyFetcher,
    readonly now: i64,
    readonly tag: Bytes,
    private log: EventLog,
  ) {}

  fail(message: string): Response {
    this.log.warn("keys_not_fetched", message + "; what was fetched before stays in use");
    return new Response(UNAVAILABLE);
  }
}

/** Handles the metadata, which has the key set's address. */
@final
class DocumentExchange extends Exchange {
  constructor(private fetch: Fetch) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const fetch = this.fetch;
    const settings = fetch.fetcher.settings;
    const text = documentOf(incoming);
    if (!text) {
      return fetch.fail(`the discovery document could not be fetched: ${troubleOf(incoming)}`);
    }
    const login = settings.login;
    const issuer = settings.issuers[login.issuer];
    const metadata = readMetadata(text, login, Mode.Keys, issuer);
    if (metadata.problem.length > 0) return fetch.fail(metadata.problem);
    if (!metadata.get(Endpoint.Jwks)) return fetch.fail("the metadata has no jwks_uri");
    const kept = keepMetadata(fetch.fetcher.state, issuer, text, fetch.tag);
    if (!kept) return fetch.fail("stateDir cannot be written");
    // Health checks follow redirects, so the keys are fetched by the same tick.
    const response = new Response(302);
    response.header("Location", login.path.concat(Bytes.of(VISIT)));
    return response;
  }
}

@final
class KeySetExchange extends Exchange {
  constructor(private fetch: Fetch) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const fetch = this.fetch;
    const text = documentOf(incoming);
    if (!text) {
      return fetch.fail(`the key set could not be fetched: ${troubleOf(incoming)}`);
    }
    const set = readKeySet(parse(text));
    if (set.refusal.length > 0) return fetch.fail(`the key set is refused: ${set.refusal}`);
    if (!fetch.fetcher.keep(text, fetch.tag)) return fetch.fail("stateDir cannot be written");
    return new Response(204);
  }
}
