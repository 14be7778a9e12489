/**
 * Asks for what the options leave open; without a terminal this is an error that names the options.
 */
import { CliError, EXIT } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { filled } from "../providers/row.ts";
import { PROVIDER_NAMES, type ProviderName, rowOf } from "../providers/table.ts";
import {
  type Answers,
  CHECKS,
  type Install,
  PRESETS,
  type Preset,
  type Store,
  type Target,
  TARGETS,
} from "./answers.ts";
import { ENGINE_EXAMPLE, storeOf } from "./store.ts";

export interface Given {
  target?: Target;
  install?: Install;
  provider?: ProviderName;
  issuer?: string;
  clientId?: string;
  audience?: string;
  publicUrl?: string;
  service?: string;
  preset?: Preset;
  bearerOnly?: true;
  publicClient?: true;
  keysPort: string;
  replicas?: string;
  store?: string;
  yes?: true;
}

const QUESTIONS = {
  issuer: ["Who issues tokens?", "https://sso.example.com/realms/main", "--issuer"],
  clientId: ["What is the application's client id there?", "app", "--client-id"],
  audience: ["What do its tokens have in `aud`?", "344374183645413380", "--audience"],
  publicUrl: ["Under which address do browsers see it?", "https://app.example.com", "--public-url"],
  service: ["Where does it listen, as Traefik reaches it?", "http://127.0.0.1:4200", "--service"],
} as const;
type Question = keyof typeof QUESTIONS;

export async function answersOf(options: Given, terminal: Terminal): Promise<Answers> {
  const given = withTarget(options);
  const isAsking = terminal.isInteractive && !given.yes;
  const open = openOf(given);
  if (open.length > 0 && !isAsking) {
    throw new CliError(
      "answers_missing",
      `not given: ${open.map((name) => QUESTIONS[name][2]).join(", ")}`,
      "there is no terminal to ask on, or --yes says not to",
    );
  }
  const asked = isAsking ? await ask(given) : given;
  const row = asked.provider ? rowOf(asked.provider) : null;
  const known = {
    issuer: CHECKS.issuer(asked.issuer ?? row!.issuer),
    clientId: asked.clientId === undefined ? null : CHECKS.clientId(asked.clientId),
    publicUrl: CHECKS.publicUrl(asked.publicUrl!),
    audience: asked.audience ?? null,
  };
  const target = asked.target ?? "file";
  const signIn = !asked.bearerOnly && !row?.bearerOnly;
  const replicas = replicasOf(asked.replicas);
  const answers = {
    ...{ target, provider: asked.provider ?? null },
    install: asked.install === "catalogue" ? "catalogue" : "local",
    ...known,
    audience: known.audience ?? (row?.audience === undefined ? null : filled(row.audience, known)),
    metadata: row?.metadata === undefined ? null : filled(row.metadata, known),
    service: CHECKS.service(asked.service!),
    preset: presetOf(asked),
    signIn,
    clientSecret: !asked.publicClient,
    keysPort: portOf(asked.keysPort),
    replicas,
    store: sharedBy(replicas, asked.store, { target, signIn }),
  } as const;
  return answers;
}

/** What the options and the provider's row leave open. */
function openOf(given: Given): Question[] {
  const row = given.provider ? rowOf(given.provider) : null;
  const isNeeded: Record<Question, boolean> = {
    issuer: !row?.isOnlyIssuer,
    clientId: row?.clientId !== null,
    audience: row?.exampleAudience !== undefined,
    ...{ publicUrl: true, service: true },
  };
  return (Object.keys(QUESTIONS) as Question[]).filter(
    (name) => isNeeded[name] && given[name] === undefined,
  );
}

/** A rule for all who have signed in protects nothing if anyone can sign in. */
function presetOf({ provider, preset }: Given): Preset {
  const everybody = provider && rowOf(provider).everybody;
  if (preset === "signed-in" && everybody) {
    throw new CliError(
      "preset_open",
      `with ${rowOf(provider).title}, preset signed-in lets in ${everybody}`,
      "--preset admin or read-write takes roles",
    );
  }
  return preset ?? (provider ? "admin" : "signed-in");
}

/** `--install helm` implies the target. */
function withTarget(given: Given): Given {
  const { install, target } = given;
  if (install === "catalogue" && target === "kubernetes") {
    throw new CliError(
      "install_conflict",
      "--target kubernetes writes nothing of Traefik itself, and so no plugin",
      "--target helm --install catalogue writes both",
    );
  }
  if (install !== "helm") return given;
  if (target === undefined || target === "helm") return { ...given, target: "helm" };
  throw new CliError("install_conflict", `--install helm is not for --target ${target}`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new CliError("port_invalid", `${text} is no port`);
}

function replicasOf(text = "1"): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= MOST_REPLICAS) return count;
  throw new CliError("replicas_invalid", `${text} is no number of Traefiks`);
}

