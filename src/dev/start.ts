/** `npm start`: the development stack, an address for the browser, and a `curl` to paste for each of its users. Ends with Ctrl-C. */
import { parseArgs } from "node:util";
import { decisionLine } from "./decisions.ts";
import { callers, shownPath } from "./demo.ts";
import { isFree } from "./ports.ts";
import { startSignInStack, type SignInStack } from "./sign-in-stack.ts";

const defaultPort = 8080;
const usage = "npm start [-- --port NUMBER]";

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

function askedPort(): number | null {
  try {
    const { values } = parseArgs({ options: { port: { type: "string" } } });
    if (values.port === undefined) return null;
    const port = Number(values.port);
    if (/^\d+$/.test(values.port) && port > 0 && port < 65536) return port;
    return fail(`--port takes a number from 1 to 65535. ${usage}`, 2);
  } catch (error) {
    return fail(`${(error as Error).message}. ${usage}`, 2);
  }
}

async function choosePort(): Promise<number> {
  const asked = askedPort();
  if (await isFree(asked ?? defaultPort)) return asked ?? defaultPort;
  if (asked !== null) fail(`Port ${asked} is taken.`, 1);
  console.error(`Port ${defaultPort} is taken; a free one is used.`);
  return 0;
}

async function show({ url, provider, traefik }: SignInStack): Promise<void> {
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
  traefik.log.onGuestLine = (line) => {
    const decision = decisionLine(line);
    if (decision) console.log(decision);
  };
}

let stack: SignInStack | null = null;
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
  stack = await startSignInStack({ port: await choosePort() });
  await show(stack);
} catch (error) {
  console.error((error as Error).message);
  await end(1);
}
const why = await stack!.traefik.ended;
if (!ending) {
  console.error(why.message);
  await end(1);
}
