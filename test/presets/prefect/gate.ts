/** A gate with the preset for Prefect, and its six callers. */
import type { Guest, Result } from "../../../src/guest/guest.ts";
import type { WireRequest } from "../../../src/guest/entrypoint.ts";
import { pairs } from "../../../src/guest/header.ts";
import {
  defaults,
  hierarchy,
  type PresetOptions,
  roleNames,
  rulesOf,
} from "../../../src/presets/prefect/preset.ts";
import { fileForm } from "../../support/forms.ts";
import { loadGate } from "../../support/gate.ts";
import { keySet, rsa } from "../../support/keys.ts";
import { CLIENT, ISSUER, token } from "../../support/tokens.ts";

export const callers = ["anonymous", "viewer", "runner", "worker", "developer", "owner"] as const;
export type Caller = (typeof callers)[number];

/** The middleware's block, with the keys of the tests. */
export function block(options: Partial<PresetOptions> = {}): Record<string, unknown> {
  const all = { ...defaults, ...options };
  return {
    issuer: ISSUER,
    clientId: CLIENT,
    jwks: JSON.stringify(keySet(rsa)),
    roles: roleNames(all.custom),
    roleHierarchy: hierarchy,
    rules: rulesOf(all).map(({ comment: _, match, ...rule }) => ({
      ...rule,
      match: match.join("\n"),
    })),
    default: "deny",
    logLevel: "debug",
  };
}

export const prefectGate = (options: Partial<PresetOptions> = {}): Promise<Guest> =>
  loadGate(fileForm(block(options)));

const tokens = new Map<string, Promise<string>>();

/** A token of someone with one role, made once. */
function tokenOf(role: string): Promise<string> {
  const made =
    tokens.get(role) ??
    token({ preferred_username: role, realm_access: { roles: [`prefect-${role}`] } });
  tokens.set(role, made);
  return made;
}

export async function ask(guest: Guest, caller: string, wire: WireRequest): Promise<Result> {
  const headers = pairs(wire.headers ?? []);
  if (caller !== "anonymous") {
    headers.push(["Authorization", `Bearer ${await tokenOf(caller)}`]);
  }
  const result = await guest.handle({ ...wire, headers });
  if (result.trap) throw result.trap;
  return result;
}
