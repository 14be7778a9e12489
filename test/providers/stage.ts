/** One provider with the block of its page: the middlewares of mode keys, login and protect, and a folder that they share. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { keysBlockOf } from "../../src/cli/init/block.ts";
import type { Guest, Result } from "../../src/guest/guest.ts";
import { environment } from "../docs/blocks.ts";
import { StateFolder } from "../login/state-folder.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { Clock, HOST, LoginHost, locationOf, NAVIGATION } from "../support/login-host.ts";
import { answersFor, type Block, blockOf, type Profile, profileOf } from "./profile.ts";
import { PlayedProvider } from "./played-provider.ts";

const BUFFERING = { maxRequestBodyBytes: 65_536, maxResponseBodyBytes: 1_048_576 };

type Login = { service?: string; endpointOrigins?: Record<string, string> };

export class Stage {
  readonly clock = new Clock();
  readonly folder = new StateFolder();
  readonly profile: Profile;
  readonly block: Block;
  readonly provider: PlayedProvider;
  /** Set by `start`; a provider that signs nobody in has no host. */
  keys!: Guest;
  gate!: Guest;
  host: LoginHost | undefined;

  /** Of mode keys, where init writes another block for it. */
  #fetching: Record<string, unknown> | null = null;

  constructor(readonly name: string) {
    this.profile = profileOf(name);
    this.block = blockOf(name);
    this.provider = new PlayedProvider(() => this.clock.seconds, this.profile, this.block.issuer);
  }

  async start(): Promise<void> {
    mkdirSync(this.folder.path(""), { recursive: true });
    writeFileSync(this.folder.path("session-secret"), randomBytes(32).toString("base64url"));
    this.#fetching = keysBlockOf({
      ...(await answersFor(this.name)),
      metadata: this.profile.metadata,
    });
    this.keys = await this.#load("keys");
    this.gate = await this.#load("protect");
    if (!this.profile.signIn) return;
    const { mounts } = this.folder;
    const { clock, provider } = this;
    this.host = await LoginHost.start(this.#config("login"), {
      ...{ mounts, clock, provider, env: environment },
    });
  }

  stop(): void {
    this.folder.remove();
  }

  /** As the health check does, redirects followed. */
  async tick(): Promise<Result> {
    this.provider.service = this.#serviceOf("keys");
    const once = () =>
      this.keys.handle(
        { target: "/oidc/keys", headers: { Host: "127.0.0.1" } },
        this.provider.upstream,
      );
    const first = await once();
    const result = locationOf(first) ? await once() : first;
    this.provider.service = this.#serviceOf("login");
    return result;
  }

  /** What the application's router makes of a request. */
  ask(headers: Record<string, string>, target = "/a"): Promise<Result> {
    return this.gate.handle({ target, headers: { Host: HOST, ...headers } });
  }

  /** The same, of the browser that has signed in. */
  browse(target = "/a"): Promise<Result> {
    const cookie = this.host!.jar.header(target);
    return this.ask(cookie ? { Cookie: cookie } : {}, target);
  }

  /** The same, opening a page. */
  open(target = "/a"): Promise<Result> {
    const cookie = this.host!.jar.header(target);
    return this.ask({ ...NAVIGATION, ...(cookie ? { Cookie: cookie } : {}) }, target);
  }

  async session(): Promise<{ user: string; roles: string[]; expires: number; refreshAt?: number }> {
    const { body } = (await this.host!.visit("/oidc/session")).response;
    return JSON.parse(body.toString()) as Awaited<ReturnType<Stage["session"]>>;
  }

  #config(mode: string): Record<string, unknown> {
    const block = (mode === "keys" && this.#fetching) || this.block;
    return { ...block, mode, logLevel: "debug", audit: "all" };
  }

  #load(mode: string): Promise<Guest> {
    return loadGate(fileForm(this.#config(mode)), {
      mounts: this.folder.mounts,
      now: () => this.clock.ms,
      buffering: BUFFERING,
      env: environment,
    });
  }

  /** Origin of the service that the router of a mode leads to. */
  #serviceOf(mode: string): string {
    const login = (this.#config(mode).login ?? {}) as Login;
    const service = login.service ?? "provider";
    if (service === "provider") return new URL(this.block.issuer).origin;
    return login.endpointOrigins![service]!;
  }
}
