/** Steps on the state directory /state/rolegate, separated by `|`: an operation and its arguments. */
import { StateDirectory } from "../../../assembly/host/state-directory";
import { State } from "../../../assembly/state/state";
import { Bytes } from "../../../assembly/text/bytes";
import { digest, split, words } from "./text";

const LIMIT = 1000;

/** What came of each step, a line each. */
export function stateSteps(text: Bytes): Bytes {
  const state = StateDirectory.at(Bytes.of("/state/rolegate"));
  if (!state) return Bytes.of("no mount\n");
  const steps = split(text, 0x7c);
  let out = "";
  for (let i = 0; i < steps.length; i++) out += step(state, words(steps[i])) + "\n";
  return Bytes.of(out);
}

function step(state: State, parts: Array<Bytes>): string {
  const operation = parts[0];
  const name = parts.length > 1 ? parts[1] : Bytes.empty();
  const text = parts.length > 2 ? parts[2] : Bytes.empty();
  const tag = parts.length > 3 ? parts[3] : Bytes.empty();
  if (operation.is("read")) return shown(state.read(name, LIMIT));
  if (operation.is("write")) return state.write(name, text, tag).toString();
  if (operation.is("create")) return state.create(name, text).toString();
  if (operation.is("rename")) return state.rename(name, text).toString();
  if (operation.is("remove")) return state.remove(name).toString();
  if (operation.is("append")) return state.append(name, text).toString();
  if (operation.is("overwrite")) {
    return state.overwrite(name, I32.parseInt(text.toString()), tag).toString();
  }
  if (operation.is("stamp")) {
    const stamp = state.stamp(name);
    return (stamp < 0 ? stamp : stamp / 1_000_000_000 - state.modified(name)).toString();
  }
  if (operation.is("directory")) return state.makeDirectory(name).toString();
  if (operation.is("modified")) return state.modified(name).toString();
  if (operation.is("size")) return state.size(name).toString();
  if (operation.is("list")) return listed(state.list(name, LIMIT));
  return "unknown";
}

function shown(bytes: Bytes | null): string {
  return bytes ? `"${bytes.toString()}"` : "null";
}

function listed(names: Array<Bytes> | null): string {
  if (!names) return "null";
  const all: Array<string> = [];
  for (let i = 0; i < names.length; i++) all.push(names[i].toString());
  if (all.length > 10)
    return `${all.length} with ${digest(Bytes.of(all.sort().join(" "))).toString()}`;
  return all.sort().join(" ");
}