const MOST_REPLICAS = 1_000;
const ENGINE_HINT = `${ENGINE_EXAMPLE} writes an engine that they share`;
const isCluster = (target: Target) => target === "kubernetes" || target === "helm";

/** Without sign-in they need nothing in common. */
function sharedBy(
  replicas: number,
  text: string | undefined,
  { target, signIn }: { target: Target; signIn: boolean },
): Store | null {
  if (!signIn) {
    if (text === undefined) return null;
    const why = "without sign-in Traefiks share nothing";
    throw new CliError("store_useless", why, "leave --store out");
  }
  const store = text === undefined ? null : storeOf(text);
  if (isCluster(target) && store === null && (replicas > 1 || text !== undefined)) {
    const why = "Traefiks of a cluster have no folder in common that init could write";
    throw new CliError("store_missing", why, ENGINE_HINT);
  }
  return store;
}

async function ask(given: Given): Promise<Given> {
  const prompts = await import("@clack/prompts");
  const output = process.stderr;
  const taken = <T>(value: T): Exclude<T, symbol> => {
    if (!prompts.isCancel(value)) return value as Exclude<T, symbol>;
    throw new CliError("cancelled", "nothing was written", "", EXIT.interrupted);
  };
  const answers: Given = { ...given };
  prompts.intro("Rolegate", { output });
  if (given.target === undefined) {
    const options = TARGETS.map((value) => ({ value, label: TARGET_LABELS[value] }));
    answers.target = taken(
      await prompts.select({ message: "How is Traefik configured?", options, output }),
    );
  }
  if (given.provider === undefined && given.issuer === undefined) {
    const other = { value: "", label: "another one" };
    const options = PROVIDER_NAMES.map((value) => ({ value, label: rowOf(value).title }));
    const named = taken(
      await prompts.select({
        message: "Which provider is it?",
        options: [other, ...options],
        output,
      }),
    );
    if (named !== "") answers.provider = named as ProviderName;
  }
  const row = answers.provider ? rowOf(answers.provider) : null;
  for (const name of openOf(answers)) {
    const [message, general] = QUESTIONS[name];
    const placeholder = (name === "issuer" && row?.issuer) || general;
    answers[name] = taken(
      await prompts.text({
        message,
        placeholder,
        output,
        validate: (text) => complaintOf(name, text ?? ""),
      }),
    );
  }
  if (given.preset === undefined) {
    const isOpen = row?.everybody !== undefined;
    const options = PRESETS.filter((value) => !(isOpen && value === "signed-in")).map((value) => ({
      value,
      label: PRESET_LABELS[value],
    }));
    answers.preset = taken(
      await prompts.select({ message: "Who may do what, to begin with?", options, output }),
    );
  }
  if (given.replicas === undefined) {
    answers.replicas = taken(
      await prompts.text({
        message: "How many Traefiks are there?",
        initialValue: "1",
        output,
        validate: (text) => complaint(() => replicasOf(text)),
      }),
    );
  }
  const signIn = !answers.bearerOnly && !row?.bearerOnly;
  if (given.store === undefined && replicasOf(answers.replicas) > 1 && signIn) {
    const around = { target: answers.target ?? "file", signIn };
    const hasFolder = !isCluster(around.target);
    answers.store = taken(
      await prompts.text({
        message: hasFolder
          ? "Which engine or folder do they share?"
          : "Which engine do they share?",
        placeholder: `etcd=http://etcd:2379${hasFolder ? ", or folder" : ""}`,
        output,
        validate: (text) => complaint(() => sharedBy(2, text ?? "", around)),
      }),
    );
  }
  return answers;
}

const complaintOf = (name: Question, text: string) => complaint(() => CHECKS[name](text));

function complaint(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const { message, hint } = error as CliError;
    return hint ? `${message}: ${hint}` : message;
  }
}

const TARGET_LABELS: Record<Target, string> = {
  file: "files beside it",
  docker: "labels of Docker containers",
  kubernetes: "resources in Kubernetes",
  helm: "its Helm chart, and resources in Kubernetes",
};

const PRESET_LABELS: Record<Preset, string> = {
  "signed-in": "whoever has signed in may do everything",
  admin: "viewers use it, owners also what is below /admin",
  "read-write": "viewers read, editors write",
  prefect: "Prefect: viewer, runner, worker, developer, owner",
};
