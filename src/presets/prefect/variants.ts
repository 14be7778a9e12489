/** Optional changes to Prefect's roles: each changes the table of scopes. */
import type { Scope } from "../scope.ts";
import type { Role } from "./scopes-table.ts";

type Scopes = Scope<Role>[];

/** `force` would override the server's own rules, and is not part of cancelling. */
const cancels =
  'BodyJSON(`state.type`, `"CANCELLING"`) && BodyOnly(`state.type`, `"CANCELLING"`) && BodyOnly(`force`, `false`)';

function change(scopes: Scopes, names: string[], changed: Partial<Scope<Role>>): Scopes {
  return scopes.map((scope) => (names.includes(scope.name) ? { ...scope, ...changed } : scope));
}

export const variants: Record<string, (scopes: Scopes) => Scopes> = {
  "runner-may-cancel": (scopes) =>
    change(scopes, ["cancel_flow_runs"], { unless: { role: "runner", holds: cancels } }),
  "worker-strict": (scopes) =>
    change(scopes, ["write_work_pools", "write_workers"], { from: "developer" }),
  "settings-for-developers": (scopes) => change(scopes, ["see_settings"], { from: "developer" }),
};
