/**
 * A contender in a Traefik of its own, so that neither its heap nor its processor time is another's. Checked before it
 * is measured: a gate that lets everything through, or nothing, would be quick.
 */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import type { Tree } from "../stack/traefik/config.ts";
import { startTraefik } from "../stack/traefik/traefik.ts";
import type { Contender, Scenario } from "./contenders.ts";
import { ageOf } from "./machine.ts";
import { isCookie, readCall, writeCall, type Call } from "./workload.ts";
import type { World } from "./world.ts";

export interface Running {
  contender: Contender;
  /** `host:port` of its entry point. */
  address: string;
  pid: number;
  /** Process beside Traefik that it asks. */
  beside: number | null;
  /** From Traefik's start until it answered. Milliseconds. */
  start: number;
  credential(scenario: Scenario, index?: number): Promise<string>;
  /** A changed configuration, until requests are answered by it. Milliseconds. */
  reload(): Promise<number>;
  /** How many audit lines Traefik has written. */
  auditLines(): number;
  stop(): Promise<void>;
}

export async function startContender(contender: Contender, world: World): Promise<Running> {
  const setup = await contender.prepare(world);
  const folder = temporaryFolder("bench-traefik");
  const logFile = join(folder.path, "traefik.log");
  const end = async () => {
    await setup.beside?.stop();
    folder.remove();
  };
  const { middlewares } = setup;
  const some = Object.keys(middlewares);
  const dynamic = (reloads: number): Tree => ({
    http: {
      routers: {
        app: {
          rule: "PathPrefix(`/`)",
          entryPoints: ["web"],
          service: "api",
          middlewares: some,
        },
        // A reload changes this one; the middlewares are made anew for any change.
        other: { rule: `Host(\`reload-${reloads}.example.com\`)`, service: "api" },
      },
      // Traefik refuses an empty one.
      ...(some.length > 0 ? { middlewares } : {}),
      services: {
        api: { loadBalancer: { servers: [{ url: `http://${world.upstream.address}` }] } },
      },
    },
  });
  try {
    const traefik = await startTraefik({
      ...setup.traefik,
      dynamic: dynamic(0),
      // Into a file: read through a pipe, the audit would cost this process time that Traefik needs.
      static: { log: { filePath: logFile }, ...setup.traefik?.static },
      mounts: { "/state": `${world.folder}:ro` },
      runtime: world.runtime,
    });
    const address = new URL(traefik.url).host;
    await decided(address);
    const start = ageOf(traefik.pid) ?? 0;
    let reloads = 0;
    const running: Running = {
      contender,
      address,
      pid: traefik.pid,
      beside: setup.beside?.pid ?? null,
      start,
      credential: async (scenario, index = 0) => setup.credential(scenario, address, index),
      async reload() {
        const begin = performance.now();
        await traefik.configure(dynamic(++reloads));
        await decided(address);
        return performance.now() - begin;
      },
      auditLines: () =>
        readFileSync(logFile, "latin1").split('\\"rolegate\\":\\"audit\\"').length - 1,
      async stop() {
        await traefik.stop();
        await end();
      },
    };
    await check(running, setup.user, world.stranger).catch(async (error: unknown) => {
      await running.stop();
      throw error;
    });
    return running;
  } catch (error) {
    await end();
    throw error;
  }
}

const PATIENCE = 30_000;

/** Waits until it decides on a request without a credential, whatever it decides. */
async function decided(address: string): Promise<void> {
  for (const end = Date.now() + PATIENCE; ; await sleep(5)) {
    const { status } = await send(address, readCall("")).catch(() => ({ status: 0 }));
    if (status >= 200 && status < 404) return;
    if (Date.now() > end) throw new Error(`a request without a credential got ${status}`);
  }
}

/** With the Host that the call has, which `fetch` would not send. */
export function send(address: string, { method, target, headers, body }: Call) {
  const options = { method, headers: Object.fromEntries(headers) };
  return new Promise<{ status: number; user: string | null }>((resolve, reject) => {
    const sent = request(`http://${address}${target}`, options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        const user = /"user":"([^"]*)"/.exec(text)?.[1] ?? null;
        resolve({ status: response.statusCode ?? 0, user });
      });
    });
    sent.on("error", reject).end(body);
  });
}

/** Another value of the same length, in each cookie. */
const forged = (credential: string) =>
  isCookie(credential)
    ? credential.replace(
        /=([^;]{8,})/g,
        (_, value: string) => `=${mangled(value, value.length / 2)}`,
      )
    : mangled(credential, credential.length - 20);

function mangled(text: string, at: number): string {
  const from = Math.floor(at);
  const turned = [...text.slice(from, from + 4)].map((it) => (it === "A" ? "B" : "A"));
  return text.slice(0, from) + turned.join("") + text.slice(from + 4);
}

const LET_IN = (status: number) => status === 200;
const REFUSED = (status: number) => [401, 302, 303].includes(status);

/** Throws unless the contender decides and marks requests as it should, and the bare way does neither. */
async function check(running: Running, known: string | null, stranger: string): Promise<void> {
  const { contender, address, credential } = running;
  const expect = async (
    what: string,
    call: Call,
    fits: (status: number) => boolean,
    user: string | null = null,
  ) => {
    const got = await send(address, call);
    if (fits(got.status) && (user === null || got.user === user)) return;
    const told = user === null ? "" : ` for ${got.user}, who is ${user}`;
    throw new Error(`${contender.title}, ${what}: got ${got.status}${told}`);
  };
  for (const scenario of contender.scenarios) {
    const mine = await credential(scenario);
    const of = (what: string) => `${scenario}, ${what}`;
    await expect(of("a read"), readCall(mine), LET_IN, known);
    await expect(of("a write"), writeCall(mine), LET_IN, known);
    if (contender.decides === "nothing") continue;
    const none = { ...readCall(mine) };
    none.headers = none.headers.filter(([name]) => !/^(authorization|cookie)$/i.test(name));
    await expect(of("a read without a credential"), none, REFUSED);
    await expect(of("a read with a forged one"), readCall(forged(mine)), REFUSED);
    if (scenario === "warm") {
      const denied = (status: number) => status === 401 || status === 403;
      await expect(of("a token without the role"), readCall(stranger), denied);
    }
    if (contender.decides === "role") continue;
    const spoofed: Call = { ...readCall(mine) };
    spoofed.headers = [...spoofed.headers, ["X-Forwarded-User", "mallory"]];
    await expect(of("a read with a spoofed header"), spoofed, LET_IN, known);
    const forbidden: Call = { ...writeCall(mine), target: "/api/block_documents/1" };
    await expect(of("a write without the role"), forbidden, (status) => status === 403);
  }
}
