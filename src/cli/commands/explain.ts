/** `rolegate explain`: the decision on a request, and the reasons for it. */
import type { Entry } from "../command.ts";
import { EXIT } from "../failure.ts";
import type { ExplainOptions } from "../explain/options.ts";
import { collect, mountOption, pluginNameOption } from "./option.ts";

export const explain: Entry = {
  name: "explain",
  summary: "say what becomes of a request, which rule decides, and why not the ones before",
  examples: [
    {
      command: "rolegate explain -c dynamic.yml --role viewer GET https://app.example.com/api/runs",
      does: "for a caller with a role; no token needed",
    },
    {
      command:
        "rolegate explain -c dynamic.yml --token @token.txt --jwks jwks.json -X POST /api/runs",
      does: "for a real token, with the provider's keys",
    },
    {
      command:
        "rolegate explain -c dynamic.yml --trust -- curl -H 'Authorization: Bearer …' https://…",
      does: "a request as curl has it, its token taken for good",
    },
  ],
  define(command, act) {
    command
      .argument("[request...]", "METHOD and URL, a URL alone, or -- and a curl line")
      .requiredOption(
        "-c, --config <file>",
        "Traefik's files with the middleware; may be repeated",
        collect,
      )
      .option("-m, --middleware <name>", "which middleware, when there are several")
      .option("-X, --method <method>", "the request's method")
      .option("-H, --header <line>", "a header, as in `Name: value`; may be repeated", collect, [])
      .option("-d, --data <body>", "the request's body, JSON unless -H says otherwise, or @FILE")
      .option("--curl <file>", "a curl line in a file; - is standard input")
      .option("-t, --token <token>", "the caller's token, or @FILE")
      .option(
        "-r, --role <role>",
        "a role of the caller, who needs no token then; may be repeated",
        collect,
        [],
      )
      .option(
        "--claim <name=value>",
        "a claim of such a caller, JSON or text; may be repeated",
        collect,
        [],
      )
      .option("-u, --user <name>", "such a caller's name")
      .option("--api-key <name>", "the caller uses this API key of the block")
      .option("--issuer <issuer>", "of several issuers, whose token it is")
      .option("--jwks <file or url>", "the issuer's keys, in the place of the block's")
      .option("--trust", "take the token's claims for good, whoever signed it")
      .option("--at <time>", "the time of the request, as in 2026-11-24T08:00:00Z")
      .addOption(mountOption())
      .addOption(pluginNameOption())
      .option("--json", "print a JSON document")
      .action(
        act(async (context, words: string[], options: ExplainOptions) => {
          const { prepare } = await import("../explain/prepare.ts");
          const { explain: run } = await import("../explain/run.ts");
          const prepared = await prepare(words, options, context);
          try {
            const it = await run(prepared.block, prepared.wire, prepared.open);
            const notes = prepared.notesFor(it.trace);
            if (options.json) {
              const { explanationJson } = await import("../explain/json.ts");
              context.terminal.out(explanationJson(it, prepared.wire, notes));
            } else {
              const { printExplanation } = await import("../explain/text.ts");
              printExplanation(it, prepared.wire, notes, context.terminal);
            }
            return it.result.forwarded ? EXIT.ok : EXIT.found;
          } finally {
            prepared.remove();
          }
        }),
      );
  },
};
