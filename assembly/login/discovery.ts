/** Gets the provider's metadata: configured, still fresh in stateDir, or by a visit to its discovery document. */
import { Response } from "../http/response";
import { PageKind } from "../pages/kind";
import { Url } from "../http/url";
import { Context } from "./context";
import { keepMetadata, keptMetadata } from "./kept-metadata";
import { configuredMetadata, discoveryPath, leadsTo, Metadata, readMetadata } from "./metadata";
import { documentRequest, Incoming, Outgoing } from "./visit";
import { documentOf, troubleOf, Turn, Visit } from "./visits";

/** Somebody who needs the metadata. */
export abstract class Discovery {
  abstract known(context: Context, metadata: Metadata): Response;
  /** It was not to be had; the log has why. */
  abstract failed(context: Context, kind: PageKind): Response;
}

export function discover(context: Context, then: Discovery): Turn {
  const configured = configuredMetadata(context.login, context.issuer);
  if (configured) return Turn.answer(settle(context, configured, then));
  const kept = keptMetadata(context.state, context.settings, context.now);
  if (kept) return Turn.answer(then.known(context, kept));
  const issuer = context.issuer.name;
  if (!leadsTo(issuer, context.login)) {
    context.diary.warn(
      "wrong_router",
      `discovery needs a router to the service of ${Url.parse(issuer)!.origin.toString()} for this path`,
    );
    return Turn.answer(then.failed(context, PageKind.ConfigError));
  }
  return Turn.goOut(discoveryRequest(context), new DiscoveryVisit(context, then));
}

export function discoveryRequest(context: Context): Outgoing {
  return documentRequest(discoveryPath(context.issuer));
}

@final
class DiscoveryVisit extends Visit {
  constructor(
    private context: Context,
    private then: Discovery,
  ) {
    super();
  }

  back(incoming: Incoming): Response {
    const context = this.context;
    const text = documentOf(incoming);
    if (!text) {
      context.diary.warn(
        "discovery_failed",
        `the discovery document could not be fetched (${troubleOf(incoming)}): look at the service of the login router`,
      );
      return this.then.failed(context, PageKind.ProviderUnreachable);
    }
    const metadata = readMetadata(text, context.login, context.settings.mode, context.issuer);
    const state = context.state;
    if (metadata.problem.length == 0 && state) {
      keepMetadata(state, context.issuer, text, context.request.id);
    }
    return settle(context, metadata, this.then);
  }
}

function settle(context: Context, metadata: Metadata, then: Discovery): Response {
  if (metadata.problem.length == 0) return then.known(context, metadata);
  context.diary.warn("metadata_refused", metadata.problem);
  return then.failed(context, PageKind.ConfigError);
}
