/** How often the guest calls its host for one request with a token that it knows: each call is copies and a switch. */
import { join } from "node:path";
import { root } from "../tools/root.ts";
import { record } from "./floor/record.ts";
import { keySet, makeKey, makeToken } from "./keys.ts";
import { configuration, readCall, writeCall } from "./workload.ts";

export interface HostCalls {
  /** Calls for a read and for a write (which is audited), in order. */
  read: string[];
  write: string[];
}

export async function countHostCalls(): Promise<HostCalls> {
  const key = makeKey("RS256");
  const token = makeToken(key);
  const subject = {
    wasm: join(root, "plugin.wasm"),
    config: configuration({ jwks: keySet([key]) }),
  };
  const { recordings } = await record(subject, [readCall(token), writeCall(token)]);
  const [read = [], write = []] = recordings.map(({ request, response }) =>
    [...request, ...response].map(({ name }) => name),
  );
  return { read, write };
}
