/** `rolegate completion`: prints a script that completes commands and options. */
import { Argument } from "commander";
import type { Entry } from "../command.ts";
import { EXIT } from "../failure.ts";

export const completion: Entry = {
  name: "completion",
  summary: "print a completion script for a shell",
  examples: [
    { command: "source <(rolegate completion bash)", does: "for this shell" },
    { command: "rolegate completion fish | source", does: "the same in fish" },
  ],
  define(command, act) {
    command.addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"])).action(
      act(async ({ terminal }, shell: "bash" | "zsh" | "fish") => {
        const { completionScript } = await import("../completion.ts");
        terminal.write(completionScript(command.parent!, shell));
        return EXIT.ok;
      }),
    );
  },
};
