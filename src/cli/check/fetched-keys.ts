/**
 * Keys come by themselves only if a router leads to the middleware in mode keys, and a health check
 * calls it.
 */
import { type Gate, qualified, type Router, type Service, type Setup } from "../source/model.ts";
import { textAt, valueAt } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";
import { argumentsOf } from "./rule-text.ts";

/** Where keys come from otherwise. */
const GIVEN = ["jwksFile", "jwks", "publicKeys", "issuers", "configFile"];

export function checkFetchedKeys(setup: Setup): Finding[] {
  const { gates, routers } = setup;
  const needing = gates.filter((gate) => needsKeys(gate) && isUsed(gate, routers));
  if (needing.length === 0) return [];
  const fetching = gates.filter(({ mode }) => mode === "keys");
  const calls = routers.filter((router) => fetching.some((gate) => isUsed(gate, [router])));
  const [gate] = needing as [Gate];
  const about = { middleware: qualified(gate) };
  if (calls.length === 0) {
    const message = `nothing fetches the keys of ${textAt(gate.body, "issuer") ?? "the issuer"}: no router leads to a middleware in mode keys`;
    return [finding("keys_router_missing", message, gate.place, about)];
  }
  if (setup.services.length === 0 || calls.some((router) => isCalled(router, setup))) return [];
  const [router] = calls as [Router];
  const message = `no service has a health check that calls router ${qualified(router)}`;
  return [finding("keys_not_called", message, router.place, about)];
}

/** The people's and programs' tokens are checked here, by keys that are in the state folder. */
function needsKeys({ mode, body, provider }: Gate): boolean {
  const isGiven = GIVEN.some((key) => valueAt(body, key) !== undefined);
  return (
    mode === "protect" && provider !== "block" && !isGiven && Boolean(textAt(body, "stateDir"))
  );
}

const isUsed = (gate: Gate, routers: Router[]) =>
  routers.some(({ middlewares }) => middlewares.includes(qualified(gate)));

/** True if a service's health check calls that router. */
export function isCalled({ rule }: Router, { services }: Setup): boolean {
  const paths = [...argumentsOf(rule, "Path"), ...argumentsOf(rule, "PathPrefix")];
  const checked = services.flatMap((service) => checkedPath(service) ?? []);
  return checked.some((path) => paths.length === 0 || paths.some((it) => path.startsWith(it)));
}

/** A cluster's services have theirs one level up. */
function checkedPath({ body }: Service): string | undefined {
  return textAt(body, "loadBalancer", "healthCheck", "path") ?? textAt(body, "healthCheck", "path");
}
