/** `rolegate check`: finds what is wrong in Traefik's files. */
import { Option } from "commander";
import type { Entry } from "../command.ts";
import { EXIT } from "../failure.ts";
import { mountOption, pluginNameOption } from "./option.ts";

interface Options {
  format: "text" | "json" | "sarif";
  strict?: true;
  mount: string[];
  pluginName?: string;
}

export const check: Entry = {
  name: "check",
  summary: "find mistakes in Traefik's files: blocks, labels, manifests, and their surroundings",
  examples: [
    { command: "rolegate check traefik.yml dynamic.yml", does: "static and dynamic configuration" },
    { command: "rolegate check compose.yml", does: "Docker labels" },
    { command: "rolegate check realm.json", does: "a realm of Keycloak, before it is imported" },
    { command: "rolegate check --strict k8s/*.yaml", does: "fail on warnings too" },
    { command: "rolegate check --format sarif dynamic.yml", does: "for code scanning" },
  ],
  define(command, act) {
    command
      .argument("<files...>", "YAML or TOML; - is standard input")
      .addOption(
        new Option("-f, --format <format>", "how to report")
          .choices(["text", "json", "sarif"])
          .default("text"),
      )
      .option("--strict", "exit with 1 for warnings as well")
      .addOption(mountOption())
      .addOption(pluginNameOption())
      .action(
        act(async ({ terminal }, files: string[], options: Options) => {
          const [{ loadsRolegate, noMiddleware, readSetup }, { checkSetup }, { pluginWasm }] =
            await Promise.all([
              import("../source/setup.ts"),
              import("../check/run.ts"),
              import("../plugin.ts"),
            ]);
          const setup = await readSetup(files, options);
          const { gates, realms, remarks } = setup;
          const isThere = gates.length + realms.length + remarks.length > 0 || loadsRolegate(setup);
          if (!isThere) throw noMiddleware(setup);
          const result = await checkSetup(setup, pluginWasm(), options.mount);
          if (options.format === "text") {
            const { printFindings } = await import("../check/text.ts");
            printFindings(result, terminal);
          } else {
            const { jsonOf, sarifOf } = await import("../check/machine.ts");
            const version = process.env.ROLEGATE_VERSION ?? "";
            terminal.out(options.format === "json" ? jsonOf(result) : sarifOf(result, version));
          }
          const bad = options.strict ? ["error", "warning"] : ["error"];
          return result.findings.some(({ severity }) => bad.includes(severity))
            ? EXIT.found
            : EXIT.ok;
        }),
      );
  },
};
