/**
 * Several Traefiks share an engine that people already run, or one folder: the names, paths and
 * values of it that all targets write.
 */
import { CliError } from "../failure.ts";
import type { Answers, Store } from "./answers.ts";
import type { Tree } from "../providers/row.ts";

const KINDS = ["etcd", "consul"] as const;

/** For hints. */
export const ENGINE_EXAMPLE = "--store etcd=http://etcd:2379";

/** A folder that all of them write. */
const FOLDER = "folder";

/**
 * `etcd=http://rolegate@etcd:2379`, or `consul=http://token@consul:8500` where it asks for a token;
 * null for a folder.
 */
export function storeOf(text: string): Store | null {
  if (text === FOLDER) return null;
  const [, name = "", address = ""] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const kind = KINDS.find((it) => it === name);
  const url = URL.canParse(address) ? new URL(address) : null;
  const isOrigin = url?.pathname === "/" && url.search === "" && url.hash === "";
  if (!kind || !url || !isOrigin || !/^https?:$/.test(url.protocol)) {
    throw new CliError(
      "store_invalid",
      `${text} is no store`,
      "give etcd=http://etcd:2379 (with rolegate@ before the host if it has users), consul=http://consul:8500 (with token@ if it has ACLs), or folder",
    );
  }
  if (url.password !== "") {
    throw new CliError(
      "store_invalid",
      "a password in an address can be read by others",
      `give it in ${VARIABLES[kind]}, and only a name before the host`,
    );
  }
  return { kind, origin: url.origin, user: decodeURIComponent(url.username) || null };
}

/** The environment variable with the credential. */
const VARIABLES: Record<Store["kind"], string> = {
  etcd: "ETCD_PASSWORD",
  consul: "CONSUL_TOKEN",
};

export function variableOf(store: Store | null): string | null {
  return store === null || store.user === null ? null : VARIABLES[store.kind];
}

/** The block's `store`. */
export function storeBlock(store: Store): Tree {
  const { kind, user } = store;
  if (user === null) return { kind };
  const secret = `env:${VARIABLES[kind]}`;
  return kind === "etcd" ? { kind, username: user, password: secret } : { kind, token: secret };
}

/** Paths of the engine's public router, below `login.path`. */
const PUBLIC_PATHS = ["store", "backchannel-logout"];

export const publicStoreRule = (path: string) =>
  `(${PUBLIC_PATHS.map((name) => `Path(\`${path}/${name}\`)`).join(" || ")})`;

export const STORE = {
  /** Read at the entry point of the keys. */
  path: "/oidc/store",
  tick: "/oidc/store-tick",
  interval: "2s",
} as const;

/** Names of the environment variables that the plugin reads. */
export function variablesOf({ signIn, clientSecret, store }: Answers): string[] {
  const engine = variableOf(store);
  return [...(signIn && clientSecret ? ["CLIENT_SECRET"] : []), ...(engine ? [engine] : [])];
}

/** The remaining step where several share one folder. */
export function folderHint({ replicas, store, signIn }: Answers): string[] {
  if (replicas < 2 || store !== null || !signIn) return [];
  return [
    `# all ${replicas} Traefiks mount this one ./state: a local file system of one machine (ext4, xfs), never NFS`,
  ];
}

/** The remaining step for the engine's credential. */
export function engineHint(answers: Answers): string[] {
  const { store } = answers;
  const variable = variableOf(store);
  if (store === null || variable === null) return [];
  const what =
    store.kind === "etcd" ? `the password of etcd's user ${store.user}` : "Consul's token";
  return [`export ${variable}=…    # ${what}: docs/operations.md says what it may do`];
}
