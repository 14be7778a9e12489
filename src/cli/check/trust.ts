/**
 * Finds trust in what others may say too: an unsigned response over plain http, or a group that
 * anyone can make.
 */
import { isLoopback } from "../keys/discovery.ts";
import { type Gate, qualified, type Service, type Setup } from "../source/model.ts";
import { textAt, textsAt, valueAt } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";
import { leadsToEngine } from "./store.ts";

export function checkTrust(setup: Setup): Finding[] {
  return [
    ...setup.gates
      .filter(({ mode }) => mode === "login")
      .flatMap((gate) => unverified(gate, setup)),
    ...setup.gates.flatMap(groupsOfAnybody),
  ];
}

/** Responses without a signature. */
const UNSIGNED: Record<string, string> = {
  userinfo: "the userinfo endpoint's claims",
  trustTransport: "the ID token, whose signature is not checked,",
};

function unverified(gate: Gate, setup: Setup): Finding[] {
  const key = Object.keys(UNSIGNED).find((it) => textAt(gate.body, "login", it) === "true");
  if (key === undefined) return [];
  const name = qualified(gate);
  const services = setup.routers
    .filter((it) => it.middlewares.includes(name) && !leadsToEngine(it, gate))
    .map(({ service }) => service);
  const address = setup.services
    .filter((service) => services.includes(qualified(service)))
    .flatMap(addressesOf)
    .find(isOpenToOthers);
  if (address === undefined) return [];
  const message = `login.${key}: ${UNSIGNED[key]} come from ${address}`;
  const { place } = valueAt(gate.body, "login", key)!;
  return [finding("login_unverified", message, place, { middleware: name, path: `login.${key}` })];
}

function addressesOf({ name, provider, body }: Service): string[] {
  // A Kubernetes Service: Traefik uses https for its port 443 and for a port whose name says so.
  if (provider === "kubernetescrd") {
    const port = textAt(body, "port") ?? "";
    const scheme = textAt(body, "scheme") ?? (/^(443$|https)/.test(port) ? "https" : "http");
    return [`${scheme}://${textAt(body, "name") ?? name}:${port}`];
  }
  const balancer = valueAt(body, "loadBalancer");
  const servers = valueAt(balancer, "servers");
  const list = servers?.kind === "list" ? servers.items : [];
  const container = valueAt(balancer, "server");
  return [
    ...list.flatMap((server) => textAt(server, "url") ?? []),
    ...(container
      ? [textAt(container, "url") ?? `${textAt(container, "scheme") ?? "http"}://${name}`]
      : []),
  ];
}

/** A port's name is not a valid port, so the address is read as text. */
function isOpenToOthers(address: string): boolean {
  const [, scheme = "", host = ""] = /^(\w+):\/\/(\[[^\]]*\]|[^/:]*)/.exec(address) ?? [];
  return /^(http|h2c)$/i.test(scheme) && !isLoopback(host.toLowerCase());
}

/** GitLab's claims: group paths, and its own claims by role. */
const GROUPS = /^(groups|groups_direct|https:\/\/gitlab\\?\.org\/claims\/groups\/)/;

function groupsOfAnybody(gate: Gate): Finding[] {
  const { body } = gate;
  const issuers = valueAt(body, "issuers");
  const sections = [body, ...(issuers?.kind === "list" ? issuers.items : [])];
  return sections.flatMap((section) => {
    const issuer = textAt(section, "issuer") ?? "";
    const isGitLab = /^https:\/\/([^/]*\.)?gitlab[.-]/i.test(issuer);
    const from = [...textsAt(section, "rolesFrom"), ...textsAt(body, "rolesFrom")];
    const named = valueAt(section, "roles") ?? valueAt(body, "roles");
    const claim = from.find((path) => GROUPS.test(path));
    if (!isGitLab || claim === undefined || named) return [];
    const { place } = valueAt(section, "rolesFrom") ?? valueAt(body, "rolesFrom")!;
    const message = `rolesFrom: every name in ${claim} of ${issuer} is a role`;
    const about = { middleware: qualified(gate), path: "rolesFrom" };
    return [finding("groups_of_anybody", message, place, about)];
  });
}
