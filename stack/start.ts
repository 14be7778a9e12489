/**
 * `npm start`: the development stack, an address for the browser, and a `curl` to paste for each of its users. With
 * `--prefect` a real Prefect and Keycloak. Ends with Ctrl-C.
 */
import { parseArgs } from "node:util";
import { decisionLine } from "./traefik/decisions.ts";
import { callers, shownPath } from "./demo.ts";
import { isFree } from "./machine/ports.ts";
import { prefectGreeting } from "./prefect/greeting.ts";
import { type PrefectStack, startPrefectStack } from "./prefect/stack.ts";
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
  if (port !== null) fail(`Port ${port} is taken.`, 1);
  console.error(`Port ${defaultPort} is taken; a free one is used.`);
  return 0;
}

async function show({ url, provider }: SignInStack): Promise<void> {
  console.log(`
Rolegate is up. Open it in a browser, and sign in as alice, bob or carol:
  ${url}/  Traefik with the plugin, and a small application behind it
  ${provider.issuer}  OpenID provider, tokens are good for an hour

Programs bring a token. ${shownPath} is for runners:`);
  for (const { user, says, status } of callers) {
    const header = user ? `-H 'Authorization: Bearer ${await provider.token(user)}' ` : "";
    console.log(`\n# ${says}: ${status}\ncurl -i ${header}${url}${shownPath}`);
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
  await stack?.stop();
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void end(0));

try {
  const { port, prefect } = asked();
  const free = await choosePort(port);
  if (prefect) {
    stack = await startPrefectStack({ port: free });
    console.log(await prefectGreeting(stack));
  } else {
    stack = await startSignInStack({ port: free });
    await show(stack);
  }
  stack.traefik.log.onGuestLine = (line) => {
    const decision = decisionLine(line);
    if (decision) console.log(decision);
  };
} catch (error) {
  console.error((error as Error).message);
  await end(1);
}
const why = await stack!.traefik.ended;
if (!ending) {
  console.error(why.message);
  await end(1);
}
