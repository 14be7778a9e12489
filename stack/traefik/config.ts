/**
 * Traefik's static configuration in local mode. Every one that is made here stops Traefik when the
 * plugin cannot be loaded.
 */
import { loopback } from "../machine/ports.ts";

export type Tree = { [key: string]: unknown };

export interface StaticOptions {
  /** Entry point name -> port on the loopback address. */
  ports: Record<string, number>;
  /** Watched by the file provider. */
  dynamicFolder: string;
  /** False for a bare Traefik to compare with. */
  plugin: boolean;
  /** Further ones, by the name that dynamic configuration has for them: their modules. */
  morePlugins?: Record<string, string>;
  /** Path as the guest sees it -> folder of the host, `:ro` at its end for read-only. */
  mounts: Record<string, string>;
  /** Names of environment variables that the guest may see. */
  envs: string[];
  logLevel: string;
  /** Merged into the result, key by key; lists are replaced. */
  extra: Tree;
}

/** The name under which dynamic configuration refers to the plugin. */
export const pluginName = "rolegate";

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function merge(base: Tree, extra: Tree): Tree {
  const result = { ...base };
  for (const [key, value] of Object.entries(extra)) {
    const old = result[key];
    result[key] = isTree(old) && isTree(value) ? merge(old, value) : value;
  }
  return result;
}

const mountSpec = ([guest, host]: [string, string]) =>
  host.endsWith(":ro") ? `${host.slice(0, -3)}:${guest}:ro` : `${host}:${guest}`;

export function staticConfiguration(options: StaticOptions): Tree {
  const { ports, dynamicFolder, plugin, mounts, envs, logLevel, extra } = options;
  const settings = { mounts: Object.entries(mounts).map(mountSpec), envs };
  const modules = { ...options.morePlugins, ...(plugin ? { [pluginName]: pluginName } : {}) };
  const localPlugins = Object.fromEntries(
    Object.entries(modules).map(([name, moduleName]) => [name, { moduleName, settings }]),
  );
  const made = merge(
    {
      global: { checkNewVersion: false, sendAnonymousUsage: false },
      log: { level: logLevel, format: "json" },
      entryPoints: Object.fromEntries(
        Object.entries(ports).map(([name, port]) => [
          name,
          {
            address: `${loopback}:${port}`,
            // A stream or WebSocket that is still open would otherwise hold up the end for 10
            // seconds.
            transport: { lifeCycle: { graceTimeOut: 1 } },
          },
        ]),
      ),
      api: { insecure: true, dashboard: false },
      providers: {
        providersThrottleDuration: 0,
        file: { directory: dynamicFolder, watch: true },
      },
      experimental: Object.keys(modules).length > 0 ? { localPlugins } : {},
    },
    extra,
  );
  // Last, so that no caller can take it back: Traefik otherwise drops the router of a plugin that
  // it cannot load, and its requests reach the next router that matches.
  return merge(made, { experimental: { abortOnPluginFailure: true } });
}
