/**
 * An engine that several Traefiks share needs three routers: two paths of the login middleware, and
 * the one at which Traefik's health check has it read. Without an engine or a common folder,
 * several Traefiks do not learn of a sign-out at one of them.
 */
import { DEFAULTS } from "../defaults.ts";
import { type Gate, qualified, type Router, type Setup } from "../source/model.ts";
import { textAt, valueAt } from "../source/tree.ts";
import { isCalled } from "./fetched-keys.ts";
import { finding, type Finding } from "./finding.ts";
import { placeOn } from "./routers.ts";
import { argumentsOf, hostsOf, takesPath } from "./rule-text.ts";

export function checkStore(setup: Setup): Finding[] {
  return [
    ...setup.gates
      .filter((gate) => gate.mode === "login" && hasStore(gate))
      .flatMap((gate) => publicRouters(gate, setup)),
    ...atProvider(setup),
    ...reader(setup),
    ...apart(setup),
  ];
}

const hasStore = ({ body, provider }: Gate) =>
  provider !== "block" && textAt(body, "store", "kind") !== undefined;

/** Below `login.path`: a sign-out in the browser, and one by the provider. */
const PUBLIC = ["store", "backchannel-logout"];

const loginPath = ({ body }: Gate) => textAt(body, "login", "path") ?? DEFAULTS["login.path"];

/** True for a login middleware's router that leads to the engine, and not to the provider. */
export function leadsToEngine({ rule }: Router, gate: Gate): boolean {
  return hasStore(gate) && argumentsOf(rule, "Path").includes(`${loginPath(gate)}/store`);
}

function publicRouters(gate: Gate, setup: Setup): Finding[] {
  const own = routersOf(gate, setup);
  const engines = own.filter((router) => leadsToEngine(router, gate));
  // Without a login router there is another finding.
  const logins = own.filter((router) => !engines.includes(router));
  return logins.flatMap((login) => {
    const hosts = hostsOf(login.rule);
    const beside = engines.filter(({ rule }) => {
      const others = hostsOf(rule);
      return others.length === 0 || hosts.length === 0 || hosts.some((it) => others.includes(it));
    });
    const there = beside.flatMap(({ rule }) => argumentsOf(rule, "Path"));
    const missing = PUBLIC.map((name) => `${loginPath(gate)}/${name}`).filter(
      (path) => !there.includes(path),
    );
    const about = { middleware: qualified(gate) };
    if (missing.length > 0) {
      const rule = missing.map((path) => `Path(\`${path}\`)`).join(" || ");
      const message = `router ${login.name} has no router beside it that leads to the ${textAt(gate.body, "store", "kind")}: ${rule}`;
      return [finding("store_router_missing", message, login.place, about)];
    }
    return [];
  });
}

/**
 * Routers to the store whose service is the provider: it would get the engine's token, and what is
 * sealed for the engine.
 */
function atProvider(setup: Setup): Finding[] {
  const { gates } = setup;
  const led = gates
    .filter((gate) => ["login", "keys", "store"].includes(gate.mode) && hasStore(gate))
    .flatMap((gate) =>
      routersOf(gate, setup).map((router) => {
        const isStore = gate.mode === "store" || leadsToEngine(router, gate);
        const isSignIn =
          gate.mode === "keys" || takesPath(router.rule, `${loginPath(gate)}/callback`);
        return {
          gate,
          router,
          isStore,
          isSignIn,
          places: [router.service, ...addressesOf(router, setup)],
        };
      }),
    );
  const providers = new Set([
    ...led.filter(({ isSignIn }) => isSignIn).flatMap(({ places }) => places),
    ...gates.flatMap(({ body }) => originOf(textAt(body, "issuer"))),
  ]);
  return led
    .filter(({ isStore, places }) => isStore && places.some((it) => providers.has(it)))
    .map(({ gate, router }) => {
      const message = `router ${router.name} leads to ${router.service}, which is the provider, and not to the ${textAt(gate.body, "store", "kind")}`;
      const about = { middleware: qualified(gate) };
      return finding("store_at_provider", message, router.place, about);
    });
}

/** The origins of its service, if it is in these files. */
function addressesOf({ service, provider }: Router, { services }: Setup): string[] {
  const own = services.find(
    (it) => [it.name, qualified(it)].includes(service) && it.provider === provider,
  );
  const servers = own && valueAt(own.body, "loadBalancer", "servers");
  return (servers?.kind === "list" ? servers.items : []).flatMap((it) =>
    originOf(textAt(it, "url")),
  );
}

const originOf = (url: string | undefined) =>
  url !== undefined && URL.canParse(url) ? [new URL(url).origin] : [];

function reader(setup: Setup): Finding[] {
  const { gates, routers, services } = setup;
  const [gate] = gates.filter(
    (it) => it.mode !== "store" && hasStore(it) && routersOf(it, setup).length > 0,
  );
  if (!gate) return [];
  const readers = gates.filter(({ mode }) => mode === "store");
  const calls = routers.filter((router) =>
    readers.some((it) => router.middlewares.includes(qualified(it))),
  );
  const about = { middleware: qualified(gate), path: "store" };
  const place = valueAt(gate.body, "store")?.place ?? gate.place;
  if (calls.length === 0) {
    const message = "nothing reads the store: no router leads to a middleware in mode store";
    return [finding("store_reader_missing", message, place, about)];
  }
  const isCalledByAny = services.length === 0 || calls.some((router) => isCalled(router, setup));
  const [first] = calls as [Router];
  return [
    ...calls.flatMap((router) => unbuffered(router, readers, setup)),
    ...(isCalledByAny
      ? []
      : [
          finding(
            "store_not_called",
            `no service has a health check that calls router ${qualified(first)}`,
            first.place,
            about,
          ),
        ]),
  ];
}

function unbuffered(router: Router, readers: Gate[], { middlewares }: Setup): Finding[] {
  const types = new Map(middlewares.map((it) => [qualified(it), it.type.toLowerCase()]));
  const names = readers.map(qualified);
  const at = router.middlewares.findIndex((name) => names.includes(name));
  if (router.middlewares.slice(at + 1).some((name) => types.get(name) === "buffering")) return [];
  const name = router.middlewares[at]!;
  const message = `router ${router.name} has no buffering behind ${name}`;
  return [finding("store_buffering_missing", message, placeOn(router, name), { middleware: name })];
}

/** Several Traefiks, and people who sign in at any of them. */
function apart({ gates, fleets }: Setup): Finding[] {
  const signsIn = ({ mode, body }: Gate) =>
    mode === "protect" && valueAt(body, "session") !== undefined;
  const alone = gates.find((gate) => signsIn(gate) && !hasStore(gate));
  if (!alone) return [];
  return fleets
    .filter(({ shares }) => !shares)
    .map(({ name, place }) => {
      const message = `${name}, each with a stateDir of its own: none learns of a sign-out at another`;
      return finding("replicas_apart", message, place, { middleware: qualified(alone) });
    });
}

const routersOf = (gate: Gate, { routers }: Setup) =>
  routers.filter(({ middlewares }) => middlewares.includes(qualified(gate)));
