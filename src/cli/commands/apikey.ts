/**
 * `rolegate apikey`: keys for long-lived callers. A key is printed once; only its digest is kept.
 */
import type { Context, Entry } from "../command.ts";
import { CliError, EXIT, type ExitCode } from "../failure.ts";
import { collect } from "./option.ts";

interface NewOptions {
  file?: string;
  role: string[];
  expires?: string;
}

const FILE = "the file that apiKeysFile names";

export const apikey: Entry = {
  name: "apikey",
  summary: "make, list and revoke API keys",
  examples: [
    {
      command: "rolegate apikey new ci --role runner --expires 90d --file state/api-keys.json",
      does: "prints the key, keeps its digest",
    },
    { command: "rolegate apikey list --file state/api-keys.json", does: "who has one, until when" },
    {
      command: "rolegate apikey revoke ci --file state/api-keys.json",
      does: "takes effect within a second",
    },
  ],
  define(command, act) {
    command
      .command("new")
      .summary("make a key")
      .description("make a key: it is printed, and cannot be shown again")
      .argument("<name>", "whose it is; to rotate, make a second one of the same name")
      .option("-f, --file <file>", `${FILE}; without, the entry for apiKeys is printed`)
      .requiredOption("-r, --role <role>", "a role that it has; may be repeated", collect)
      .option("-e, --expires <time>", "when it ends: 90d, 2027-01-01")
      .action(
        act(async (context, name: string, options: NewOptions) => make(name, options, context)),
      );
    command
      .command("list")
      .summary("show all keys of a file")
      .description("show all keys of a file, and which have ended")
      .requiredOption("-f, --file <file>", FILE)
      .option("--json", "print JSON")
      .action(
        act(async (context, options: { file: string; json?: true }) => list(options, context)),
      );
    command
      .command("revoke")
      .summary("take keys away")
      .description("take all keys of a name away, or the one whose digest begins so")
      .argument("<name or digest>", "the name, or eight digits of the digest or more")
      .requiredOption("-f, --file <file>", FILE)
      .action(
        act(async (context, name: string, options: { file: string }) =>
          revoke(name, options.file, context),
        ),
      );
  },
};

async function make(
  name: string,
  { file, role, expires }: NewOptions,
  { terminal }: Context,
): Promise<ExitCode> {
  const { newApiKey } = await import("../middleware/caller.ts");
  const { expiryOf, judge, judgeName, readApiKeys, writeApiKeys } =
    await import("../api-keys/file.ts");
  await judgeName(name);
  const { key, sha256 } = newApiKey();
  const entry = { name, sha256, roles: role, ...(expires ? { expires: expiryOf(expires) } : {}) };
  if (file === undefined) {
    await judge([entry]);
    const { stringify } = await import("yaml");
    terminal.note(
      `For apiKeys in the block:\n${stringify([entry], { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" }).trimEnd()}\n\nThe key, which is not shown again:`,
    );
  } else {
    await writeApiKeys(file, [...readApiKeys(file), entry]);
    terminal.note(
      `Kept in ${file}: ${name}, ${role.join(", ")}${entry.expires ? `, until ${entry.expires}` : ""}.\nThe key, which is not shown again:`,
    );
  }
  terminal.out(key);
  return EXIT.ok;
}

async function list(
  { file, json }: { file: string; json?: true },
  { terminal }: Context,
): Promise<ExitCode> {
  const { readApiKeys } = await import("../api-keys/file.ts");
  const keys = readApiKeys(file);
  const stateOf = (expires?: string) =>
    expires !== undefined && Date.parse(expires) <= Date.now() ? "ended" : "good";
  if (json) {
    const rows = keys.map((it) => ({ ...it, state: stateOf(it.expires) }));
    terminal.out(JSON.stringify(rows, null, 2));
    return EXIT.ok;
  }
  const { printRows } = await import("../rows.ts");
  const { colors } = terminal;
  printRows(
    ["NAME", "ROLES", "UNTIL", "STATE", "DIGEST"],
    keys.map(({ name, roles, expires, sha256 }) => {
      const state = stateOf(expires);
      return [
        name,
        roles.join(", "),
        expires ?? "-",
        (state === "good" ? colors.green : colors.red)(state),
        sha256.slice(0, 12),
      ];
    }),
    terminal,
  );
  return EXIT.ok;
}

async function revoke(name: string, file: string, { terminal }: Context): Promise<ExitCode> {
  const { readApiKeys, writeApiKeys } = await import("../api-keys/file.ts");
  const keys = readApiKeys(file);
  const isDigest = /^[0-9a-f]{8,64}$/i.test(name);
  const left = keys.filter(
    (it) =>
      it.name !== name && !(isDigest && it.sha256.toLowerCase().startsWith(name.toLowerCase())),
  );
  const gone = keys.length - left.length;
  if (gone === 0) {
    const names = [...new Set(keys.map((it) => it.name))];
    throw new CliError(
      "api_key_unknown",
      `${file} has no key ${name}`,
      names.length > 0 ? `it has ${names.join(", ")}` : "it has none",
    );
  }
  await writeApiKeys(file, left);
  terminal.note(
    `${gone === 1 ? "One key is" : `${gone} keys are`} gone. Every guest notices within a second.`,
  );
  return EXIT.ok;
}
