/**
 * How memory, start and a request's time grow with what there is: routers, connections that are held, rules, keys, API
 * keys, sign-outs. On real Traefik, one thing at a time from the smallest configuration up.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Socket } from "node:net";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { startTraefik } from "../stack/traefik/traefik.ts";
import type { Tree } from "../stack/traefik/config.ts";
import { startUpstream } from "../stack/upstream/upstream.ts";
import { descriptors, median, memory } from "../test/faults/process.ts";
import { open, sendAll } from "../test/faults/sockets.ts";
import { apiKey, digestOf } from "../test/support/api-keys.ts";
import { revocation } from "../test/support/revocations.ts";
import { ISSUER, keySet, makeKey, makeToken } from "./keys.ts";
import { processorTime } from "./machine.ts";
import { makeSessions } from "./sessions.ts";
import { APPLICATION, configuration, cookie, KEY_FILE, readCall, wire } from "./workload.ts";

export type Axis = "routers" | "connections" | "rules" | "keys" | "API keys" | "sign-outs";

const AXES: Record<Axis, number[]> = {
  routers: [1, 10, 50, 100, 200],
  connections: [1, 100, 1_000, 3_000, 10_000],
  rules: [1, 64, 256, 512],
  keys: [1, 16, 32, 64],
  "API keys": [1, 256, 1_024, 4_096],
  "sign-outs": [0, 256, 1_024, 4_096],
};

export interface Point {
  count: number;
  /** Time from Traefik's start until the configuration is in force. Milliseconds. */
  start: number;
  /** Resident memory of Traefik with no connection. MiB. */
  idle: number;
  /** With as many connections held as `guests`, each of which has a guest. MiB. */
  held: number;
  guests: number;
  /** Open files and sockets of Traefik then. */
  descriptors: number;
  /** Traefik's processor time for a request. Microseconds. */
  cpu: number;
}

/** Held for what is in each guest. */
const GUESTS = 100;
const REQUESTS = 2_000;
const ROUNDS = 3;
const DAY = 86_400;

interface Case {
  block: Tree;
  /** The credential of a request: a header line, or a cookie. */
  credential: string;
  routers: number;
  guests: number;
}

async function caseOf(axis: Axis, count: number, folder: string): Promise<Case> {
  const key = makeKey("RS256");
  const others = Array.from({ length: axis === "keys" ? count - 1 : 0 }, () => makeKey("ES256"));
  writeFileSync(join(folder, "jwks.json"), keySet([...others, key]));
  const rules = axis === "rules" ? count : 20;
  const block = configuration({ jwksFile: KEY_FILE }, { last: rules }) as Tree;
  const made: Case = {
    block: { ...block, audit: "denied" },
    credential: makeToken(key),
    routers: axis === "routers" ? count : 1,
    guests: axis === "connections" ? count : GUESTS,
  };
  if (axis === "API keys") {
    const keys = Array.from({ length: count }, () => apiKey());
    const list = keys.map((it, index) => ({
      name: `key-${index}`,
      sha256: digestOf(it),
      roles: ["runner"],
    }));
    writeFileSync(join(folder, "keys.json"), JSON.stringify(list));
    made.block = { ...made.block, apiKeysFile: "/state/keys.json" };
    made.credential = keys.at(-1)!;
  }
  if (axis === "sign-outs") {
    const sessions = await makeSessions(block);
    const now = Math.floor(Date.now() / 1_000);
    const records = Array.from({ length: count }, (_, index) =>
      revocation("sid", ISSUER, `sid-${index}`, now),
    );
    if (count > 0)
      writeFileSync(join(folder, `revoked-${Math.floor(now / DAY)}`), Buffer.concat(records));
    made.block = { ...sessions.block(made.block), stateDir: "/state" };
    made.credential = cookie(sessions.make());
  }
  return made;
}

