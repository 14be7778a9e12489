/**
 * Several Traefiks share an engine that people already run, or one folder: the names, paths and
 * values of it that all targets write.
 */
import { CliError } from "../failure.ts";
import type { Answers, Store } from "./answers.ts";
import type { Tree } from "../providers/row.ts";

const KINDS = ["etcd"] as const;

/** A folder that all of them write. */
const FOLDER = "folder";

/** `etcd=http://rolegate@etcd:2379`; null for a folder. */
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
      "give etcd=http://etcd:2379, with rolegate@ before the host if it has users, or folder",
    );
  }
  if (url.password !== "") {
    throw new CliError(
      "store_invalid",
      "a password in an address can be read by others",
      `give it in ${VARIABLES[kind]}, and the user's name alone before the host`,
    );
  }
  return { kind, origin: url.origin, user: decodeURIComponent(url.username) || null };
}

/** The environment variable with the credential. */
const VARIABLES: Record<Store["kind"], string> = { etcd: "ETCD_PASSWORD" };

export function variableOf(store: Store | null): string | null {
  return store === null || store.user === null ? null : VARIABLES[store.kind];
}

/** The block's `store`. */
export function storeBlock(store: Store): Tree {
  const { kind, user } = store;
  return user === null ? { kind } : { kind, username: user, password: `env:${VARIABLES[kind]}` };
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
  return [
    `export ${variable}=…    # the password of etcd's user ${store.user}: docs/operations.md says what it may do`,
  ];
}
