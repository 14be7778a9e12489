/**
 * The development stack with sign-in: browsers come to one address, are sent to the provider's page
 * and back. With TLS and HTTP/2 if wanted, and with several Traefik that share secrets and, unless
 * it is not wanted, the state folder.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startBalancer, type Balancer } from "./upstream/balancer.ts";
import { selfSigned } from "./machine/certificate.ts";
import { temporaryFolder } from "./machine/cleanup.ts";
import { Undo } from "./machine/undo.ts";
import { gate, keysFile, stateMount } from "./demo.ts";
import { waitForKeys } from "./traefik/fetched-keys.ts";
import { followKeys } from "./provider/jwks-file.ts";
import { loopback } from "./machine/ports.ts";
import type { ClientAuthentication } from "./provider/clients.ts";
import { startProvider, type Provider } from "./provider/provider.ts";
import { internalEntryPoint, signInConfiguration } from "./sign-in.ts";
import { stateFile } from "./traefik/state-files.ts";
import type { Stack, StackOptions } from "./stack.ts";
import { merge, type Tree } from "./traefik/config.ts";
import { startTraefik } from "./traefik/traefik.ts";
import type { Traefik } from "./traefik/running.ts";
import { startUpstream } from "./upstream/upstream.ts";

export interface SignInOptions extends StackOptions {
  /** Host name of the application. Plain http is for `localhost` alone. */
  host?: string;
  /** Others under which people find it, and sign in. */
  alsoHosts?: string[];
  tls?: boolean;
  /** Number of Traefiks. They share secrets, and a balancer is in front of them. */
  replicas?: number;
  /** False: each of the replicas has a state folder of its own. */
  sharedState?: boolean;
  /** Where the state folders are; the system's temporary folder when absent. */
  stateParent?: string;
  authentication?: ClientAuthentication;
  /** Merged into the plugin's block. */
  block?: Tree;
  /** Merged into Traefik's dynamic configuration. */
  dynamic?: Tree;
  /** How often the fetcher of keys is visited: Traefik's duration. */
  interval?: string;
  /** How long the provider may take to answer: Traefik's duration. */
  patience?: string;
  /** The session's secret; a random one when absent. */
  secret?: string;
  /** A provider that runs already, which the caller stops. */
  provider?: Provider;
  /**
   * False: the file of keys is kept from outside, as in the stack without sign-in. So it is without
   * a state folder.
   */
  fetchKeys?: boolean;
  /** False: gives the stack back before there are keys. */
  waitForKeys?: boolean;
  /** False: revoked sessions, single refresh and fetched keys have no place. */
  state?: boolean;
  /** An engine that the replicas share in place of a folder. */
  store?: SharedStore;
}

export interface SharedStore {
  /** The block's `store`. */
  block: Tree;
  /** Its address, as each of the replicas reaches it. */
  urls: string[];
  /** How often each reads it: Traefik's duration. */
  interval: string;
  /** Its credentials. */
  envs?: Record<string, string>;
}

export interface SignInStack extends Stack {
  /** What browsers see, `http://localhost:port`: the `publicUrl`. */
  url: string;
  replicas: Traefik[];
  /** In front of the replicas, when they are several. */
  balancer: Balancer | null;
  /** The session's secret, as the guest gets it. */
  secret: string;
  /** Id of its client at the provider. */
  clientId: string;
  /** The folder that each replica's guests see as `/state`. */
  stateFolders: string[];
  /**
   * Merges into the plugin's block, and into Traefik's configuration, and waits until all replicas
   * go by it.
   */
  reconfigure(block: Tree, dynamic?: Tree): Promise<void>;
  /**
   * Starts another Traefik in the place of a replica, on the same state folder, and ends the old
   * one: once the new one takes connections, or first, by SIGKILL. `pluginDir` is for all that
   * start from now on.
   */
  replace(index: number, how: { killed: boolean; pluginDir?: string }): Promise<void>;
}

export function startSignInStack(options: SignInOptions = {}): Promise<SignInStack> {
  const undo = new Undo();
  return undo.orKeep(() => start(options, undo));
}

