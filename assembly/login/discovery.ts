/**
 * Gets the provider's metadata: configured, still fresh in stateDir, or fetched from its discovery
 * document.
 */
import { Response } from "../http/response";
import { PageKind } from "../pages/kind";
import { Url } from "../http/url";
import { Context } from "./context";
import { keepMetadata, keptMetadata } from "./kept-metadata";
import { configuredMetadata, discoveryPath, leadsTo, Metadata, readMetadata } from "./metadata";
import { documentRequest, ProviderResponse, ProviderRequest } from "./provider-message";
import { documentOf, troubleOf, HandlerResult, Exchange } from "./exchange";

/** Continues when the metadata is known. */
export abstract class Discovery {
  abstract known(context: Context, metadata: Metadata): Response;
  /** The metadata could not be got; the log says why. */
  abstract failed(context: Context, kind: PageKind): Response;
}

/**
 * Gets the metadata and then calls `then`: at once if it is configured or kept in stateDir,
 * otherwise when the discovery document has arrived. `then.failed` gets the page for an error.
 * OpenID Connect Discovery §4.
 */
export function discover(context: Context, then: Discovery): HandlerResult {
  const configured = configuredMetadata(context.login, context.issuer);
  if (configured) return HandlerResult.answer(settle(context, configured, then));
  const settings = context.settings;
  const kept = keptMetadata(context.stateDirectory, settings, settings.mode, context.now);
  if (kept) return HandlerResult.answer(then.known(context, kept));
  const issuer = context.issuer.url;
  if (!leadsTo(issuer, context.login)) {
    context.log.warn(
      "wrong_router",
      `discovery needs a router to the service of ${Url.parse(issuer)!.origin.toString()} for this path`,
    );
    return HandlerResult.answer(then.failed(context, PageKind.ConfigError));
  }
  return HandlerResult.exchange(discoveryRequest(context), new DiscoveryExchange(context, then));
}

export function discoveryRequest(context: Context): ProviderRequest {
  return documentRequest(discoveryPath(context.issuer));
}

@final
class DiscoveryExchange extends Exchange {
  constructor(
    private context: Context,
    private then: Discovery,
  ) {
    super();
  }

  onResponse(incoming: ProviderResponse): Response {
    const context = this.context;
    const text = documentOf(incoming);
    if (!text) {
      context.log.warn(
        "discovery_failed",
        `the discovery document could not be fetched (${troubleOf(incoming)}): look at the service of the login router`,
      );
      return this.then.failed(context, PageKind.ProviderUnreachable);
    }
    const metadata = readMetadata(text, context.login, context.settings.mode, context.issuer);
    const state = context.stateDirectory;
    if (metadata.problem.length == 0 && state) {
      keepMetadata(state, context.issuer, text, context.request.id);
    }
    return settle(context, metadata, this.then);
  }
}

function settle(context: Context, metadata: Metadata, then: Discovery): Response {
  if (metadata.problem.length == 0) return then.known(context, metadata);
  context.log.warn("metadata_refused", metadata.problem);
  return then.failed(context, PageKind.ConfigError);
}
