/** etcd's server, and its command line: what is there, or Debian's packages when we are root. */
import { outputOf } from "../machine/command.ts";
import { installFromDebian } from "../fetch/debian.ts";

/** The first release whose JSON gateway is below `/v3`. */
const OLDEST = [3, 4] as const;

async function isThere(program: string): Promise<boolean> {
  const text = await outputOf({ program, args: ["--version"] });
  const [, major, minor] = /etcd Version: (\d+)\.(\d+)/.exec(text ?? "") ?? [];
  if (major === undefined) return false;
  return Number(major) > OLDEST[0] || Number(minor) >= OLDEST[1];
}

/** The program to run; ETCD_BIN is taken at its word. Throws if there is none. */
export async function findEtcd(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.ETCD_BIN) return env.ETCD_BIN;
  if (await isThere("etcd")) return "etcd";
  await installFromDebian("etcd", [["etcd-server"]]);
  if (await isThere("etcd")) return "etcd";
  throw new Error(
    `etcd ${OLDEST.join(".")} or newer is needed, on PATH or in ETCD_BIN (Debian: apt-get install etcd-server)`,
  );
}

/** For what people type, which is tried as they would. */
export async function findEtcdctl(): Promise<string> {
  const isInstalled = () => outputOf({ program: "etcdctl", args: ["version"] });
  if ((await isInstalled()) === null) await installFromDebian("etcdctl", [["etcd-client"]]);
  if ((await isInstalled()) !== null) return "etcdctl";
  throw new Error("etcdctl is needed, on PATH (Debian: apt-get install etcd-client)");
}
