/**
 * The engine of a store, if Traefik's health check says that it is not read: whether it answers
 * from here, and what it says to one without a credential.
 */
import { DEFAULTS } from "../defaults.ts";
import { reasonOf } from "../failure.ts";
import { type Block, mapOf, textOf } from "../middleware/block.ts";
import type { Answer, Question } from "./ask.ts";
import { type ApiMiddleware, type ApiRouter, blockIn, full, modeOf } from "./neighbours.ts";
import type { Finding, Target } from "./target.ts";

export interface ApiService {
  name: string;
  loadBalancer?: { servers?: { url?: string }[]; healthCheck?: { path?: string } };
  /** Servers with a health check: `UP` or `DOWN`. */
  serverStatus?: Record<string, string>;
}

interface Kind {
  question: (prefix: string) => Question;
  /** Its credential in the block. */
  credential: string;
  /** True if it serves callers without a credential. */
  isOpen: (answer: Answer) => boolean;
}

const KINDS: Record<string, Kind> = {
  etcd: {
    question: (prefix) => ({
      path: "/v3/kv/range",
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ key: Buffer.from(prefix).toString("base64"), limit: 1 }),
    }),
    credential: "username",
    isOpen: ({ status }) => status === 200,
  },
  // Without a token it shows nothing, and does not say that it hides something.
  consul: {
    question: () => ({ path: "/v1/status/leader" }),
    credential: "token",
    isOpen: () => false,
  },
};

/** Findings where a middleware in mode store has a router, and its health check fails. */
export async function looksAtStore(
  routers: ApiRouter[],
  middlewares: ApiMiddleware[],
  services: ApiService[],
  target: Target,
): Promise<Finding[]> {
  const found = readersIn(routers, middlewares).map(async ({ router, block }) => {
    const down = tickOf(block, services);
    if (down === undefined) return [];
    const seen = `the health check of ${down.name} fails`;
    const at = full(router, router.service ?? "");
    const urls = services.find(({ name }) => name === at)?.loadBalancer?.servers ?? [];
    const asked = urls.map(({ url = "" }) => outcome(url, block, target));
    return worst(await Promise.all(asked), seen);
  });
  return (await Promise.all(found)).flat();
}

function readersIn(routers: ApiRouter[], middlewares: ApiMiddleware[]) {
  const readers = middlewares.filter((it) => modeOf(it) === "store");
  return routers.flatMap((router) => {
    const names = (router.middlewares ?? []).map((name) => full(router, name));
    const reader = readers.find(({ name }) => names.includes(name));
    return reader ? [{ router, block: blockIn(reader.plugin)! }] : [];
  });
}

/** The service whose health check has the store read, if Traefik got another answer than 204. */
function tickOf(block: Block, services: ApiService[]): ApiService | undefined {
  const path = `${textOf(mapOf(block, "login"), "path") ?? DEFAULTS["login.path"]}/store`;
  return services.find(
    ({ loadBalancer, serverStatus = {} }) =>
      loadBalancer?.healthCheck?.path === path && Object.values(serverStatus).includes("DOWN"),
  );
}

/** The answer of a server of the engine, asked from here. */
async function outcome(url: string, block: Block, target: Target): Promise<Finding> {
  const store = mapOf(block, "store");
  const name = textOf(store, "kind") ?? "";
  const kind = KINDS[name];
  if (!kind || !URL.canParse(url)) return { code: "store_down", evidence: `${url} is no address` };
  const question = kind.question(textOf(store, "prefix") ?? DEFAULTS["store.prefix"]);
  let answer: Answer;
  try {
    answer = await target.ask(question, url);
  } catch (error) {
    target.context.signal.throwIfAborted();
    return { code: "store_down", evidence: `from here ${url} does not answer: ${reasonOf(error)}` };
  }
  const has = textOf(store, kind.credential) !== undefined;
  const names = `the block has ${has ? "a" : "no"} store.${kind.credential}`;
  const isOpen = kind.isOpen(answer);
  const said = `from here ${url} answers ${answer.status}${wordsOf(answer)}, and ${names}`;
  return { code: isOpen && !has ? "store_down" : "store_refused", evidence: said };
}

/** If one of several servers answers, its words say more than that another does not. */
function worst(outcomes: Finding[], seen: string): Finding[] {
  const [first = { code: "store_down", evidence: "its router has no server" }] = [
    ...outcomes.filter(({ code }) => code === "store_refused"),
    ...outcomes,
  ];
  return [{ code: first.code, evidence: `${seen}; ${first.evidence}` }];
}

/** The words of etcd in a refusal. */
function wordsOf({ body }: Answer): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === "string" ? ` (${message.slice(0, 80)})` : "";
  } catch {
    return "";
  }
}
