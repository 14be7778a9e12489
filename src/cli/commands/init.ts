/**
 * `rolegate init`: asks for what is needed, checks the provider, and writes Traefik's
 * configuration.
 */
import { join } from "node:path";
import { Option } from "commander";
import type { Context, Entry } from "../command.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import type { Answers } from "../init/answers.ts";
import type { Given } from "../init/ask.ts";
import { PROVIDER_SETUPS, type ProviderSetup } from "../init/keycloak.ts";
import type { Plan, PlannedFile } from "../init/planned.ts";
import type { Metadata } from "../keys/discovery.ts";
import { PROVIDER_NAMES, providerOfIssuer, rowOf } from "../providers/table.ts";
import type { Setup } from "../source/model.ts";

interface Options extends Given {
  out: string;
  dryRun?: true;
  force?: true;
  offline?: true;
  add?: string;
  providerSetup?: ProviderSetup;
}

export const init: Entry = {
  name: "init",
  summary: "write Traefik's configuration: asks, or takes options",
  examples: [
    { command: "rolegate init", does: "asks what it needs to know" },
    {
      command:
        "rolegate init --yes --issuer https://sso.example.com/realms/main --client-id app --public-url https://app.example.com --service http://127.0.0.1:4200",
      does: "the same in a script",
    },
    { command: "rolegate init --target docker --dry-run", does: "shows what it would write" },
    {
      command: "rolegate init --target helm --replicas 3 --store etcd=http://rolegate@etcd:2379",
      does: "for three Traefiks, which share etcd",
    },
    {
      command: "rolegate init --add wiki",
      does: "one more application, in the set-up of this folder",
    },
  ],
  define(command, act) {
    command
      .addOption(
        new Option("--target <target>", "how Traefik is configured").choices([
          "file",
          "docker",
          "kubernetes",
          "helm",
        ]),
      )
      .addOption(
        new Option("--install <way>", "where Traefik gets the plugin (default: local)").choices([
          "local",
          "catalogue",
          "helm",
        ]),
      )
      .addOption(
        new Option("--provider <name>", "whose block of docs/providers it is").choices(
          PROVIDER_NAMES,
        ),
      )
      .addOption(
        new Option(
          "--provider-setup <form>",
          "also write what makes client and roles at Keycloak",
        ).choices(PROVIDER_SETUPS),
      )
      .option("--issuer <issuer>", "who issues tokens, as they have it in `iss`")
      .option("--client-id <id>", "the application's client at the provider")
      .option("--audience <aud>", "what tokens have in `aud`, if not the client's id")
      .option("--public-url <url>", "the address under which browsers see the application")
      .option("--service <url>", "where the application listens, as Traefik reaches it")
      .addOption(
        new Option("--preset <preset>", "who may do what, to begin with").choices([
          "signed-in",
          "admin",
          "read-write",
          "prefect",
        ]),
      )
      .option("--add <name>", "one more application, in the set-up that --out has")
      .option("--bearer-only", "no sign-in: callers bring tokens")
      .option("--public-client", "the client has no secret")
      .option("--keys-port <port>", "for the fetcher of keys, on the loopback address", "8088")
      .option("--replicas <n>", "how many Traefiks there are (default: 1)")
      .option(
        "--store <kind=url>",
        "what they share: etcd=http://etcd:2379, consul=http://consul:8500, or folder",
      )
      .option("-o, --out <folder>", "where to write", ".")
      .option("--dry-run", "write nothing, show everything but secrets")
      .option("--force", "over files that are there")
      .option("--offline", "do not ask the provider")
      .option("-y, --yes", "ask nothing")
      .action(act(async (context, options: Options) => run(options, context)));
  },
};

async function run(options: Options, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  if (options.add !== undefined) {
    const { add } = await import("../init/add/run.ts");
    await add(options.add, options, context, mustBeRight);
    return EXIT.ok;
  }
  const { answersOf } = await import("../init/ask.ts");
  const { planOf } = await import("../init/plan.ts");
  const { writePlan } = await import("../init/write.ts");
  const { atProvider, rolesAtProvider } = await import("../init/at-provider.ts");
  const { keycloakFile } = await import("../init/keycloak.ts");
  const given = await answersOf(options, terminal);
  if (options.offline && given.provider !== null && rowOf(given.provider).needsMetadata) {
    throw new CliError(
      "offline_impossible",
      `only ${rowOf(given.provider).title} itself can say where its endpoints are`,
      "leave --offline out",
    );
  }
  const answers = options.offline
    ? given
    : { ...given, metadata: await askProvider(given, context) };
  const plan = planOf(answers);
  if (options.providerSetup !== undefined) {
    const { file, next } = keycloakFile(options.providerSetup, answers, rolesAtProvider(answers));
    plan.files.push(file);
    // The script sets the secret; a file is for the console.
    plan.next = [...next, ...plan.next.filter((line) => !isDone(line, next))];
  }
  const setup = await setupOf(plan);
  await mustBeRight(setup);
  plan.files.push(await firstTable(setup));
  if (options.dryRun) show(plan, context);
  else {
    writePlan(plan, options.out, options.force === true);
    for (const { path, secret } of plan.files)
      terminal.note(`wrote ${join(options.out, path)}${secret ? ", which only you can read" : ""}`);
  }
  const likely = answers.provider === null ? providerOfIssuer(answers.issuer) : undefined;
  if (likely !== undefined) {
    terminal.note(
      `\nThis looks like ${rowOf(likely).title}: --provider ${likely} writes what it wants, and says what to do there.`,
    );
  }
  terminal.note(`\n${headOf(answers)}\n${atProvider(answers).join("\n")}\n`);
  const next =
    options.out === "." || options.dryRun ? plan.next : [`cd ${options.out}`, ...plan.next];
  terminal.note(`Then:\n${next.map((line) => `  ${line}`).join("\n")}`);
  return EXIT.ok;
}

