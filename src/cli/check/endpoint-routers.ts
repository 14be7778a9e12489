/**
 * A router leads to one origin. An endpoint that the plugin calls at another one needs a router and
 * a service of its own, with a middleware whose `login.service` names it.
 */
import { type Gate, qualified, type Setup } from "../source/model.ts";
import { scalars, textAt, type Tree, valueAt } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";

interface Called {
  endpoint: "token" | "userinfo" | "jwks";
  /** Name of the middleware that calls it. */
  mode: "login" | "keys";
}

const CALLED: Called[] = [
  { endpoint: "token", mode: "login" },
  { endpoint: "userinfo", mode: "login" },
  { endpoint: "jwks", mode: "keys" },
];

export function checkEndpointRouters(setup: Setup): Finding[] {
  return setup.gates
    .filter(({ mode, provider }) => mode === "protect" && provider !== "block")
    .flatMap((gate) => CALLED.flatMap((called) => missingRouter(gate, called, setup)));
}

function missingRouter(gate: Gate, { endpoint, mode }: Called, setup: Setup): Finding[] {
  const url = textAt(gate.body, "login", "endpoints", endpoint);
  if (url === undefined || !URL.canParse(url) || !isCalled(gate.body, endpoint)) return [];
  const { origin } = new URL(url);
  const used = setup.gates.filter(
    (it) =>
      it.mode === mode &&
      textAt(it.body, "issuer") === textAt(gate.body, "issuer") &&
      setup.routers.some(({ middlewares }) => middlewares.includes(qualified(it))),
  );
  // That there is none at all is another finding.
  if (used.length === 0 || used.some((it) => serviceOrigin(it.body) === origin)) return [];
  const name = serviceNamed(gate.body, origin) ?? endpoint;
  const path = `login.endpoints.${endpoint}`;
  const message =
    `${path} is at ${origin}, and no router with a middleware in mode ${mode} leads there: ` +
    `give one login: { service: ${name}, endpointOrigins: { ${name}: ${origin} } }, ` +
    `and a service loadBalancer: { passHostHeader: false, servers: [{ url: ${origin} }] }`;
  const place = valueAt(gate.body, "login", "endpoints", endpoint)?.place ?? gate.place;
  return [
    finding("endpoint_router_missing", message, place, { middleware: qualified(gate), path }),
  ];
}

/** Keys that are given are not fetched, and userinfo is called only if the block says so. */
function isCalled(body: Tree, endpoint: Called["endpoint"]): boolean {
  if (endpoint === "jwks") return GIVEN.every((key) => valueAt(body, key) === undefined);
  const isSignIn = valueAt(body, "session") !== undefined;
  return isSignIn && (endpoint === "token" || textAt(body, "login", "userinfo") === "true");
}

const GIVEN = ["jwksFile", "jwks", "publicKeys"];

/** Where the router of a middleware leads, by its `login.service`. */
function serviceOrigin(body: Tree): string | undefined {
  const name = textAt(body, "login", "service");
  const origin = name === undefined ? undefined : textAt(body, "login", "endpointOrigins", name);
  if (origin !== undefined) return origin;
  const issuer = textAt(body, "issuer");
  return issuer !== undefined && URL.canParse(issuer) ? new URL(issuer).origin : undefined;
}

function serviceNamed(body: Tree, origin: string): string | undefined {
  const origins = valueAt(body, "login", "endpointOrigins");
  if (origins === undefined) return undefined;
  return [...scalars(origins)].find(({ scalar }) => scalar.text === origin)?.path;
}
