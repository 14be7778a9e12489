/** Completion scripts for bash, zsh and fish, made from the commands themselves: words, options and their choices. */
import type { Command, Option } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A command as completion sees it. */
interface Node {
  /** As in `apikey new`; empty for rolegate itself. */
  path: string;
  words: { word: string; says: string }[];
  options: { flags: string[]; says: string; takes: boolean; choices: readonly string[] }[];
}

function nodesOf(command: Command, path = ""): Node[] {
  const node: Node = {
    path,
    words: [
      ...command.commands.map((child) => ({ word: child.name(), says: child.summary() })),
      ...command.registeredArguments.flatMap(({ argChoices = [] }) =>
        argChoices.map((word) => ({ word, says: "" })),
      ),
    ],
    options: [...command.options, helpOf(command)].map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag != null),
      says: option.description,
      takes: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
  };
  const children = command.commands.flatMap((child) =>
    nodesOf(child, path === "" ? child.name() : `${path} ${child.name()}`),
  );
  return [node, ...children];
}

function helpOf(command: Command): Option {
  return command.createOption("-h, --help", "show help");
}

export function completionScript(command: Command, shell: Shell): string {
  const nodes = nodesOf(command);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](nodes);
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Words that may follow, by path; and by path and option the words that it takes, `-` for a file. */
function bashTables(nodes: Node[]): string {
  const next = nodes.map(({ path, words, options }) => {
    const all = [...words.map(({ word }) => word), ...options.flatMap(({ flags }) => flags)];
    return `    ${quote(path)}) echo ${quote(all.join(" "))} ;;`;
  });
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ takes }) => takes)
      .map(({ flags, choices }) => {
        const cases = flags.map((flag) => quote(`${path}|${flag}`)).join("|");
        return `    ${cases}) echo ${quote(choices.join(" ") || "-")} ;;`;
      }),
  );
  const commands = nodes.filter(({ path }) => path !== "").map(({ path }) => quote(path));
  return [
    `_rolegate_next() {\n  case "$1" in\n${next.join("\n")}\n  esac\n}`,
    `_rolegate_values() {\n  case "$1|$2" in\n${values.join("\n")}\n  esac\n}`,
    `_rolegate_is_command() {\n  case "$1" in\n    ${commands.join("|")}) return 0 ;;\n  esac\n  return 1\n}`,
  ].join("\n");
}

const BASH = `_rolegate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" words i longer
  for ((i = 1; i < COMP_CWORD; i++)); do
    longer="\${path:+$path }\${COMP_WORDS[i]}"
    _rolegate_is_command "$longer" && path="$longer"
  done
  words="$(_rolegate_values "$path" "$previous")"
  [ -z "$words" ] && words="$(_rolegate_next "$path")"
  [ "$words" = "-" ] && words=""
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _rolegate rolegate
`;

function bashScript(nodes: Node[]): string {
  return `# Completion of rolegate for bash: source <(rolegate completion bash)\n${bashTables(nodes)}\n${BASH}`;
}

/** zsh runs bash's completions. */
function zshScript(nodes: Node[]): string {
  return [
    "#compdef rolegate",
    "# Completion of rolegate for zsh: source <(rolegate completion zsh)",
    "autoload -U +X compinit && compinit -u",
    "autoload -U +X bashcompinit && bashcompinit",
    bashTables(nodes),
    BASH,
  ].join("\n");
}

function fishScript(nodes: Node[]): string {
  const lines = nodes.flatMap(({ path, words, options }) => {
    const names = path === "" ? [] : path.split(" ");
    const children = nodes
      .filter((node) => node.path !== path && node.path.startsWith(path === "" ? "" : `${path} `))
      .map((node) => node.path.split(" ")[names.length]!);
    const seen = names.map((name) => `__fish_seen_subcommand_from ${name}`);
    const none = children.length
      ? [`not __fish_seen_subcommand_from ${[...new Set(children)].join(" ")}`]
      : [];
    const when = [...seen, ...none].join("; and ");
    const base = `complete -c rolegate${when ? ` -n ${quote(when)}` : ""}`;
    return [
      ...words.map(({ word, says }) => `${base} -a ${quote(word)} -d ${quote(says)}`),
      ...options.map(({ flags, says, takes, choices }) => {
        const names = flags.map((flag) =>
          flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const values = takes ? (choices.length ? ` -x -a ${quote(choices.join(" "))}` : " -r") : "";
        return `${base} ${names.join(" ")}${values} -d ${quote(says)}`;
      }),
    ];
  });
  return `# Completion of rolegate for fish: rolegate completion fish | source\n${lines.join("\n")}\n`;
}
