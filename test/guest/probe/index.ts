/**
 * A guest that does what a request tells it: X-Probe holds steps, separated by `|`, each an operation and its
 * arguments. X-Probe-After holds those for the response. What it finds out stands, line by line, in the body of its
 * own answer. The same module runs on the Node host and in Traefik, and both must say the same.
 */
import * as host from "./imports";
import { chooseMount, files } from "./files";
import { settings } from "./system";
import { argument, at, BUFFER, bytes, LIMIT, line, listText, out, text } from "./text";

const BUFFER_RESPONSE = 2;
let after: string = "";

function values(kind: i32, name: string): string {
  return listText(host.getValues(kind, bytes(name), name.length, BUFFER, LIMIT));
}

function header(kind: i32, operation: string, step: string): void {
  const name = argument(step, 1);
  const value = argument(step, 2);
  if (operation == "set") host.setHeader(kind, bytes(name), name.length, at(value), value.length);
  if (operation == "add") host.addHeader(kind, bytes(name), name.length, at(value), value.length);
  if (operation == "remove") host.removeHeader(kind, bytes(name), name.length);
}

/** Runs one step. False: the request goes no further. */
function run(step: string): bool {
  const operation = argument(step, 0);
  const first = argument(step, 1);
  if (operation == "uri") line("uri", text(host.getUri(BUFFER, LIMIT)));
  else if (operation == "short") line("short", host.getUri(BUFFER, 1).toString());
  else if (operation == "method") line("method", text(host.getMethod(BUFFER, LIMIT)));
  else if (operation == "protocol") line("protocol", text(host.getProtocol(BUFFER, LIMIT)));
  else if (operation == "source") line("source", text(host.getSource(BUFFER, LIMIT)));
  else if (operation == "config") line("config", text(host.getConfig(BUFFER, LIMIT)));
  else if (operation == "names") line("names", listText(host.getNames(0, BUFFER, LIMIT)));
  else if (operation == "values") line(first, values(0, first));
  else if (operation == "response-values") line(first, values(1, first));
  else if (operation == "set-uri") host.setUri(bytes(first), first.length);
  else if (operation == "set-method") host.setMethod(bytes(first), first.length);
  else if (operation == "set" || operation == "add" || operation == "remove")
    header(0, operation, step);
  else if (operation.startsWith("response-")) header(1, operation.slice(9), step);
  else if (operation == "body") {
    const result = host.readBody(<i32>parseInt(first), BUFFER, LIMIT);
    line("body", text(<i32>result) + (result >> 32 != 0 ? " end" : " more"));
  } else if (operation == "write-body")
    host.writeBody(<i32>parseInt(first), bytes(argument(step, 2)), argument(step, 2).length);
  else if (operation == "status") host.setStatus(<i32>parseInt(first));
  else if (operation == "get-status") host.log(2, bytes(`status ${host.getStatus()}`), 10);
  else if (operation == "buffer") host.enableFeatures(BUFFER_RESPONSE);
  else if (operation == "trap") unreachable();
  else if (operation == "stop") return false;
  else if (operation == "respond") {
    host.writeBody(1, at(out), out.length);
    return false;
  } else settings(operation, first) || files(operation, step);
  return true;
}

function runAll(steps: string): bool {
  const list = steps.split("|");
  for (let i = 0; i < list.length; i++) {
    if (list[i].length > 0 && !run(list[i].trim())) return false;
  }
  return true;
}

export function handle_request(): i64 {
  line("", "");
  chooseMount();
  const steps = values(0, "x-probe");
  after = values(0, "x-probe-after");
  return runAll(steps) ? (7 << 32) | 1 : 0;
}

export function handle_response(context: i32, isError: i32): void {
  // Without buffering the status cannot be read.
  const status = after.includes("{status}") ? host.getStatus().toString() : "";
  const steps = after
    .replace("{status}", status)
    .replace("{error}", isError.toString())
    .replace("{context}", context.toString());
  if (isError != 0 && steps.includes("trap-if-error")) unreachable();
  runAll(steps);
}
