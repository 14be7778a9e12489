/** Headers that other middlewares make from templates: those of one claim have a counterpart. */
import { type Draft, Source, treeOf } from "./draft.ts";

const CLAIM_TEMPLATE = /^\{\{+`?\s*\.claims\.([\w.]+)\s*`?\}\}+$/i;

/** Headers of `{{ .claims.x }}`; anything else is a template, and stays behind. */
export function headersOf(value: unknown, draft: Draft): void {
  const headers: Record<string, string> = {};
  for (const item of Array.isArray(value) ? value : []) {
    const source = new Source(treeOf(item));
    const [name = "", text = ""] = [source.text("name"), source.text("value")];
    const claim = CLAIM_TEMPLATE.exec(text.replaceAll(/[{}`]*\{\{/g, "{{").trim())?.[1];
    if (name && claim) headers[name] = claim;
    else if (name && /access_?token/i.test(text)) draft.put("forwardAuthorization", true);
    else draft.leave(`headers: ${name}`, "headers are set from one claim, or from @roles");
  }
  if (Object.keys(headers).length > 0) draft.put("forwardHeaders", headers);
}
