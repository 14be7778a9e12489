/** How often the guest calls its host for one request with a token that it knows: each call is copies and a switch. */
import { join } from "node:path";
import { root } from "../tools/root.ts";
import { loadGuest } from "../src/guest/load.ts";
import { keySet, makeKey, makeToken } from "./keys.ts";
import { configuration, readCall, writeCall, type Call } from "./workload.ts";

export interface HostCalls {
  /** Calls for a read and for a write (which is audited), in order. */
  read: string[];
  write: string[];
}

export async function countHostCalls(): Promise<HostCalls> {
  const key = makeKey("RS256");
  const guest = await loadGuest({
    wasm: join(root, "plugin.wasm"),
    config: configuration({ jwks: keySet([key]) }),
  });
  const token = makeToken(key);
  const count = async (call: Call) => {
    const { forwarded, calls } = await guest.handle(call);
    if (!forwarded) throw new Error(`the guest refused ${call.method} ${call.target}`);
    return calls;
  };
  // The first one verifies the token.
  await count(readCall(token));
  return { read: await count(readCall(token)), write: await count(writeCall(token)) };
}
