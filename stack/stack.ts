/**
 * The whole development stack: provider, application, and Traefik with the plugin in front of it.
 */
import { join } from "node:path";
import { temporaryFolder } from "./machine/cleanup.ts";
import { Undo } from "./machine/undo.ts";
import { demoConfiguration, keysFile, stateMount } from "./demo.ts";
import { followKeys } from "./provider/jwks-file.ts";
import { startProvider, type Provider } from "./provider/provider.ts";
import { startTraefik, type TraefikOptions } from "./traefik/traefik.ts";
import type { Traefik } from "./traefik/running.ts";
import { startUpstream, type Upstream } from "./upstream/upstream.ts";

export interface Stack {
  /** URL of the protected application, `http://127.0.0.1:port`. */
  url: string;
  provider: Provider;
  upstream: Upstream;
  traefik: Traefik;
  /** The folder that the guest sees as `/state`. */
  stateFolder: string;
  stop(): Promise<void>;
}

export interface StackOptions extends Pick<TraefikOptions, "logLevel" | "pluginDir" | "binary"> {
  /** Port of the protected application; 0 or absent: a free one. */
  port?: number;
}

/** Starts all parts, or none: when one fails, those before it are stopped. */
export function startStack({ port = 0, ...rest }: StackOptions = {}): Promise<Stack> {
  const undo = new Undo();
  return undo.orKeep(async () => {
    const state = temporaryFolder("state");
    undo.add(() => state.remove());
    const provider = await startProvider();
    undo.add(() => provider.stop());
    undo.add(followKeys(provider, join(state.path, keysFile)));
    const upstream = await startUpstream();
    undo.add(() => upstream.stop());
    const { issuer, clientId } = provider;
    const traefik = await startTraefik({
      ...rest,
      dynamic: demoConfiguration({ issuer, clientId, upstreamUrl: upstream.url }),
      mounts: { [stateMount]: state.path },
      entryPoints: { web: port },
    });
    undo.add(() => traefik.stop());
    const stop = () => undo.all();
    return { url: traefik.url, provider, upstream, traefik, stateFolder: state.path, stop };
  });
}
