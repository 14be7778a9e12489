/** The whole development stack: provider, application, and Traefik with the plugin in front of it. */
import { join } from "node:path";
import { temporaryFolder } from "./cleanup.ts";
import { demoConfiguration, keysFile, stateMount } from "./demo.ts";
import { followKeys } from "./jwks-file.ts";
import { startProvider, type Provider } from "./provider.ts";
import { startTraefik, type TraefikOptions } from "./traefik.ts";
import type { Traefik } from "./traefik-running.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

export interface Stack {
  /** Of the protected application, `http://127.0.0.1:port`. */
  url: string;
  provider: Provider;
  upstream: Upstream;
  traefik: Traefik;
  /** The folder that the guest sees as `/state`. */
  stateFolder: string;
  stop(): Promise<void>;
}

export interface StackOptions extends Pick<TraefikOptions, "logLevel" | "pluginDir"> {
  /** Of the protected application; 0 or absent: one that is free. */
  port?: number;
}

/** Starts all parts, or none: when one fails, those before it are stopped. */
export async function startStack({ port = 0, ...rest }: StackOptions = {}): Promise<Stack> {
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (let last = undo.pop(); last; last = undo.pop()) await last();
  };
  try {
    const state = temporaryFolder("state");
    undo.push(() => state.remove());
    const provider = await startProvider();
    undo.push(() => provider.stop());
    undo.push(followKeys(provider, join(state.path, keysFile)));
    const upstream = await startUpstream();
    undo.push(() => upstream.stop());
    const { issuer, clientId } = provider;
    const traefik = await startTraefik({
      ...rest,
      dynamic: demoConfiguration({ issuer, clientId, upstreamUrl: upstream.url }),
      mounts: { [stateMount]: state.path },
      entryPoints: { web: port },
    });
    undo.push(() => traefik.stop());
    return { url: traefik.url, provider, upstream, traefik, stateFolder: state.path, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
