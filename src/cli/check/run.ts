/** Runs every check on some files: the plugin's own, and those of its surroundings. */
import { type Gate, qualified, type Setup } from "../source/model.ts";
import { valueAt } from "../source/tree.ts";
import { checkAddresses } from "./addresses.ts";
import { checkDelivery } from "./delivery.ts";
import { checkEndpointRouters } from "./endpoint-routers.ts";
import { checkFetchedKeys } from "./fetched-keys.ts";
import { finding, type Finding, sorted } from "./finding.ts";
import { checkGate } from "./guest.ts";
import { checkClaimPaths } from "./claim-paths.ts";
import { checkLogin } from "./login.ts";
import { checkRealms } from "./realm.ts";
import { checkRouters } from "./routers.ts";
import { checkStatics } from "./statics.ts";
import { checkStore } from "./store.ts";
import { checkTrust } from "./trust.ts";
import { blocksLeftOut, checkUnfilled } from "./unfilled.ts";
import type { CATALOGUE } from "./catalogue-table.ts";
import { withoutConsequences } from "./consequences.ts";

export interface CheckResult {
  findings: Finding[];
  /** Middlewares that were checked, as `name@provider`. */
  gates: string[];
  /** Number of Keycloak realms that were checked. */
  realms: number;
  standIns: string[];
}

export async function checkSetup(
  setup: Setup,
  wasm: string,
  mounts: string[] = [],
): Promise<CheckResult> {
  const findings: Finding[] = setup.remarks.map(({ code, message, place }) =>
    finding(code as keyof typeof CATALOGUE, message, place),
  );
  const standIns = new Set<string>();
  const unknown = setup.files.flatMap(({ unknowns }) => unknowns);
  const leftOut = unknown.some(({ isLeftOut }) => isLeftOut);
  for (const gate of setup.gates) {
    const said = await checkGate(gate, setup, wasm, { mounts });
    findings.push(...checkDelivery(gate), ...said.findings);
    if (gate.unread) findings.push(notRead(gate));
    for (const words of said.standIns) standIns.add(words);
  }
  findings.push(
    ...checkStatics(setup),
    ...checkRouters(setup),
    ...checkAddresses(setup),
    ...checkLogin(setup),
    ...checkFetchedKeys(setup),
    ...checkStore(setup),
    ...checkEndpointRouters(setup),
    ...checkTrust(setup),
    ...checkRealms(setup),
    ...checkUnfilled(setup),
    ...checkClaimPaths(setup),
    ...setup.files.flatMap(blocksLeftOut),
  );
  for (const { expression, isLeftOut } of unknown) if (!isLeftOut) standIns.add(expression);
  // What is missing may be in the part that was left out.
  const sure = leftOut ? findings.filter(({ code }) => !ABSENT.has(code)) : findings;
  return {
    findings: sorted(withoutConsequences(withoutRepeats(sure), setup.gates), setup.files),
    gates: setup.gates.map(qualified),
    realms: setup.realms.length,
    standIns: [...standIns],
  };
}

/** Findings about something that is missing. */
const ABSENT = new Set([
  ...["middleware_missing", "middleware_unknown", "middleware_unused"],
  ...["endpoint_router_missing", "login_router_missing", "login_buffering_missing"],
  ...["keys_router_missing", "keys_not_called", "public_url_differs"],
  ...["store_router_missing", "store_reader_missing", "store_not_called"],
  "store_buffering_missing",
]);

function notRead(gate: Gate): Finding {
  const place = valueAt(gate.body, "configFile")?.place ?? gate.place;
  const about = { middleware: qualified(gate), path: "configFile" };
  return finding(
    "config_file_unread",
    `${gate.unread}: the block in it is not checked`,
    place,
    about,
  );
}

/** An anchor can put one line into several middlewares. */
function withoutRepeats(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, message, place }) => {
    const key = JSON.stringify([code, message, place.file.name, place.start]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
