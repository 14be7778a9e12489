/**
 * Asks for what the options leave open; without a terminal this is an error that names the options.
 */
import { CliError, EXIT } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import {
  type Answers,
  CHECKS,
  type Install,
  PRESETS,
  type Preset,
  type Target,
  TARGETS,
} from "./answers.ts";

export interface Given {
  target?: Target;
  install?: Install;
  issuer?: string;
  clientId?: string;
  publicUrl?: string;
  service?: string;
  preset?: Preset;
  bearerOnly?: true;
  publicClient?: true;
  keysPort: string;
  yes?: true;
}

const QUESTIONS = {
  issuer: ["Who issues tokens?", "https://sso.example.com/realms/main", "--issuer"],
  clientId: ["What is the application's client id there?", "app", "--client-id"],
  publicUrl: ["Under which address do browsers see it?", "https://app.example.com", "--public-url"],
  service: ["Where does it listen, as Traefik reaches it?", "http://127.0.0.1:4200", "--service"],
} as const;

export async function answersOf(options: Given, terminal: Terminal): Promise<Answers> {
  const given = withTarget(options);
  const open = (Object.keys(QUESTIONS) as (keyof typeof QUESTIONS)[]).filter(
    (name) =>
      given[name] === undefined &&
      !(name === "publicUrl" && given.bearerOnly && given.target === undefined),
  );
  const isAsking = terminal.isInteractive && !given.yes;
  if (open.length > 0 && !isAsking) {
    throw new CliError(
      "answers_missing",
      `not given: ${open.map((name) => QUESTIONS[name][2]).join(", ")}`,
      "there is no terminal to ask on, or --yes says not to",
    );
  }
  const asked = isAsking ? await ask(given, open) : given;
  return {
    target: asked.target ?? "file",
    install: asked.install === "catalogue" ? "catalogue" : "local",
    issuer: CHECKS.issuer(asked.issuer!),
    clientId: CHECKS.clientId(asked.clientId!),
    publicUrl: CHECKS.publicUrl(asked.publicUrl!),
    service: CHECKS.service(asked.service!),
    preset: asked.preset ?? "signed-in",
    signIn: !asked.bearerOnly,
    clientSecret: !asked.publicClient,
    keysPort: portOf(asked.keysPort),
  };
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

async function ask(given: Given, open: (keyof typeof QUESTIONS)[]): Promise<Given> {
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
  for (const name of open) {
    const [message, placeholder] = QUESTIONS[name];
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
    const options = PRESETS.map((value) => ({ value, label: PRESET_LABELS[value] }));
    answers.preset = taken(
      await prompts.select({ message: "Who may do what, to begin with?", options, output }),
    );
  }
  return answers;
}

function complaintOf(name: keyof typeof QUESTIONS, text: string): string | undefined {
  try {
    CHECKS[name](text);
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
  "read-write": "viewers read, editors write",
  prefect: "Prefect: viewer, runner, worker, developer, owner",
};
