/**
 * The callers of a matrix: anonymous, one without a role, and one for each role that the block
 * knows.
 */
import { CliError } from "../failure.ts";
import { type Block, mapOf, rulesOf, textsOf } from "../middleware/block.ts";
import { argumentsOf } from "../check/rule-text.ts";

export interface Caller {
  name: string;
  /** Null: anonymous, without a token. */
  roles: string[] | null;
}

const NOBODY: Caller = { name: "anonymous", roles: null };
const SOMEBODY: Caller = { name: "signed in", roles: [] };

/** In the block's order: its roles, its hierarchy, then roles that only rules name. */
export function callersOf(...blocks: Block[]): Caller[] {
  const roles = new Set(blocks.flatMap(rolesOf));
  return [NOBODY, SOMEBODY, ...[...roles].map((role) => ({ name: role, roles: [role] }))];
}

function rolesOf(block: Block): string[] {
  const hierarchy = mapOf(block, "roleHierarchy");
  return [
    ...Object.keys(mapOf(block, "roles")),
    ...Object.keys(hierarchy)
      .reverse()
      .flatMap((role) => [...textsOf(hierarchy, role), role]),
    ...rulesOf(block).flatMap(({ allow }) => argumentsOf(allow, "Role")),
  ];
}

/** `viewer`, `ops=viewer+runner`, `anonymous`. */
export function callerNamed(text: string): Caller {
  if (text === NOBODY.name) return NOBODY;
  const match = /^(?:([^=]+)=)?([^=]*)$/.exec(text);
  if (!match)
    throw new CliError("role_invalid", `${text} is no caller`, "write a role, or name=role+role");
  const roles = match[2]!.split("+").filter(Boolean);
  return { name: match[1] ?? match[2]!, roles };
}
