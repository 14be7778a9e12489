/**
 * One Traefik with an entry point for each contender to one upstream. Checked before it is measured: a gate that lets
 * everything through, or nothing, would be quick.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { loopback } from "../stack/machine/ports.ts";
import { root } from "../tools/root.ts";
import { startTraefik } from "../stack/traefik/traefik.ts";
import { pluginName, type Tree } from "../stack/traefik/config.ts";
import { type Compared, type Contender, contenders } from "./contenders.ts";
import { keySet, makeKey, type Key } from "./keys.ts";
import { startServer } from "./program.ts";
import { readCall, writeCall, type Call } from "./workload.ts";

export interface Stage {
  contenders: Contender[];
  /** `host:port` of each way to the upstream, and of the upstream itself. */
  addresses: Record<string, string>;
  key: Key;
  traefikPid: number;
  upstreamPid: number;
  /** How many audit lines Traefik has written. */
  auditLines(): number;
  stop(): Promise<void>;
}

export async function setStage(traffic: string, compared: Compared): Promise<Stage> {
  const key = makeKey("RS256");
  const list = contenders(key, compared);
  const folder = temporaryFolder("bench");
  const others = [makeKey("RS256"), makeKey("ES256")];
  writeFileSync(join(folder.path, "jwks.json"), keySet([...others, key]));
  const logFile = join(folder.path, "traefik.log");
  const upstream = await startServer(traffic, ["upstream"]);
  const upstreamAddress = `${loopback}:${upstream.port}`;
  const routers: Tree = {};
  const middlewares: Tree = {};
  for (const { target, block, plugin } of list) {
    const uses = block ? [target] : [];
    routers[target] = {
      rule: "PathPrefix(`/`)",
      entryPoints: [target],
      service: "api",
      middlewares: uses,
    };
    if (block) middlewares[target] = { plugin: { [plugin ? target : pluginName]: block } };
  }
  try {
    const traefik = await startTraefik({
      dynamic: {
        http: {
          routers,
          middlewares,
          services: { api: { loadBalancer: { servers: [{ url: `http://${upstreamAddress}` }] } } },
        },
      },
      // Into a file: read through a pipe, the audit would cost this process time that Traefik needs.
      static: { log: { filePath: logFile } },
      mounts: { "/state": `${folder.path}:ro` },
      morePlugins: pluginsOf(list, folder.path),
      entryPoints: Object.fromEntries(list.map(({ target }) => [target, 0])),
    });
    const addresses: Record<string, string> = { upstream: upstreamAddress };
    for (const { target } of list) addresses[target] = new URL(traefik.urls[target]!).host;
    return {
      contenders: list,
      addresses,
      key,
      traefikPid: traefik.pid,
      upstreamPid: upstream.pid,
      auditLines: () =>
        readFileSync(logFile, "latin1").split('\\"rolegate\\":\\"audit\\"').length - 1,
      async stop() {
        await traefik.stop();
        upstream.stop();
        folder.remove();
      },
    };
  } catch (error) {
    upstream.stop();
    throw error;
  }
}

/** By name; for another plugin.wasm a folder is made with the checkout's manifest. */
function pluginsOf(list: Contender[], home: string) {
  const plugins: Record<string, { module: string; folder: string }> = {};
  for (const { target, plugin } of list) {
    if (!plugin) continue;
    const { module, wasm, folder = join(home, module) } = plugin;
    plugins[target] = { module, folder };
    if (!wasm) continue;
    mkdirSync(folder);
    cpSync(join(root, ".traefik.yml"), join(folder, ".traefik.yml"));
    cpSync(wasm, join(folder, "plugin.wasm"));
  }
  return plugins;
}

/** With the Host that the call has, which `fetch` would not send. */
function send(address: string, { method, target, headers, body }: Call) {
  const options = { method, headers: Object.fromEntries(headers) };
  return new Promise<{ status: number; user: string | undefined }>((resolve, reject) => {
    const sent = request(`http://${address}${target}`, options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk));
      response.on("end", () => {
        const user = /"user":"([^"]*)"/.exec(text)?.[1];
        resolve({ status: response.statusCode ?? 0, user });
      });
    });
    sent.on("error", reject).end(body);
  });
}

/** Throws unless each gate decides and marks requests as it should, and the bare way does neither. */
export async function checkStage({ addresses, contenders }: Stage, token: string): Promise<void> {
  const spoofed: Call = { ...readCall(token) };
  spoofed.headers = [...spoofed.headers, ["X-Forwarded-User", "mallory"]];
  const forbidden: Call = { ...writeCall(token), target: "/api/block_documents/1" };
  const bad = readCall(`${token.slice(0, -20)}AAAA${token.slice(-16)}`);
  const expected = ({ target }: Contender): [string, Call, number, string | undefined][] => {
    if (target === "bare") return [["a read", readCall(token), 200, ""]];
    const all: [string, Call, number, string | undefined][] = [
      ["a read", readCall(token), 200, "bob.runner"],
      ["a write", writeCall(token), 200, "bob.runner"],
      ["a read with a spoofed header", spoofed, 200, "bob.runner"],
      ["a forged token", bad, 401, undefined],
    ];
    // No peer has rules by path.
    if (target !== "peer") all.push(["a write without the role", forbidden, 403, undefined]);
    return all;
  };
  for (const contender of contenders) {
    for (const [what, call, status, user] of expected(contender)) {
      const got = await send(addresses[contender.target]!, call);
      if (got.status === status && got.user === user) continue;
      throw new Error(
        `${contender.title}, ${what}: expected ${status} for ${user}, got ${got.status} for ${got.user}`,
      );
    }
  }
}