function headOf({ clientId, provider, issuer }: Answers): string {
  const where = provider === null ? issuer : `${rowOf(provider).title}, ${issuer}`;
  return `At the provider (${where})${clientId === null ? "" : `, for the client ${clientId}`}:`;
}

/** True if one of those lines sets the client's secret already. */
const isDone = (line: string, lines: string[]) =>
  line.startsWith("export CLIENT_SECRET=") && lines.some((it) => it.startsWith("eval "));

/** Discovers the provider, and checks that the plugin can use its keys. */
async function askProvider({ issuer, signIn }: Answers, context: Context): Promise<Metadata> {
  const { discover } = await import("../keys/discovery.ts");
  const { fetchText } = await import("../keys/fetch.ts");
  const { judgeKeySet } = await import("../keys/judge.ts");
  const metadata = await discover(issuer, context);
  const missing = [
    "jwks_uri",
    ...(signIn ? ["authorization_endpoint", "token_endpoint"] : []),
  ].filter((name) => typeof metadata[name] !== "string");
  if (missing.length > 0) {
    throw new CliError(
      "metadata_incomplete",
      `${issuer} does not name its ${missing.join(", ")}`,
      "",
      EXIT.outside,
    );
  }
  const { usable, words } = await judgeKeySet(await fetchText(metadata.jwks_uri!, context));
  if (usable === 0) {
    throw new CliError(
      "no_usable_key",
      `${metadata.jwks_uri}: ${words.join("; ")}`,
      "",
      EXIT.outside,
    );
  }
  const keys = usable === 1 ? "one usable key" : `${usable} usable keys`;
  context.terminal.note(`${issuer} is there, with ${keys}.`);
  return metadata;
}

/** The files that will be written, as the other commands would read them. */
async function setupOf({ files }: Plan): Promise<Setup> {
  const { SourceFile } = await import("../source/file.ts");
  const { setupOf: read } = await import("../source/setup.ts");
  return read(
    files
      .filter(
        ({ path, secret }) =>
          /\.ya?ml$/.test(path) && !secret && !path.startsWith("plugins-local/"),
      )
      // A path that does not exist, so that files already on the disk are not read.
      .map(({ path, content }) => new SourceFile(`${NOWHERE}${path}`, String(content))),
  );
}

const NOWHERE = "(init)/";
const CLIENT_SECRET_PATH = "login.clientSecret";

/** Throws unless it passes `check`. */
async function mustBeRight(setup: Setup): Promise<void> {
  const { checkSetup } = await import("../check/run.ts");
  const { pluginWasm } = await import("../plugin.ts");
  const { findings } = await checkSetup(setup, pluginWasm());
  const error = findings.find(({ severity }) => severity === "error");
  if (!error) return;
  if (error.path === CLIENT_SECRET_PATH) {
    throw new CliError(
      "secret_weak",
      `CLIENT_SECRET in the environment: ${error.message}`,
      "let the provider make a new secret",
      EXIT.found,
    );
  }
  throw new CliError(
    "not_right",
    `what it would write is wrong: ${error.message}`,
    "if the answers are right, this is a bug: please report it",
    EXIT.found,
  );
}

/** A table of who may do what, as the plugin decides by the new block, for people to correct. */
async function firstTable(setup: Setup): Promise<PlannedFile> {
  const { openSetup } = await import("../middleware/files.ts");
  const { firstTable } = await import("../table/first.ts");
  const { tableText } = await import("../table/write.ts");
  const gate = openSetup(setup, { mount: [] });
  try {
    const first = await firstTable(gate.block, gate.host, gate.open);
    const head = [
      "Who may do what, made by `rolegate init`: change it into what you mean, and run",
      `rolegate test ${TABLE}`,
    ];
    return {
      path: TABLE,
      content: tableText({ head, config: [gate.file.slice(NOWHERE.length)], ...first }),
    };
  } finally {
    gate.remove();
  }
}

const TABLE = "rolegate.test.yml";

function show({ files }: Plan, { terminal }: Context): void {
  for (const { path, content, secret } of files) {
    const isShown = typeof content === "string" && !secret;
    terminal.out(terminal.colors.bold(`── ${path}`));
    terminal.out(
      isShown
        ? content.trimEnd()
        : terminal.colors.dim(secret ? "(a secret, made when it is written)" : "(the plugin)"),
    );
    terminal.out();
  }
}
