/** The block of a provider's page is what `rolegate init --provider` writes for it; ROLEGATE_GOLDEN=write writes it there. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { placesOfAnswers } from "../../src/cli/init/block.ts";
import { blockYaml } from "../../src/cli/init/file.ts";
import { PROVIDER_NAMES, providerOfIssuer, rowOf } from "../../src/cli/providers/table.ts";
import { root } from "../../tools/root.ts";
import { answersFor, names, pageOf, profileOf } from "./profile.ts";

test("--provider takes the names of the pages", () => assert.deepEqual(PROVIDER_NAMES, names));

for (const name of PROVIDER_NAMES) {
  describe(name, () => {
    test("the page's block is init's, by the metadata that the provider gives", async () => {
      const answers = await answersFor(name);
      const text = blockYaml({ ...answers, metadata: profileOf(name).metadata });
      const file = join(root, pageOf(name));
      const page = readFileSync(file, "utf8");
      const wanted = page.replace(
        /^```yaml\n# block\n[^]*?^```$/m,
        () => `\`\`\`yaml\n# block\n${text}\`\`\``,
      );
      if (process.env.ROLEGATE_GOLDEN === "write") writeFileSync(file, wanted);
      assert.equal(readFileSync(file, "utf8"), wanted);
    });

    test("without asking the provider the same, where its row says where the endpoints are", async () => {
      const answers = await answersFor(name);
      const { metadata } = profileOf(name);
      const isElsewhere = placesOfAnswers({ ...answers, metadata }).login.endpoints !== undefined;
      const isKnown = answers.metadata !== null;
      // The domain of a pool of Cognito's is its owner's choice.
      if (isElsewhere && !isKnown) return assert.equal(name, "cognito");
      assert.equal(blockYaml(answers), blockYaml({ ...answers, metadata }));
    });

    test("the mode keys of its profile is what init writes", async () => {
      const places = placesOfAnswers({
        ...(await answersFor(name)),
        metadata: profileOf(name).metadata,
      });
      assert.equal(places.keysService ?? undefined, profileOf(name).service?.keys);
    });

    test("its issuer is recognised, unless it could be anybody's", () => {
      const found = providerOfIssuer(rowOf(name).issuer);
      assert.ok(found === name || name === "authelia", found);
    });
  });
}
