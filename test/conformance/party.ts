/**
 * Rolegate as the relying party: a Traefik of its own for each module, with a state folder that is empty, so that the
 * keys of the module before are nobody's.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { selfSigned } from "../../stack/machine/certificate.ts";
import { temporaryFolder, type TemporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { internalEntryPoint, signInConfiguration } from "../../stack/sign-in.ts";
import { merge, type Tree } from "../../stack/traefik/config.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";

const SESSION_SECRET = "c4d1a0c8a9f74f0f9d6f6b1c1f2e3d4a5b6c7d8e9f00112233445566778899aa";
const CLIENT_SECRET = "the-client-secret-of-a-conformance-plan-4f2a91";
const CLIENT_ID = "rolegate";
/** The suite's path for this client, and so part of its issuer's name. */
export const ALIAS = "rolegate";

export interface Line {
  event: string;
  reason?: string;
  message?: string;
}

export class Party {
  readonly origin: string;
  #traefik: Traefik | null = null;
  #lines: Line[] = [];

  private constructor(
    private readonly suite: string,
    private readonly port: number,
    private readonly folder: TemporaryFolder,
    private readonly upstream: Upstream,
  ) {
    this.origin = `https://${loopback}:${port}`;
  }

  /** `ca`: PEM of who vouches for the suite's certificate; undefined where it speaks plain http. */
  static async make(suite: string, ca: string | undefined): Promise<Party> {
    const [port] = await freePorts(1);
    const folder = temporaryFolder("conformance");
    const { certificate, key } = await selfSigned([loopback]);
    writeFileSync(join(folder.path, "certificate.pem"), certificate);
    writeFileSync(join(folder.path, "key.pem"), key, { mode: 0o600 });
    if (ca) writeFileSync(join(folder.path, "suite.pem"), ca);
    return new Party(suite, port!, folder, await startUpstream());
  }

  /** What the plan has to know of the client. */
  get client(): Tree {
    return {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uri: `${this.origin}/oidc/callback`,
      id_token_signed_response_alg: "RS256",
      post_logout_redirect_uri: `${this.origin}/oidc/signed-out`,
      initiate_login_uri: `${this.origin}/oidc/login`,
    };
  }

  /** Starts anew, and waits until the keys were fetched, or could not be. */
  async start(change: Tree, number: number): Promise<void> {
    const state = join(this.folder.path, `state-${number}`);
    mkdirSync(state);
    this.#lines = [];
    this.#traefik = await startTraefik({
      entryPoints: { web: this.port, [internalEntryPoint]: 0 },
      mounts: { "/state": state },
      envs: { SESSION_SECRET, CLIENT_SECRET },
      dynamic: (ports) => this.#configuration(change, ports[internalEntryPoint]!),
    });
    await this.#traefik.log.waitForGuest(isFetched);
  }

  /** Ends it; what it said stays. */
  async stop(): Promise<void> {
    if (this.#traefik) this.#lines = linesOf(this.#traefik);
    await this.#traefik?.stop();
    this.#traefik = null;
  }

  async end(): Promise<void> {
    await this.stop();
    await this.upstream.stop();
    this.folder.remove();
  }

  get lines(): Line[] {
    return this.#traefik ? linesOf(this.#traefik) : this.#lines;
  }

  #configuration(change: Tree, internal: number): Tree {
    const file = (name: string) => join(this.folder.path, name);
    const block = merge(
      {
        issuer: `${this.suite}/test/a/${ALIAS}/`,
        clientId: CLIENT_ID,
        publicUrl: this.origin,
        // What the client is registered for: Back-Channel Logout §2.6 lets a logout token have no other.
        algorithms: ["RS256"],
        session: { secrets: ["env:SESSION_SECRET"], revocationTtl: "0s" },
        // A module ends when userinfo is asked.
        login: {
          ...{ clientSecret: "env:CLIENT_SECRET", userinfo: true },
          postLogoutRedirect: "/oidc/signed-out",
        },
        stateDir: "/state",
        rules: [{ match: "PathPrefix(`/`)", allow: "authenticated" }],
        forwardHeaders: { "X-Forwarded-User": "sub" },
      },
      change,
    );
    const made = signInConfiguration({
      ...{ block, host: loopback, upstreamUrl: this.upstream.url, providerUrl: this.suite },
      ...{ internalUrl: `http://${loopback}:${internal}`, interval: "2s", patience: "10s" },
      tls: { certFile: file("certificate.pem"), keyFile: file("key.pem") },
    });
    const isTls = this.suite.startsWith("https:");
    const rootCAs = isTls ? { rootCAs: [file("suite.pem")] } : {};
    return merge(made, {
      http: {
        routers: { app: { entryPoints: ["web"] }, login: { entryPoints: ["web"] } },
        serversTransports: { provider: rootCAs },
      },
    });
  }
}

const isFetched = ({ rolegate, event }: Record<string, unknown>) =>
  event === "keys_not_fetched" || (rolegate === "keys" && event === "read");

function linesOf(traefik: Traefik): Line[] {
  return traefik.log
    .guestLines()
    .filter(({ event }) => typeof event === "string")
    .map((line) => line as unknown as Line);
}
