/** The calls of its host that a guest makes for a warm request, with what it passes: on the Node host. */
import { loadGuest } from "../../src/guest/load.ts";
import type { Call } from "../workload.ts";
import { functionOf, widthOf, type Argument } from "./abi.ts";

/** The bytes of a text, one character each; the size of a buffer; the request's target, which the guest has been told. */
export type Value = number | bigint | { text: string } | { size: number } | "place" | "target";

export interface HostCall {
  name: string;
  values: Value[];
}

export interface Recording {
  method: string;
  /** Calls of handle_request and of handle_response. */
  request: HostCall[];
  response: HostCall[];
}

export interface Recorded {
  /** Features that the guest enabled when it started. */
  features: number;
  recordings: Recording[];
}

export interface Subject {
  wasm: string | WebAssembly.Module;
  config: unknown;
  mounts?: readonly string[];
}

/** Each request is recorded when the guest knows its credential. */
export async function record(subject: Subject, calls: Call[]): Promise<Recorded> {
  let into: HostCall[] | null = null;
  let target = "";
  let features = 0;
  const guest = await loadGuest({
    ...subject,
    onCall(name, args, memory) {
      if (into) into.push({ name, values: valuesOf(name, args, memory, target) });
      else if (name === "enable_features") features |= args[0] as number;
    },
  });
  const recordings: Recording[] = [];
  for (const call of calls) {
    const made: Recording = { method: call.method, request: [], response: [] };
    const ask = async (recorded: boolean) => {
      into = recorded ? made.request : null;
      ({ target } = call);
      const { forwarded, trap, response } = await guest.handle(call, () => {
        if (recorded) into = made.response;
        return {};
      });
      into = null;
      if (trap) throw trap;
      if (!forwarded) {
        const { status, body } = response;
        throw new Error(`${call.method} ${call.target} got ${status}: ${body.toString()}`);
      }
    };
    // The first verifies the credential.
    await ask(false);
    await ask(true);
    recordings.push(made);
  }
  return { features, recordings };
}

function valuesOf(
  name: string,
  args: readonly unknown[],
  memory: WebAssembly.Memory,
  target: string,
): Value[] {
  let at = 0;
  return functionOf(name).arguments.map((argument) => {
    const [first, second] = args.slice(at, (at += widthOf(argument))) as [number, number];
    const value = valueOf(argument, first, second, memory);
    const isTarget = name === "set_uri" && typeof value === "object" && "text" in value;
    return isTarget && value.text === target ? "target" : value;
  });
}

function valueOf(argument: Argument, first: number, second: number, memory: WebAssembly.Memory) {
  switch (argument) {
    case "number":
    case "long":
      return first;
    case "text":
      return { text: Buffer.from(memory.buffer, first >>> 0, second).toString("latin1") };
    case "buffer":
      return { size: second };
    case "place":
      return "place";
  }
}
