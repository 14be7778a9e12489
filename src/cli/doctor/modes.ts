/**
 * Compares the middlewares of one application, as Traefik's API has them: they need one block,
 * something that fetches keys, and routers to the store if they have one.
 */
import { argumentsOf, takesPath } from "../check/rule-text.ts";
import { DEFAULTS } from "../defaults.ts";
import { type Block, mapOf, textOf, valueOf } from "../middleware/block.ts";
import { type ApiMiddleware, type ApiRouter, blockIn, full, isGate, modeOf } from "./neighbours.ts";
import type { Finding } from "./target.ts";

/** Where keys come from otherwise. */
const GIVEN = ["jwksFile", "jwks", "publicKeys", "issuers", "configFile"];

export function together(routers: ApiRouter[], middlewares: ApiMiddleware[]): Finding[] {
  const used = new Set(
    routers.flatMap((router) => (router.middlewares ?? []).map((name) => full(router, name))),
  );
  const gates = middlewares.filter((it) => isGate(it) && used.has(it.name));
  const protecting = gates.filter((it) => modeOf(it) === "protect");
  return [
    ...withoutKeys(gates, protecting),
    ...different(gates, protecting),
    ...withoutStore(gates, routers),
  ];
}

/** Findings where a block has `store`, and no router leads there. */
function withoutStore(gates: ApiMiddleware[], routers: ApiRouter[]): Finding[] {
  const sharing = gates.filter(({ plugin }) => textOf(mapOf(blockIn(plugin)!, "store"), "kind"));
  const logins = sharing.filter((it) => modeOf(it) === "login");
  const found: Finding[] = logins.flatMap((login) => {
    const path = loginPath(login);
    const there = routers
      .filter((router) => (router.middlewares ?? []).some((it) => full(router, it) === login.name))
      .flatMap(({ rule = "" }) => argumentsOf(rule, "Path"));
    const missing = [`${path}/store`, `${path}/backchannel-logout`].filter(
      (it) => !there.includes(it),
    );
    if (missing.length === 0) return [];
    const evidence = `no router with ${login.name} is for ${missing.join(", ")}`;
    return [{ code: "store_router_missing" as const, evidence }];
  });
  found.push(...atProvider(sharing, routers));
  const [first] = sharing;
  if (first && !gates.some((it) => modeOf(it) === "store")) {
    const evidence = `${first.name} has a store, and no router uses a middleware in mode store`;
    found.push({ code: "store_reader_missing", evidence });
  }
  return found;
}

/** Where a router to the store and one of sign-in or keys have one service. */
function atProvider(sharing: ApiMiddleware[], routers: ApiRouter[]): Finding[] {
  const led = routers.flatMap((router) => {
    const names = (router.middlewares ?? []).map((name) => full(router, name));
    const gate = sharing.find(({ name }) => names.includes(name));
    const mode = gate ? modeOf(gate) : "";
    if (!gate || !["login", "keys", "store"].includes(mode)) return [];
    const { name, rule = "" } = router;
    const paths = argumentsOf(rule, "Path");
    const isStore = mode === "store" || paths.includes(`${loginPath(gate)}/store`);
    const isSignIn = mode === "keys" || takesPath(rule, `${loginPath(gate)}/callback`);
    return [{ name, service: full(router, router.service ?? ""), isStore, isSignIn }];
  });
  const providers = led.filter(({ isSignIn }) => isSignIn).map(({ service }) => service);
  return led
    .filter(({ isStore, service }) => isStore && providers.includes(service))
    .map(({ name, service }) => ({
      code: "store_at_provider",
      evidence: `${name} leads to ${service}, as sign-in does`,
    }));
}

const loginPath = ({ plugin }: ApiMiddleware) =>
  textOf(mapOf(blockIn(plugin)!, "login"), "path") ?? DEFAULTS["login.path"];

function withoutKeys(gates: ApiMiddleware[], protecting: ApiMiddleware[]): Finding[] {
  const needing = protecting.find(({ plugin }) => {
    const block = blockIn(plugin)!;
    return textOf(block, "stateDir") && GIVEN.every((key) => valueOf(block, key) === undefined);
  });
  if (!needing || gates.some((it) => modeOf(it) === "keys")) return [];
  const evidence = `${needing.name} has its keys fetched, and no router uses a middleware in mode keys`;
  return [{ code: "keys_router_missing", evidence }];
}

/** Findings where the blocks of one client at one issuer differ. */
function different(gates: ApiMiddleware[], protecting: ApiMiddleware[]): Finding[] {
  const clientOf = ({ plugin }: ApiMiddleware) =>
    ["issuer", "clientId"].map((key) => textOf(blockIn(plugin)!, key) ?? "").join(" ");
  return gates
    .filter((it) => ["login", "store"].includes(modeOf(it)))
    .flatMap((login) => {
      const partners = protecting.filter((it) => clientOf(it) === clientOf(login));
      const keys = partners.map((it) => differs(blockIn(it.plugin)!, blockIn(login.plugin)!));
      const [key] = keys;
      // If several protect with one client, one of them is the application's own.
      if (key === undefined || keys.includes(undefined)) return [];
      const evidence = `${key} of ${login.name} is not the same as of ${partners[0]!.name}`;
      return [{ code: "blocks_differ" as const, evidence }];
    });
}

/** The first key that does, but for the mode. */
function differs(a: Block, b: Block): string | undefined {
  const textsOf = (block: Block) =>
    new Map(
      Object.entries(block).map(([key, value]) => [key.toLowerCase(), JSON.stringify(value)]),
    );
  const [mine, theirs] = [textsOf(a), textsOf(b)];
  const known = Object.keys(DEFAULTS);
  const key = [...new Set([...mine.keys(), ...theirs.keys()])].find(
    (it) => it !== "mode" && mine.get(it) !== theirs.get(it),
  );
  return key && (known.find((it) => it.toLowerCase() === key) ?? key);
}
