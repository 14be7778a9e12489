/**
 * Faults of a set-up that the plugin sees only from one side: for the log, the cause and the lines
 * that are missing.
 */

/** `path`: of `login`. */
export function addLoginRouter(path: string): string {
  return (
    `${path}/… has reached the middleware of mode protect. Add a router for it: rule: PathPrefix(\`${path}/\`) with the application's Host, ` +
    "middlewares: [rolegate-login, rolegate-buffering], service: provider; its rule must be longer than this router's, or its priority higher"
  );
}

/** No keys were ever read. */
export function addKeysRouter(path: string): string {
  return (
    "no keys of the provider have been fetched. They come with a health check that goes through the middleware of mode keys: a service with " +
    `healthCheck: {path: ${path}/keys, interval: 5s}, and a router with rule: Path(\`${path}/keys\`), middlewares: [rolegate-keys], service: provider. ` +
    "If Traefik's log says `Health check failed` with status 404, that router is missing; otherwise see keys_not_fetched"
  );
}

/** The provider misses a part of the form. */
export function formIsLost(): string {
  return (
    "the form did not reach the provider: the login router needs Traefik's buffering middleware behind the plugin: " +
    "middlewares: [rolegate-login, rolegate-buffering]"
  );
}

/** What a status says of the router's service, measured with Traefik. */
export function causeOf(status: i32): string {
  return status == 404
    ? ", nothing is there: `servers` or `issuer` names another place"
    : status == 500
      ? ", usually a certificate that Traefik does not trust"
      : status == 502
        ? ", no connection to `servers`"
        : "";
}
