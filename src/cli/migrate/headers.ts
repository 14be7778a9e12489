/** Headers that other middlewares make from templates: those with one claim have a counterpart. */
import { type Draft, treeOf } from "./draft.ts";
import { exactly } from "./said.ts";
import { Source, type Taker } from "./source.ts";

const CLAIM = /^\{\{-?\s*\.claims\.([\w.]+)\s*-?\}\}$/i;
const TOKEN = /\{\{-?\s*\.(access|id)_?token\s*-?\}\}/i;

/** Traefik's own templates are escaped with ``{{`…`}}`` or doubled braces. */
export function unescaped(text: string): string {
  const inner = /^\{\{\s*`([\s\S]*)`\s*\}\}$/.exec(text.trim())?.[1] ?? text.trim();
  return inner.replaceAll("{{{{", "{{").replaceAll("}}}}", "}}");
}

export const headersOf: Taker = (draft, value) => {
  const list: unknown[] = Array.isArray(value) ? value : Object.values(treeOf(value));
  for (const item of list) header(new Source(treeOf(item)), draft);
  return exactly();
};

function header(item: Source, draft: Draft): void {
  const [name = "", written = ""] = [item.text("name"), item.text("value")];
  const text = unescaped(written);
  const claim = CLAIM.exec(text)?.[1];
  if (claim !== undefined && /^[\w-]+$/.test(name)) {
    draft.put("forwardHeaders", { ...treeOf(draft.block.forwardHeaders), [name]: claim });
  } else if (TOKEN.test(text)) {
    draft.put("forwardAuthorization", true);
    if (!/^authorization$/i.test(name) || !/access/i.test(text)) {
      draft.note(`${name}: the application gets the access token, and as Authorization: Bearer`);
    }
  } else
    draft.note(
      `${name}: headers are set from one claim, or from @roles; the application gets none here`,
    );
}

/** Headers that a tool sets by itself, unless they are set by name. */
export function alsoForward(draft: Draft, headers: Record<string, string>): void {
  draft.put("forwardHeaders", { ...headers, ...treeOf(draft.block.forwardHeaders) });
}