async function start(options: SignInOptions, undo: Undo): Promise<SignInStack> {
  const { port = 0, host = "localhost", tls = false, replicas: count = 1 } = options;
  const { authentication = "basic", interval = "1s", patience = "10s" } = options;
  const folder = temporaryFolder("sign-in");
  undo.add(() => folder.remove());
  const { sharedState = true, stateParent } = options;
  const states = stateParent === undefined ? folder : temporaryFolder("state", stateParent);
  undo.add(() => states.remove());
  const stateFolders = Array.from({ length: count }, (_, index) =>
    join(states.path, sharedState || index === 0 ? "state" : `state-${index}`),
  );
  const [stateFolder] = stateFolders as [string];
  const secretFolder = join(folder.path, "secret");
  for (const path of new Set([...stateFolders, secretFolder])) mkdirSync(path);
  const provider = options.provider ?? (await startProvider());
  if (!options.provider) undo.add(() => provider.stop());
  if (options.state === false || options.fetchKeys === false)
    undo.add(followKeys(provider, join(stateFolder, nameOfKeys(provider, options))));
  const upstream = await startUpstream();
  undo.add(() => upstream.stop());
  const balancer = count > 1 ? await startBalancer(port) : null;
  if (balancer) undo.add(() => balancer.stop());

  const { clients, issuer } = provider;
  const key = clients.key.privateKey.export({ format: "pem", type: "pkcs8" });
  writeFileSync(join(secretFolder, "client.pem"), key, { mode: 0o600 });
  const files = {
    certFile: join(folder.path, "certificate.pem"),
    keyFile: join(folder.path, "key.pem"),
  };
  if (tls) {
    const made = await selfSigned([host, "localhost", loopback]);
    writeFileSync(files.certFile, made.certificate);
    writeFileSync(files.keyFile, made.key, { mode: 0o600 });
  }
  const secret = options.secret ?? randomBytes(32).toString("base64url");
  const { store } = options;
  const envs = { SESSION_SECRET: secret, CLIENT_SECRET: clients.secret, ...store?.envs };
  const { alsoHosts } = options;
  const urlOf = (name: string, at: number) => `${tls ? "https" : "http"}://${name}:${at}`;

  let block = options.block ?? {};
  let more = options.dynamic ?? {};
  const dynamic = (index: number, ports: Record<string, number>): Tree => {
    const { jwksFile: _, ...base } = gate({
      issuer,
      clientId: clients.idOf(authentication),
      upstreamUrl: upstream.url,
    });
    const at = balancer?.port ?? ports.web!;
    const publicUrl = [host, ...(alsoHosts ?? [])].map((name) => urlOf(name, at));
    const own = signInBlock(publicUrl, authentication, options);
    const made = signInConfiguration({
      block: merge(merge(base, own), block),
      host,
      ...(alsoHosts ? { alsoHosts } : {}),
      upstreamUrl: upstream.url,
      providerUrl: provider.url,
      internalUrl: `http://${loopback}:${ports[internalEntryPoint]}`,
      interval,
      patience,
      tls: tls ? files : null,
      ...(store ? { engine: { url: store.urls[index]!, interval: store.interval } } : {}),
    });
    return merge(made, more);
  };

  let { pluginDir } = options;
  const replicas: Traefik[] = [];
  const launch = (index: number) =>
    startTraefik({
      logLevel: options.logLevel,
      pluginDir,
      binary: options.binary,
      dynamic: (ports) => dynamic(index, ports),
      mounts: { [stateMount]: stateFolders[index]!, "/secret": `${secretFolder}:ro` },
      envs,
      entryPoints: { web: balancer ? 0 : port, [internalEntryPoint]: 0 },
    });
  for (let i = 0; i < count; i++) {
    const traefik = await launch(i);
    undo.add(() => replicas[i]!.stop());
    replicas.push(traefik);
    balancer?.targets.push(traefik.ports.web!);
  }
  const [traefik] = replicas as [Traefik];
  const at = balancer?.port ?? traefik.ports.web!;
  const url = urlOf(host, at);
  for (const name of [host, ...(alsoHosts ?? [])]) clients.serve(urlOf(name, at));
  for (const each of (options.waitForKeys ?? true) ? stateFolders : [])
    await waitForKeys(join(each, nameOfKeys(provider, options)), traefik);
  return {
    url,
    provider,
    upstream,
    get traefik() {
      return replicas[0]!;
    },
    replicas,
    balancer,
    secret,
    clientId: clients.idOf(authentication),
    stateFolder,
    stateFolders,
    async reconfigure(change, changeAround = {}) {
      block = merge(block, change);
      more = merge(more, changeAround);
      for (const [index, replica] of replicas.entries())
        await replica.configure(dynamic(index, replica.ports));
    },
    async replace(index, how) {
      if (!balancer) throw new Error("a lone Traefik has its address to itself");
      ({ pluginDir = pluginDir } = how);
      const old = replicas[index]!;
      const shift = (...to: number[]) => {
        const at = balancer.targets.indexOf(old.ports.web!);
        if (at >= 0) balancer.targets.splice(at, 1, ...to);
      };
      if (how.killed) {
        await old.kill();
        shift();
        await old.stop();
      }
      const fresh = await launch(index);
      replicas[index] = fresh;
      if (how.killed) balancer.targets.push(fresh.ports.web!);
      else {
        shift(fresh.ports.web!);
        await old.stop();
      }
    },
    stop: () => undo.all(),
  };
}

/** What sign-in adds to the demo's block. */
function signInBlock(
  publicUrl: string[],
  authentication: ClientAuthentication,
  { state = true, store }: SignInOptions,
): Tree {
  const proof: Record<ClientAuthentication, Tree> = {
    basic: { clientSecret: "env:CLIENT_SECRET" },
    post: { clientSecret: "env:CLIENT_SECRET" },
    none: {},
    private_key_jwt: { clientKey: "file:/secret/client.pem" },
  };
  return {
    publicUrl: publicUrl.length === 1 ? publicUrl[0] : publicUrl,
    session: { secrets: ["env:SESSION_SECRET"] },
    login: { clientAuth: authentication, ...proof[authentication] },
    ...(state ? { stateDir: stateMount } : { jwksFile: `${stateMount}/${keysFile}` }),
    ...(store ? { store: store.block } : {}),
  };
}

function nameOfKeys({ issuer }: Provider, { state = true }: SignInOptions): string {
  return state ? stateFile("jwks", issuer) : keysFile;
}
