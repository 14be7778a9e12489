/**
 * Completion scripts for bash, zsh and fish, made from the commands themselves: words, options and
 * their choices.
 */
import type { Command, Option } from "commander";

const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A command as completion sees it. */
interface Node {
  /** For example `apikey new`; empty for rolegate itself. */
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

/**
 * By path the words that may follow and the options; by path and option the words of its value, `-`
 * for a file.
 */
function tables(nodes: Node[]): string {
  const next = nodes.map(({ path, words }) => [path, words.map(({ word }) => word)] as const);
  const options = nodes.map(
    ({ path, options }) => [path, options.flatMap(({ flags }) => flags)] as const,
  );
  const cases = (rows: (readonly [string, string[]])[]) =>
    rows.map(([path, all]) => `    ${quote(path)}) echo ${quote(all.join(" "))} ;;`).join("\n");
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ takes }) => takes)
      .map(({ flags, choices }) => {
        const patterns = flags.map((flag) => quote(`${path}|${flag}`)).join("|");
        return `    ${patterns}) echo ${quote(choices.join(" ") || "-")} ;;`;
      }),
  );
  const commands = nodes.filter(({ path }) => path !== "").map(({ path }) => quote(path));
  return [
    `_rolegate_next() {\n  case "$1" in\n${cases(next)}\n  esac\n}`,
    `_rolegate_options() {\n  case "$1" in\n${cases(options)}\n  esac\n}`,
    `_rolegate_values() {\n  case "$1|$2" in\n${values.join("\n")}\n  esac\n}`,
    `_rolegate_is_command() {\n  case "$1" in\n    ${commands.join("|")}) return 0 ;;\n  esac\n  return 1\n}`,
  ].join("\n");
}

const BASH = `_rolegate() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" at="" words i longer
  for ((i = 1; i < COMP_CWORD; i++)); do
    longer="\${at:+$at }\${COMP_WORDS[i]}"
    _rolegate_is_command "$longer" && at="$longer"
  done
  words="$(_rolegate_values "$at" "$previous")"
  if [ -z "$words" ]; then
    case "$current" in
      -*) words="$(_rolegate_options "$at")" ;;
      *) words="$(_rolegate_next "$at")" ;;
    esac
  fi
  case "$words" in
    ""|-) COMPREPLY=($(compgen -f -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
  esac
}
complete -o filenames -F _rolegate rolegate
`;

function bashScript(nodes: Node[]): string {
  return `# Completion of rolegate for bash: source <(rolegate completion bash)\n${tables(nodes)}\n${BASH}`;
}

/**
 * `path` and `words` are names of zsh's own. The end works for both ways: sourced, and from a
 * folder of fpath.
 */
const ZSH = `_rolegate() {
  local at="" longer i found
  for ((i = 2; i < CURRENT; i++)); do
    longer="\${at:+$at }\${words[i]}"
    _rolegate_is_command "$longer" && at="$longer"
  done
  found="$(_rolegate_values "$at" "\${words[CURRENT-1]}")"
  if [[ -z "$found" ]]; then
    if [[ "\${words[CURRENT]}" == -* ]]; then found="$(_rolegate_options "$at")"
    else found="$(_rolegate_next "$at")"
    fi
  fi
  if [[ -z "$found" || "$found" == - ]]; then _files
  else compadd -- \${=found}
  fi
}
if [[ "\${funcstack[1]}" == _rolegate ]]; then
  _rolegate "$@"
else
  (( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit -u }
  compdef _rolegate rolegate
fi
`;

function zshScript(nodes: Node[]): string {
  return `#compdef rolegate\n# Completion of rolegate for zsh: source <(rolegate completion zsh)\n${tables(nodes)}\n${ZSH}`;
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
      // Where words are expected, files are not suggested.
      ...(words.length > 0 ? [`${base} -f`] : []),
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
