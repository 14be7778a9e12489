/** Requests that try to have headers of the plugin's reach the application. */
import type { WireRequest } from "../../src/guest/entrypoint.ts";
import type { Dice } from "../support/dice.ts";

/** Stands in each value that a client gives to a header that could be taken for an owned one. */
const FORGED = "forged";
/** RFC 9110 §5.6.2: whatever a field name may hold besides letters and digits. */
const MARKS = [..."!#$%&'*+-.^_`|~"];

export const folded = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "-");

/** A name in any case, with any marks in the place of its own. */
function alias(dice: Dice, name: string): string {
  const mark = dice.pick(MARKS);
  return name.replace(/[^]/g, (it) => {
    if (!/[A-Za-z0-9]/.test(it)) return dice.pick([it, mark, mark, dice.pick(MARKS)]);
    return dice.chance(2) ? it.toUpperCase() : it.toLowerCase();
  });
}

export function attack(
  dice: Dice,
  owned: readonly string[],
  authorization: string | null,
): WireRequest {
  const headers: [string, string][] = [];
  for (let count = dice.between(1, 6); count > 0; count--) {
    const name = dice.pick(owned);
    const spelling = dice.chance(4) ? name : alias(dice, name);
    const near = dice.pick(["", "", "", "", "", "-", "x", `-${name}`]);
    headers.push([spelling + near, dice.pick([FORGED, `${FORGED}, admin`, `"${FORGED}`])]);
    if (dice.chance(4)) headers.push([spelling, `${FORGED} again`]);
    if (dice.chance(6)) headers.push([spelling, ""]);
  }
  for (let count = dice.below(3); count > 0; count--) {
    const named = [dice.pick(owned), alias(dice, dice.pick(owned)), "keep-alive", "Authorization"];
    headers.push([dice.pick(["Connection", "connection"]), dice.pick([named.join(","), ...named])]);
  }
  if (authorization !== null) headers.push(["Authorization", authorization]);
  if (dice.chance(6)) headers.push(["Connection", "Upgrade"], ["Upgrade", "websocket"]);
  if (dice.chance(6)) headers.push(["Cookie", `X-Forwarded-User=${FORGED}; session=${FORGED}`]);
  return {
    method: dice.pick(["GET", "POST", "OPTIONS", "HEAD", "DELETE"]),
    target: dice.pick(["/public/a", "/open", "/shut", "/editor/x", "/none", "/%70ublic/a", "*"]),
    headers: dice.shuffled(headers),
    entryPoint: {
      sanitizePath: dice.chance(2),
      // Names that the owner of the entry point keeps from Traefik's own removal.
      connection: dice.chance(3) ? [dice.pick(owned), alias(dice, dice.pick(owned))] : [],
    },
  };
}
