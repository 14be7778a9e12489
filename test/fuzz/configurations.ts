/** Targets whose input is what an operator writes: a middleware's block, and a rule. */
import { BAD_CONFIGURATIONS } from "../cases/bad-configurations.ts";
import { GOOD, GOOD_CONFIGURATIONS } from "../cases/configurations.ts";
import { GATES } from "../cases/gates.ts";
import { GOOD_SIGN_IN } from "../cases/sign-in.ts";
import { knownFunctions } from "../properties/language/compare.ts";
import { randomPolicy } from "../properties/language/random-rules.ts";
import type { Dice } from "../support/dice.ts";
import { mutate } from "../support/mutate.ts";
import { faultOf, faultOfLines } from "./answers.ts";
import { load } from "./host.ts";
import { json } from "./garbage.ts";
import type { Target } from "./target.ts";

/** A guest under a configuration of a few kilobytes. */
const PAGES = 4;

const BLOCKS = [
  ...Object.values(GOOD_CONFIGURATIONS),
  ...Object.values(GATES),
  ...Object.values(GOOD_SIGN_IN),
  ...BAD_CONFIGURATIONS.map(({ config }) => config),
]
  .map((config) => Buffer.from(JSON.stringify(config)).toString("latin1"))
  .filter((text) => text.length < 5_000);

/** Every name and word that stands in one of them. */
const WORDS = [...new Set(BLOCKS.join("").match(/[A-Za-z_@.]{2,20}/g))];

/** Starts a guest, and asks it what nobody may. */
async function tryBlock(text: string): Promise<string | null> {
  const guest = await load(Buffer.from(text, "latin1"));
  const { errors, logs } = await guest.check();
  const fault = faultOfLines([...guest.startLogs, ...logs]);
  if (fault) return fault;
  const said = logs.filter(({ data }) => data?.severity === "error").length;
  if (said !== errors) return `${errors} errors, ${said} in the log`;
  const result = await guest.handle({ target: "/nowhere" });
  if (errors > 0) {
    if (result.response.status !== 500 || result.forwarded) return "it answers in spite of errors";
  } else if (result.forwarded && !/reportonly/i.test(text)) return "nobody passed";
  // What is refused is logged only where the configuration says so; the other modes have their own lines.
  const isQuiet = /"(audit|logLevel|mode)"/i.test(text);
  return faultOf(isQuiet ? { ...result, reached: false } : result, PAGES);
}

export const CONFIGURATIONS: Target = {
  name: "configurations",
  share: 40,
  batch: 200,
  open: async () => ({
    make: (dice) => {
      if (!dice.chance(3)) return mutate(dice, dice.pick(BLOCKS));
      const block = dice.pick(BLOCKS);
      // A value in the place of one.
      const at = block.indexOf(":", dice.below(block.length)) + 1;
      const rest = block.slice(at).replace(/^(?:"[^"]*"|[^,}\]]*)/, "");
      return block.slice(0, at) + json(dice, WORDS) + rest;
    },
    attempt: (input) => tryBlock(input as string),
  }),
};

const known = await knownFunctions();

export const RULES: Target = {
  name: "rules",
  share: 20,
  batch: 200,
  open: async () => ({
    make(dice: Dice) {
      const { rules } = randomPolicy(dice, known);
      const { match, allow } = dice.pick(rules);
      const bytes = (text: string) => Buffer.from(text).toString("latin1");
      return dice.chance(2)
        ? [mutate(dice, bytes(match)), bytes(allow)]
        : [bytes(match), mutate(dice, bytes(allow))];
    },
    attempt(input) {
      const [match, allow] = (input as string[]).map((it) => Buffer.from(it, "latin1").toString());
      return tryBlock(
        Buffer.from(JSON.stringify({ ...GOOD, rules: [{ match, allow }] })).toString("latin1"),
      );
    },
  }),
};
