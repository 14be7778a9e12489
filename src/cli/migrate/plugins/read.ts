/** The middlewares for Traefik that are recognised, in all forms of Traefik's configuration. */
import type { SourceFile } from "../../source/file.ts";
import { setupOf } from "../../source/setup.ts";
import { Draft, treeOf } from "../draft.ts";
import { plainOf } from "../../source/plain.ts";
import { Source } from "../source.ts";
import { withoutTemplates, yamlOf } from "../text.ts";
import { jwtMiddleware } from "./jwt-middleware.ts";
import type { OldPlugin } from "./plugin.ts";
import { traefikHub } from "./traefik-hub.ts";
import { traefikOidcAuth } from "./traefik-oidc-auth.ts";
import { traefikOidc } from "./traefikoidc.ts";

/** In this order: the first that recognises a block reads it. */
const OLD_PLUGINS: OldPlugin[] = [traefikOidcAuth, traefikOidc, traefikHub, jwtMiddleware];

export interface Seen {
  drafts: Draft[];
  /** Blocks of unknown plugins. */
  others: string[];
}

export function pluginsIn(file: SourceFile): Seen {
  const { whole, blocks: templates } = withoutTemplates(file);
  const found = setupOf([whole], { asWritten: true }).middlewares.flatMap((it) =>
    it.type === "plugin" && it.plugin !== undefined && !/rolegate/i.test(it.plugin)
      ? [{ name: it.name, plugin: it.plugin, body: plainOf(it.body) }]
      : [],
  );
  const blocks = found.length > 0 ? found : testData(file);
  const seen: Seen = { drafts: [], others: [] };
  for (const { name, plugin, body } of blocks) {
    const source = new Source(treeOf(body));
    const old = OLD_PLUGINS.find((it) => it.is(plugin, source));
    if (!old) {
      seen.others.push(`${name} (${plugin})`);
      continue;
    }
    const draft = new Draft(old.from, name);
    draft.isMiddleware = true;
    for (const it of templates) draft.close(it, "what the template makes of it is not known");
    old.read(source, draft);
    seen.drafts.push(draft);
  }
  return seen;
}

/** A plugin's own `.traefik.yml` has an example of its block. */
function testData(file: SourceFile): { name: string; plugin: string; body: unknown }[] {
  if (!/^testData:/m.test(file.text)) return [];
  return yamlOf(file).documents.flatMap((document) => {
    const { import: module, testData: body } = treeOf(document);
    return body === undefined ? [] : [{ name: "rolegate", plugin: String(module ?? ""), body }];
  });
}
