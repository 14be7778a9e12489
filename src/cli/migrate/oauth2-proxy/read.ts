/** oauth2-proxy, in all forms of its configuration. */
import type { SourceFile } from "../../source/file.ts";
import type { Beside } from "../beside.ts";
import { Draft } from "../draft.ts";
import { Source } from "../source.ts";
import { completeSession } from "../take.ts";
import { allowOf } from "./allow.ts";
import { formsIn, type Found } from "./forms.ts";
import { furtherIssuers, headersOf } from "./headers.ts";
import { OPTIONS } from "./options-table.ts";
import { openRoutes, servedBy } from "./routes.ts";

export function oauth2ProxyIn(file: SourceFile, beside: Beside): Draft[] {
  const forms = formsIn(file, beside);
  return forms.map((form) => draftOf(form, forms.length > 1 ? form.name : "rolegate", beside));
}

function draftOf({ options, missing, blocks }: Found, name: string, beside: Beside): Draft {
  const draft = new Draft("oauth2-proxy", name);
  const source = new Source(options);
  source.give(OPTIONS, draft);
  for (const path of missing) draft.close(path, "it is not here, and may restrict");
  for (const block of blocks) draft.close(block, "what the template makes of it is not known");
  if (!source.has("provider"))
    draft.put("issuer", draft.get("issuer") ?? "https://accounts.google.com");
  completeSession(draft);
  headersOf(source, draft);
  furtherIssuers(source, draft);
  const served = servedBy(source, draft);
  const allow = allowOf(source, draft, beside);
  const rest = { what: "whoever is signed in", name: "everything", region: served, allow };
  draft.decide([...openRoutes(source, served, draft), rest], "deny");
  return draft;
}
