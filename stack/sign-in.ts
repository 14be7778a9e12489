/**
 * Traefik's dynamic configuration with sign-in: the application, the plugin's own paths in front of
 * the provider, and the fetcher of keys on an entry point of its own, which Traefik's health check
 * visits. One block, three modes.
 */
import { pluginName, type Tree } from "./traefik/config.ts";

/** Name of the entry point that only this machine reaches, for the fetcher of keys. */
export const internalEntryPoint = "rolegate";

export interface SignIn {
  /** The plugin's block, without `mode`. */
  block: Tree;
  /** Host name that browsers ask for. */
  host: string;
  /** Others that lead here as well, at the entry point `web`. */
  alsoHosts?: string[];
  upstreamUrl: string;
  providerUrl: string;
  /** Where the internal entry point listens. */
  internalUrl: string;
  /** How often the fetcher of keys is visited. */
  interval: string;
  /** How long the provider may take to answer. */
  patience: string;
  /** Files of the certificate and of its key, for an entry point with TLS. */
  tls: { certFile: string; keyFile: string } | null;
  /** The engine that several Traefiks share, if there is one. */
  engine?: Engine;
}

export interface Engine {
  url: string;
  /** How often it is read: Traefik's duration. */
  interval: string;
}

const bufferSizes = {
  maxRequestBodyBytes: 65_536,
  memRequestBodyBytes: 65_536,
  maxResponseBodyBytes: 1_048_576,
  memResponseBodyBytes: 1_048_576,
};

const server = (url: string) => ({ servers: [{ url }] });

export function signInConfiguration(parties: SignIn): Tree {
  const { block, host, upstreamUrl, providerUrl, internalUrl, interval, patience, tls } = parties;
  const { engine } = parties;
  const mode = (name: string) => ({ plugin: { [pluginName]: { ...block, mode: name } } });
  const path = "/oidc";
  const hosts = [host, ...(parties.alsoHosts ?? [])].map((it) => `Host(\`${it}\`)`).join(" || ");
  const own = {
    ...(tls ? { tls: {} } : {}),
    // One of them may be the internal entry point's host too, whose routers have the shorter rules.
    ...(parties.alsoHosts ? { entryPoints: ["web"] } : {}),
  };
  const shared = engine
    ? aroundEngine(engine, {
        path,
        hosts: parties.alsoHosts ? `(${hosts})` : hosts,
        own,
        internalUrl,
      })
    : { routers: {}, services: {} };
  return {
    http: {
      routers: {
        app: { rule: hosts, middlewares: ["rolegate"], service: "app", ...own },
        login: {
          rule: `${parties.alsoHosts ? `(${hosts})` : hosts} && (Path(\`${path}\`) || PathPrefix(\`${path}/\`))`,
          // In this order: what the plugin makes of the request is what gets buffered.
          middlewares: ["rolegate-login", "rolegate-buffering"],
          service: "provider",
          ...own,
        },
        keys: {
          rule: `Path(\`${path}/keys\`)`,
          entryPoints: [internalEntryPoint],
          middlewares: ["rolegate-keys"],
          service: "provider",
        },
        // Only so that the service and its health check exist.
        tick: {
          rule: `Path(\`${path}/tick\`)`,
          entryPoints: [internalEntryPoint],
          service: "rolegate-tick",
        },
        ...shared.routers,
      },
      middlewares: {
        rolegate: mode("protect"),
        "rolegate-login": mode("login"),
        "rolegate-keys": mode("keys"),
        "rolegate-buffering": { buffering: bufferSizes },
        ...(engine ? { "rolegate-store": mode("store") } : {}),
      },
      services: {
        app: { loadBalancer: server(upstreamUrl) },
        provider: {
          loadBalancer: {
            passHostHeader: false,
            serversTransport: "provider",
            ...server(providerUrl),
          },
        },
        "rolegate-tick": {
          loadBalancer: {
            ...server(internalUrl),
            healthCheck: { path: `${path}/keys`, interval },
          },
        },
        ...shared.services,
      },
      serversTransports: {
        provider: { forwardingTimeouts: { responseHeaderTimeout: patience } },
      },
    },
    ...(tls ? { tls: { stores: { default: { defaultCertificate: tls } } } } : {}),
  };
}

interface Around {
  path: string;
  hosts: string;
  /** Options of all routers of the application. */
  own: Tree;
  internalUrl: string;
}

/** The routers whose service is the engine, and the health check that has it read. */
function aroundEngine(
  { url, interval }: Engine,
  around: Around,
): { routers: Tree; services: Tree } {
  const { path, hosts, own, internalUrl } = around;
  const paths = ["store", "backchannel-logout"].map((name) => `Path(\`${path}/${name}\`)`);
  return {
    routers: {
      "login-store": {
        rule: `${hosts} && (${paths.join(" || ")})`,
        middlewares: ["rolegate-login", "rolegate-buffering"],
        service: "engine",
        ...own,
      },
      store: {
        rule: `Path(\`${path}/store\`)`,
        entryPoints: [internalEntryPoint],
        middlewares: ["rolegate-store", "rolegate-buffering"],
        service: "engine",
      },
      "store-tick": {
        rule: `Path(\`${path}/store-tick\`)`,
        entryPoints: [internalEntryPoint],
        service: "rolegate-store-tick",
      },
    },
    services: {
      engine: {
        loadBalancer: { passHostHeader: false, serversTransport: "provider", ...server(url) },
      },
      "rolegate-store-tick": {
        loadBalancer: { ...server(internalUrl), healthCheck: { path: `${path}/store`, interval } },
      },
    },
  };
}
