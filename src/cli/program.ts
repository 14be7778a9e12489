/**
 * Puts all commands together: help with examples, usage errors in one style, options that every
 * command has.
 */
import { Command, CommanderError, Help, type Option } from "commander";
import type { Act, Context, Entry, Example } from "./command.ts";
import { audit } from "./commands/audit.ts";
import { check } from "./commands/check.ts";
import { completion } from "./commands/completion.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { apikey } from "./commands/apikey.ts";
import { init } from "./commands/init.ts";
import { keys } from "./commands/keys.ts";
import { migrate } from "./commands/migrate.ts";
import { secret } from "./commands/secret.ts";
import { session } from "./commands/session.ts";
import { test } from "./commands/test.ts";
import { token } from "./commands/token.ts";
import { matrix } from "./commands/matrix.ts";
import { CliError, EXIT, type ExitCode } from "./failure.ts";
import { pluginVersion } from "./plugin.ts";

const ENTRIES: Entry[] = [
  init,
  check,
  explain,
  matrix,
  test,
  doctor,
  audit,
  migrate,
  secret,
  apikey,
  keys,
  token,
  session,
];

const EXAMPLES: Example[] = [
  { command: "rolegate init", does: "write Traefik's configuration" },
  { command: "rolegate check traefik.yml dynamic.yml", does: "find what is wrong with it" },
  {
    command: "rolegate explain -c dynamic.yml --role viewer /api",
    does: "say why a request is denied",
  },
  { command: "rolegate doctor https://app.example.com", does: "examine what runs" },
];

/** Width of help without a terminal. */
const WIDTH = 100;

export interface Program {
  command: Command;
  /** Exit code of the action that ran. */
  exit: ExitCode;
}

export function createProgram(context: Context): Program {
  const command = new Command("rolegate");
  const program: Program = { command, exit: EXIT.ok };
  const act: Act =
    (work) =>
    async (...args) => {
      program.exit = await work(context, ...args);
    };
  configure(command, context);
  command
    .description(
      "Sets up Rolegate, finds what is wrong with it, and says why it decides as it does.",
    )
    .option("-V, --version", "print the command's version and the plugin's")
    .on("option:version", () => {
      context.terminal.out(`rolegate ${process.env.ROLEGATE_VERSION ?? "0.0.0"}`);
      context.terminal.out(`plugin.wasm ${pluginVersion()}`);
      throw new UsageStop(new CommanderError(EXIT.ok, "commander.version", ""), command);
    })
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show a command's help")
    .addHelpText("after", () => examplesText(EXAMPLES));
  for (const entry of [...ENTRIES, completion]) {
    const child = command.command(entry.name).summary(entry.summary).description(entry.summary);
    configure(child, context);
    child.helpOption("-h, --help", "show help");
    child.addHelpText("after", () => examplesText(entry.examples));
    entry.define(child, act);
    for (const grandchild of child.commands) configure(grandchild, context);
  }
  for (const child of all(command)) {
    child.option("--debug", "show where in the program an error came up");
    child.option("--no-color", "no colours; NO_COLOR does the same");
  }
  return program;
}

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)];
}

function configure(command: Command, { terminal }: Context): void {
  command
    .exitOverride((error) => {
      throw new UsageStop(error, command);
    })
    .showHelpAfterError(false)
    .showSuggestionAfterError(true);
  command.configureHelp({ optionDescription });
  command.configureOutput({
    writeOut: (text) => terminal.write(text),
    // commander's messages are thrown as well, and printed in one style.
    writeErr: () => {},
    getOutHelpWidth: () => Math.min(terminal.width, WIDTH),
    getErrHelpWidth: () => WIDTH,
  });
}

const help = new Help();

/** A repeatable option begins with an empty list, which is not shown as its default. */
function optionDescription(option: Option): string {
  const isList = Array.isArray(option.defaultValue);
  const shown = Object.assign(
    Object.create(option) as Option,
    isList ? { defaultValue: undefined } : {},
  );
  return help.optionDescription(shown);
}

function examplesText(examples: Example[]): string {
  if (examples.length === 0) return "";
  const width = Math.max(...examples.map(({ command }) => command.length));
  const fits = width <= 60;
  const lines = examples.map(({ command, does }) =>
    fits ? `  ${command.padEnd(width)}  ${does}` : `  ${command}\n      ${does}`,
  );
  return `\nExamples:\n${lines.join("\n")}`;
}

/** commander has ended: help is printed, or a command was called in a wrong way. */
export class UsageStop extends CommanderError {
  constructor(
    { exitCode, code, message }: CommanderError,
    readonly command: Command,
  ) {
    super(exitCode, code, message);
  }

  /** As an error of this command; null: it only printed help or the version. */
  toError(args: readonly string[]): CliError | null {
    if (this.exitCode === 0) return null;
    const hint = `${pathOf(this.command)} --help shows what there is`;
    if (this.code === "commander.help") {
      const [first, unknown] = args;
      return first === "help" && unknown !== undefined
        ? new CliError("unknown_command", `unknown command '${unknown}'`, hint)
        : new CliError("no_command", "no command given", hint);
    }
    const [message = "", ...more] = this.message.replace(/^error: /, "").split("\n");
    return new CliError(
      this.code.replace("commander.", "").replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
      message,
      more.join(" ").replace(/^\(|\)$/g, "") || hint,
    );
  }
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
