/** Checks that routers are at the addresses of `publicUrl`, and that https is spoken there. */
import { unknownsIn } from "../source/file.ts";
import { type Gate, qualified, type Router, type Setup } from "../source/model.ts";
import { textsIn, valueAt } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";
import { argumentsOf, hostsOf } from "./rule-text.ts";

export function checkAddresses(setup: Setup): Finding[] {
  return setup.gates
    .filter((gate) => gate.mode === "protect" && gate.provider !== "block")
    .flatMap((gate) => {
      const own = setup.routers.filter(({ middlewares }) => middlewares.includes(qualified(gate)));
      return own.length === 0 ? [] : [...hosts(gate, own), ...schemes(gate, own, setup)];
    });
}

const about = (gate: Gate) => ({ middleware: qualified(gate), path: "publicUrl" });

/** Addresses of `publicUrl`, as far as they are known. */
function addressesOf({ body }: Gate) {
  return textsIn(valueAt(body, "publicUrl")).flatMap(({ text, place }) =>
    URL.canParse(text) && unknownsIn(place).length === 0 ? [{ url: new URL(text), place }] : [],
  );
}

/** A router that names no host, or a pattern, may be for any. */
function hosts(gate: Gate, own: Router[]): Finding[] {
  const isOpen = ({ rule }: Router) =>
    hostsOf(rule).length === 0 || argumentsOf(rule, "HostRegexp").length > 0;
  if (own.some(isOpen)) return [];
  const known = new Set(own.flatMap(({ rule }) => hostsOf(rule)));
  return addressesOf(gate)
    .filter(({ url }) => !known.has(url.hostname.toLowerCase()))
    .map(({ url, place }) => {
      const message = `publicUrl is ${url.origin}, and no router with ${qualified(gate)} is for ${url.hostname}, but for ${[...known].join(", ")}`;
      return finding("public_url_differs", message, place, about(gate));
    });
}

/**
 * Only if the entry points are among the files. Trusted headers show a proxy that ends TLS before
 * Traefik.
 */
function schemes(gate: Gate, own: Router[], { statics }: Setup): Finding[] {
  const all = statics.flatMap(({ tree }) => entriesOf(tree));
  if (all.length === 0) return [];
  const isSecure = ({ hasTls, entryPoints }: Router) => {
    const used = all.filter(({ key }) => entryPoints.length === 0 || entryPoints.includes(key));
    return hasTls || used.length === 0 || used.some(({ value }) => knowsOfTls(value));
  };
  if (own.some(isSecure)) return [];
  return addressesOf(gate)
    .filter(({ url }) => url.protocol === "https:")
    .map(({ url, place }) => {
      const message = `publicUrl is ${url.origin}, and router ${qualified(own[0]!)} speaks plain http`;
      return finding("public_url_plain", message, place, about(gate));
    });
}

function entriesOf(tree: Parameters<typeof valueAt>[0]) {
  const points = valueAt(tree, "entryPoints");
  return points?.kind === "map" ? points.entries : [];
}

const knowsOfTls = (entryPoint: Parameters<typeof valueAt>[0]) =>
  valueAt(entryPoint, "http", "tls") !== undefined ||
  valueAt(entryPoint, "http", "redirections") !== undefined ||
  valueAt(entryPoint, "forwardedHeaders") !== undefined ||
  valueAt(entryPoint, "proxyProtocol") !== undefined;
