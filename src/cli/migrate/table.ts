/**
 * A first table for a migrated configuration. What it admits, the original admitted too: `migrate`
 * never writes more. What it refuses, the original certainly refused only if everything was
 * expressed exactly, so such rows have headings of their own.
 */
import { type Block, withKeys } from "../middleware/block.ts";
import type { OpenOptions } from "../middleware/open.ts";
import { type FirstRow, firstTable } from "../table/first.ts";
import { tableText } from "../table/write.ts";
import { type Draft, listOf } from "./draft.ts";

export interface MigratedTable {
  text: string;
  rows: number;
}

/** Replaces the issuer's placeholders, which do not affect the policy. */
const PARTY: Block = { issuer: "https://issuer.example", audience: "application" };
const POLICY = /^(rolesFrom|roles|roleHierarchy|rules|default|encodedPath|emailUnverified)$/;

/** `config`: the result's path, from the table's folder. */
export async function tableOf(
  draft: Draft,
  config: string,
  wasm: string,
  source: string,
): Promise<MigratedTable> {
  const policy = Object.entries(draft.whole()).filter(([key]) => POLICY.test(key));
  const block = withKeys(Object.fromEntries(policy), PARTY);
  const open: OpenOptions = { wasm, around: { mounts: [], env: {} } };
  const host = hostOf(draft);
  const first = await firstTable(block, host, open);
  const isExact = draft.entries.every(({ said }) => said.how === "exactly");
  const refused = isExact ? `${draft.from} refused` : `refused; ${draft.from} may have let in`;
  const headingOf = ({ expected }: FirstRow) =>
    expected.decision === "allow" ? `${draft.from} let in` : refused;
  const head = [
    `Who may do what, made by \`rolegate migrate\` from ${source}${isExact ? ": all of it as there" : ""}.`,
    ...(isExact
      ? []
      : ["The result's head lists what is stricter, or denied until written by hand."]),
  ];
  const text = tableText({
    head,
    config: [config],
    middleware: draft.name,
    host,
    ...first,
    headingOf,
  });
  return { text, rows: first.rows.length };
}

/** Rules may name hosts; if that is a placeholder, any host will do. */
function hostOf(draft: Draft): string {
  const [origin = ""] = listOf(draft.get("publicUrl"));
  return URL.canParse(origin) ? new URL(origin).host : "app.example.com";
}
