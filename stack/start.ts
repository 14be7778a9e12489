/**
 * `npm start`: the development stack, an address for the browser, and a `curl` to paste for each of
 * its users. With `--prefect` a real Prefect and Keycloak. Ends with Ctrl-C.
 */
import { parseArgs } from "node:util";
import { decisionLine } from "./traefik/decisions.ts";
import { callers, shownPath, shownRules } from "./demo.ts";
import { tell } from "./failure.ts";
import { isFree, loopback } from "./machine/ports.ts";
import { prefectGreeting } from "./prefect/greeting.ts";
import { type PrefectStack, startPrefectStack } from "./prefect/stack.ts";
import { tokenPath } from "./provider/provider.ts";
import { startSignInStack, type SignInStack } from "./sign-in-stack.ts";

const defaultPort = 8080;
const usage = "npm start [-- --port NUMBER --prefect]";

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

interface Asked {
  /** Null: the default, or one that is free. */
  port: number | null;
  prefect: boolean;
}

function asked(): Asked {
  try {
    const { values } = parseArgs({
      options: { port: { type: "string" }, prefect: { type: "boolean" } },
    });
    const { port: text, prefect = false } = values;
    if (text === undefined) return { port: null, prefect };
    const port = Number(text);
    if (/^\d+$/.test(text) && port > 0 && port < 65536) return { port, prefect };
    return fail(`--port takes a number from 1 to 65535. ${usage}`, 2);
  } catch (error) {
    return fail(`${(error as Error).message}. ${usage}`, 2);
  }
}

async function choosePort(port: number | null): Promise<number> {
  if (await isFree(port ?? defaultPort)) return port ?? defaultPort;
  if (port !== null) throw new Error(`Port ${port} is taken`);
  console.error(`Port ${defaultPort} is taken; a free one is used. --port NUMBER chooses one.`);
  return 0;
}

function show({ url, provider }: SignInStack): void {
  console.log(`
Rolegate is up. Open it in a browser, and sign in as alice, bob or carol:
  ${url}/  Traefik with the plugin, and a small application behind it
  ${provider.issuer}  OpenID provider; its tokens are valid for an hour

Programs send a token. ${shownPath} is for runners:`);
  for (const { user, says, status } of callers) {
    const token = user ? `T=$(curl -s ${provider.url}${tokenPath}${user}); ` : "";
    const header = user ? '-H "Authorization: Bearer $T" ' : "";
    console.log(`\n# ${says}: ${status}\n${token}curl -i ${header}${url}${shownPath}`);
  }
  console.log(`
A 200 shows what the application received. More to try: /health is public, GET /api/anything
needs a viewer, other methods there a runner, /admin an owner. Ctrl-C ends it.
`);
}

let stack: SignInStack | PrefectStack | null = null;
let ending = false;

async function end(code: number): Promise<void> {
  // A terminal's Ctrl-C reaches this process and, through its parent, reaches it again.
  if (ending) return;
  ending = true;
  try {
    await stack?.stop();
  } catch (error) {
    tell(error, console.error);
    code ||= 1;
  }
  process.exit(code);
}

async function endBecause(error: unknown): Promise<void> {
  if (!ending) tell(error, console.error);
  await end(1);
}

for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error: unknown) => void endBecause(error));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void end(0));

try {
  const { port, prefect } = asked();
  const free = await choosePort(port);
  if (prefect) {
    stack = await startPrefectStack({ port: free, alsoLoopback: true, report: console.error });
    console.log(await prefectGreeting(stack));
  } else {
    const block = { rules: shownRules };
    stack = await startSignInStack({ port: free, alsoHosts: [loopback], block });
    show(stack);
  }
  stack.traefik.log.onGuestLine = (line) => {
    const decision = decisionLine(line);
    if (decision) console.log(decision);
  };
} catch (error) {
  await endBecause(error);
}
await endBecause(await stack!.traefik.ended);