async function measure(axis: Axis, count: number): Promise<Point> {
  const folder = temporaryFolder("scale");
  const upstream = await startUpstream();
  const { block, credential, routers, guests } = await caseOf(axis, count, folder.path);
  const names = Array.from({ length: routers }, (_, index) => `app${index}`);
  const each = (make: (index: number) => unknown) =>
    Object.fromEntries(names.map((name, index) => [name, make(index)]));
  const begin = performance.now();
  const traefik = await startTraefik({
    dynamic: {
      http: {
        routers: each((index) => ({
          rule: `Host(\`${index === 0 ? APPLICATION : `app${index}.example.com`}\`)`,
          entryPoints: ["web"],
          service: "app",
          middlewares: [`app${index}`],
        })),
        middlewares: each(() => ({ plugin: { rolegate: block } })),
        services: { app: { loadBalancer: { servers: [{ url: upstream.url }] } } },
      },
    },
    mounts: { "/state": `${folder.path}:ro` },
  });
  const start = performance.now() - begin;
  const sockets: Socket[] = [];
  try {
    const target = { port: Number(new URL(traefik.url).port) };
    const call = readCall(credential);
    const idle = memory(traefik.pid);
    const request = Buffer.from(wire(call));
    const cpu: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const before = processorTime(traefik.pid)!;
      const statuses = await sendAll(target, REQUESTS, 4, () => request);
      if (statuses["200"] !== REQUESTS) throw new Error(`${axis}: ${JSON.stringify(statuses)}`);
      // The first is for warming up.
      if (round > 0) cpu.push(((processorTime(traefik.pid)! - before) * 1e6) / REQUESTS);
    }
    const upgrade = Buffer.from(
      wire({
        ...call,
        headers: [
          ...call.headers,
          ...([
            ["Connection", "Upgrade"],
            ["Upgrade", "websocket"],
            ["Sec-WebSocket-Version", "13"],
            ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
          ] as [string, string][]),
        ],
      }),
    );
    const hold = async () => {
      const socket = await open(target);
      sockets.push(socket);
      socket.write(upgrade);
      const status = await opened(socket);
      if (status !== 101) throw new Error(`${axis} ${count}: a WebSocket got ${status}`);
      socket.resume();
    };
    while (sockets.length < guests) {
      const some = Math.min(50, guests - sockets.length);
      await Promise.all(Array.from({ length: some }, hold));
    }
    const held = memory(traefik.pid);
    const files = descriptors(traefik.pid);
    return { count, start, idle, held, guests, descriptors: files, cpu: median(cpu) };
  } finally {
    for (const socket of sockets) socket.destroy();
    await traefik.stop();
    await upstream.stop();
    folder.remove();
  }
}

/** The status of the answer to a handshake, which has no body. */
function opened(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once("data", (part) => resolve(Number(part.toString("latin1").slice(9, 12))));
    socket.once("close", () => reject(new Error("the connection ended")));
  });
}

/** A connection takes three descriptors of Traefik's (its guest has one for the mount), and two here. Root may raise the limit; who may not measures less. */
function allowDescriptors(count: number): boolean {
  try {
    const limit = `--nofile=${count}:${count}`;
    execFileSync("prlimit", ["--pid", String(process.pid), limit], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export async function measureScale(say: (line: string) => void, only?: string) {
  const [many, fewer] = [10_000, 6_000];
  const most = allowDescriptors(65_536) ? many : fewer;
  if (most < many)
    say(`the limit of open files stays: ${most} connections in the place of ${many}`);
  const result = {} as Record<Axis, Point[]>;
  for (const [axis, counts] of Object.entries(AXES) as [Axis, number[]][]) {
    if (only && axis !== only) continue;
    result[axis] = [];
    for (const wanted of counts) {
      const count = Math.min(wanted, most);
      const point = await measure(axis, count);
      result[axis].push(point);
      say(
        `${axis.padEnd(12)}${String(count).padStart(6)}  start ${point.start.toFixed(0)} ms  ` +
          `idle ${point.idle.toFixed(0)} MiB  ${point.guests} held ${point.held.toFixed(0)} MiB  ` +
          `${point.descriptors} descriptors  ` +
          `${point.cpu.toFixed(0)} µs a request`,
      );
    }
  }
  return result;
}

export type Scale = Awaited<ReturnType<typeof measureScale>>;
