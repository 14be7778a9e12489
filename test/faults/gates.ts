/** Traefik with several routers of one small application behind the plugin, keys inline: where sign-in is of no account. */
import type { Tree } from "../../stack/traefik/config.ts";
import { startTraefik, type TraefikOptions } from "../../stack/traefik/traefik.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";
import type { Call } from "./load.ts";

/** The middleware's block; `revision` changes nothing but that it is another one. */
const block = (revision: number, more: Tree = {}): Tree => ({
  issuer: ISSUER,
  clientId: CLIENT,
  jwks: JSON.stringify(keySet(rsa, ec)),
  roles: { viewer: ["app-viewer"], owner: ["app-owner"] },
  rules: [
    { name: `read-${revision}`, match: "PathPrefix(`/api`)", allow: "Role(`viewer`)" },
    { match: "PathPrefix(`/admin`)", allow: "Role(`owner`)" },
  ],
  forwardHeaders: { "X-Forwarded-User": "preferred_username" },
  ...more,
});

/** As many routers, each by a host of its own: `app0.localhost` and so on. */
function configuration(upstream: string, count: number, revision = 0, more: Tree = {}) {
  const names = Array.from({ length: count }, (_, index) => `app${index}`);
  const each = (make: (name: string) => unknown) =>
    Object.fromEntries(names.map((name) => [name, make(name)]));
  return {
    http: {
      routers: each((name) => ({
        rule: `Host(\`${name}.localhost\`)`,
        entryPoints: ["web"],
        middlewares: [name],
        service: "app",
      })),
      middlewares: each(() => ({ plugin: { rolegate: block(revision, more) } })),
      services: { app: { loadBalancer: { servers: [{ url: upstream }] } } },
    },
  } satisfies Tree;
}

export async function startGates(count: number, more: Tree = {}, options: TraefikOptions = {}) {
  const upstream = await startUpstream();
  const dynamic = (revision: number) => configuration(upstream.url, count, revision, more);
  try {
    const traefik = await startTraefik({ dynamic: dynamic(0), ...options });
    return {
      upstream,
      traefik,
      reload: (revision: number) => traefik.configure(dynamic(revision)),
      async stop() {
        await traefik.stop();
        await upstream.stop();
      },
    };
  } catch (error) {
    await upstream.stop();
    throw error;
  }
}

/** In turn what passes, what a role is missing for, and what nobody has signed, at each of the routers. */
export async function calls(url: string, count: number): Promise<(turn: number) => Call> {
  const bearer = async (made: Promise<string>) => ({ Authorization: `Bearer ${await made}` });
  const good = await bearer(token());
  const forged = await bearer(token().then((text) => `${text.slice(0, -8)}AAAAAAAA`));
  const kinds = [
    { path: "/api/a", headers: good, status: 200 },
    { path: "/admin", headers: good, status: 403 },
    { path: "/api/a", headers: forged, status: 401 },
    { path: "/api/a", headers: {}, status: 401 },
  ];
  return (turn) => {
    const { path, headers, status } = kinds[turn % kinds.length]!;
    const Host = `app${Math.floor(turn / kinds.length) % count}.localhost`;
    return { url: url + path, headers: { Host, ...headers }, status };
  };
}
