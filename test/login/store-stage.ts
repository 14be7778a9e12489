/** Two Traefiks without a common folder, and the engine between them. */
import { randomBytes } from "node:crypto";
import { after, before, beforeEach } from "node:test";
import type { Guest, Result } from "../../src/guest/guest.ts";
import type { ForwardedRequest, UpstreamResponse } from "../../src/guest/proxy.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeConsul } from "../support/fake-consul.ts";
import { FakeEtcd } from "../support/fake-etcd.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { Clock, HOST, LoginHost, locationOf } from "../support/login-host.ts";
import { RECORD_BYTES } from "../support/revocations.ts";
import { block, SECRET, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

export const clock = new Clock();
export const provider = new FakeProvider(() => clock.seconds);
export const etcd = new FakeEtcd();
export const consul = new FakeConsul();
const BUFFERING = { maxRequestBodyBytes: 65_536, maxResponseBodyBytes: 1_048_576 };

/** Where the routers of a Traefik lead. */
function carry(request: ForwardedRequest) {
  if (request.target.startsWith("/v1/")) return consul.upstream(request);
  return request.target.startsWith("/v3/") ? etcd.upstream(request) : asked(request);
}
const asked = provider.upstream;
provider.upstream = async (request) => carry(request);

let machines = 0;

export class Machine {
  readonly folder = new StateFolder();
  /** Machines that ask at one nanosecond, as only here, are told apart by it. */
  readonly id = `machine-${++machines}`;
  login!: LoginHost;
  /** Another guest of the login middleware. */
  another!: () => Promise<LoginHost>;
  gate!: Guest;
  cron!: Guest;
  secrets = [SECRET.toString("base64url")];

  async start(
    store: Record<string, unknown>,
    changes: Record<string, unknown> = {},
  ): Promise<void> {
    const config = block({ stateDir: STATE, store, ...changes });
    const more = { mounts: this.folder.mounts, now: () => clock.ms, buffering: BUFFERING };
    this.another = () => LoginHost.start(config, { ...more, clock, provider });
    this.login = await this.another();
    this.gate = await loadGate(fileForm(config), more);
    this.cron = await loadGate(fileForm({ ...config, mode: "store" }), more);
  }

  /** One call of the health check, which follows redirects, with the log of all. */
  async tick(): Promise<Result> {
    let target = "/oidc/store";
    const logs: Result["logs"] = [];
    for (let i = 0; ; i++) {
      const result = await this.cron.handle(
        { target, headers: { Host: "127.0.0.1", "X-Request-Id": this.id } },
        carry,
      );
      if (result.trap) throw result.trap;
      logs.push(...result.logs);
      if (!locationOf(result)) return { ...result, logs };
      if (i === 10) throw new Error("stopped after 10 redirects");
      target = locationOf(result)!;
    }
  }

  async status(): Promise<number> {
    return (await this.tick()).response.status;
  }

  /** What its gate says to the browser, after revocationTtl. */
  async sees(jar: CookieJar): Promise<unknown> {
    const headers = { Host: HOST, Cookie: jar.header("/")! };
    return reasonOf(await this.gate.handle({ target: "/a", headers }));
  }
}

/** Files have the time of the machine: what was read counts as read now. */
export function pass(seconds: number, ...machines: Machine[]): void {
  clock.pass(seconds);
  for (const { folder } of machines) {
    for (const name of folder.list()) {
      if (name.startsWith("store-read")) folder.touch(name, clock.seconds);
    }
  }
}

export const one = new Machine();
export const two = new Machine();

export function stage(store: Record<string, unknown> = { kind: "etcd" }): void {
  before(async () => {
    await one.start(store);
    await two.start(store);
  });
  after(() => {
    one.folder.remove();
    two.folder.remove();
  });
  beforeEach(async () => {
    provider.reset();
    etcd.reset();
    consul.reset();
    for (const { folder, login } of [one, two]) {
      folder.clear();
      login.jar = new CookieJar();
    }
    // Files have the time of the machine.
    clock.ms = Math.floor(Date.now() / 1000) * 1000;
    // Guests that looked at a later time look again.
    for (const { gate, login } of [one, two]) {
      await gate.handle({ target: "/a", headers: { Host: HOST } });
      await login.visit("/oidc/session", { jar: null });
    }
  });
}

/** Each reads once, so that its gate knows of what there is. */
export async function read(...machines: Machine[]): Promise<void> {
  for (const machine of machines) await machine.tick();
  pass(6, ...machines);
}

/** Follows a browser through what a Traefik answers, until it is sent elsewhere. */
export async function follow(host: LoginHost, target: string, ask = {}): Promise<Result[]> {
  const seen: Result[] = [];
  let next: string | null = target;
  let how: object = ask;
  while (next?.startsWith("/oidc/") && seen.length < 20) {
    const result: Result = await host.visit(next, how);
    seen.push(result);
    next = locationOf(result) ?? null;
    if (result.response.status === 303) how = { ...how, method: "GET" };
  }
  return seen;
}

export const period = () => Math.floor(clock.seconds / 43_200);
export const records = ({ folder }: Machine, kind = "revoked"): Buffer => {
  const name = `${kind}-${period()}`;
  return folder.list().includes(name) ? folder.read(name) : Buffer.alloc(0);
};
/** Records of so many sessions, as sign-outs leave them; `owner`: whose they count as. */
export const madeUp = (count: number, owner?: Buffer) =>
  Buffer.concat(
    Array.from({ length: count }, () => {
      const record = Buffer.concat([randomBytes(24), Buffer.alloc(8, 0x7f)]);
      record[0] = 1;
      (owner ?? randomBytes(7)).copy(record, 1, 0, 7);
      return record;
    }),
  );
export const parts = (all: Buffer) =>
  Array.from({ length: all.length / RECORD_BYTES }, (_, i) =>
    all.subarray(i * RECORD_BYTES, (i + 1) * RECORD_BYTES).toString("hex"),
  ).sort();

/** JSON that a test has the engine answer. */
export const answer = (body: string, more: Partial<UpstreamResponse> = {}): UpstreamResponse => ({
  headers: { "Content-Type": "application/json" },
  body,
  ...more,
});

export const told = ({ logs }: Result) =>
  logs.flatMap(({ data }) =>
    String(data?.event).startsWith("store_") ? [data!.event as string] : [],
  );

/** Signs in and out at the first, which both did not know of before. */
export async function signedOut() {
  await read(one, two);
  await one.login.signIn();
  const jar = one.login.jar.copy();
  await follow(one.login, "/oidc/logout");
  return jar;
}
