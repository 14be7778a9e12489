/** Who may import whom. A folder that is not in the table has no place in the architecture yet. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { importsOf, sources } from "./files.ts";

/** Folder (or file) of assembly/ -> what it may import besides itself and limits.ts. */
const GUEST: Record<string, string[]> = {
  index: [
    ...["host", "login", "gate", "session", "state", "config", "http", "outcome", "json", "text"],
    ...["runtime", "version"],
  ],
  // The shell: it brings requests and files in, and carries decisions out.
  host: [
    ...["login", "gate", "session", "state", "config", "claims", "jose", "crypto", "http"],
    ...["outcome", "json", "text", "runtime"],
  ],
  // The relying party: exchanges with the provider, and what browsers get.
  login: [
    ...["identity", "config", "session", "claims", "jose", "crypto", "http", "outcome", "json"],
    ...["text", "state", "pages"],
    // What anybody may send thousands of is forgotten one by one.
    "runtime",
  ],
  // What a company puts before its people is in the configuration.
  pages: ["config", "http", "outcome", "text", "runtime"],
  // What guests tell each other, as it looks from inside: the host has the files.
  state: ["text"],
  gate: [
    ...["policy", "claims", "crypto", "jose", "config", "http", "outcome", "json", "text"],
    ...["identity", "session", "pages"],
    // The cache of verified tokens and the request's memory are regions.
    "runtime",
  ],
  // Who somebody is, by a token, a session or an API key: the gate and the relying party ask it alike.
  identity: ["claims", "crypto", "jose", "config", "session", "http", "json", "outcome", "text"],
  // What is read is kept in the guest's region; what was only parsed is not.
  config: [
    ...["policy", "session", "claims", "jose", "crypto", "http", "outcome", "json", "text"],
    "runtime",
  ],
  // The parameters of a query are given back one by one.
  policy: ["claims", "http", "json", "outcome", "text", "runtime"],
  // A set is a pair of the active region, as a view of bytes is.
  claims: ["http", "json", "outcome", "text", "runtime"],
  // Nothing of a verification stays in the request's memory.
  jose: ["crypto", "json", "outcome", "text", "runtime"],
  // Keys and the generator's chain live as long as the guest.
  session: ["claims", "crypto", "http", "text", "runtime"],
  // A key's tables live as long as the key.
  crypto: ["text", "runtime"],
  http: ["outcome", "text", "runtime"],
  outcome: ["json", "text"],
  // A scan gives back what it took.
  json: ["text", "runtime"],
  text: ["runtime"],
  runtime: [],
  limits: [],
  version: [],
};

/** What is TypeScript: what ships (src/), what builds and checks it (tools/), and the development stack (stack/). */
const OUTSIDE: Record<string, string[]> = {
  "src/guest": [],
  // What the guest seals, by other code: the command opens it, and the tests compare.
  "src/session": [],
  // The command that people install: nothing of the development stack is in it.
  "src/cli": ["src/guest", "src/session"],
  // Made of the table of options, and of limits: the guest's module, the command's, a schema, a page.
  "src/options": ["tools", "assembly"],
  // Made for people to paste, and compared with servers: by the program of this repository, not by the command.
  "src/presets": ["src/guest", "tools"],
  // Texts are packed while the guest is compiled.
  tools: ["assembly/runtime"],
  // This machine: processes, ports, temporary folders.
  "stack/machine": [],
  // Pinned files and programs from elsewhere.
  "stack/fetch": ["stack/machine"],
  "stack/traefik": ["stack/fetch", "stack/machine", "tools"],
  "stack/keycloak": ["stack/fetch", "stack/machine"],
  "stack/etcd": ["stack/fetch", "stack/machine"],
  "stack/provider": ["stack/machine"],
  // The application's pages look like the provider's.
  "stack/upstream": ["stack/provider", "stack/machine"],
  "stack/prefect": ["stack/keycloak", "stack/traefik", "stack/fetch", "stack/machine", "tools"],
  stack: ["stack/upstream", "stack/provider", "stack/prefect", "stack/traefik", "stack/machine"],
};

/** The first folder below `base`, or the file's own name. */
function part(path: string, base: string): string {
  return path
    .slice(base.length + 1)
    .split("/")[0]!
    .replace(/\.ts$/, "");
}

/** The row of OUTSIDE that a file belongs to: its folder below src/ or stack/, else its first folder. */
function home(path: string): string {
  const [top, folder, ...rest] = path.split("/");
  return rest.length > 0 && top !== "tools" ? `${top}/${folder}` : top!;
}

function breaches(base: string, table: Record<string, string[]>): string[] {
  const found: string[] = [];
  for (const path of sources(base)) {
    const from = part(path, base);
    const allowed = table[from];
    if (!allowed) found.push(`${path}: ${base}/${from} is not in the table`);
    for (const target of importsOf(path)) {
      const to = part(target, base);
      const inside = target.startsWith(`${base}/`);
      if (!inside) found.push(`${path} imports ${target}, outside ${base}/`);
      else if (to !== from && to !== "limits" && !allowed?.includes(to)) {
        found.push(`${path} imports ${target}`);
      }
    }
  }
  return found;
}

test("the guest's modules import along the table, and nothing outside assembly/", () => {
  assert.ok(sources("assembly").length > 20);
  assert.deepEqual(breaches("assembly", GUEST), []);
});

test("src/, tools/ and stack/ import along the table, and nothing else", () => {
  for (const folder of ["src", "stack"]) assert.ok(sources(folder).length > 20);
  const found: string[] = [];
  for (const path of sources("src", "tools", "stack")) {
    const from = home(path);
    if (!OUTSIDE[from]) found.push(`${path}: ${from} is not in the table`);
    for (const target of importsOf(path)) {
      const to = home(target);
      if (to !== from && !OUTSIDE[from]?.includes(to)) found.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(found, []);
});

test("the tables have no cycle", () => {
  for (const table of [GUEST, OUTSIDE]) {
    const reach = (from: string, seen: string[]): void => {
      assert.ok(!seen.includes(from), `cycle: ${[...seen, from].join(" -> ")}`);
      for (const to of table[from] ?? []) reach(to, [...seen, from]);
    };
    for (const from of Object.keys(table)) reach(from, []);
  }
});

test("only index.ts imports the host", () => {
  const users = sources("assembly").filter((path) =>
    importsOf(path).some((target) => target.startsWith("assembly/host/")),
  );
  assert.deepEqual(
    users.filter((path) => !path.startsWith("assembly/host/")),
    ["assembly/index.ts"],
  );
});

test("no file imports itself, over however many others", () => {
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    assert.ok(!trail.includes(path), `cycle: ${[...trail, path].join(" -> ")}`);
    if (done.has(path)) return;
    for (const target of importsOf(path)) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of sources("assembly", "src", "stack", "tools", "bench")) visit(path, []);
});

test("the guest's modules are reached only from specs, and from entries that are compiled with them", () => {
  // Limits are numbers, and mean the same everywhere.
  const users = sources("test", "bench").filter((path) =>
    importsOf(path).some((it) => it.startsWith("assembly/") && it !== "assembly/limits.ts"),
  );
  assert.deepEqual(
    users.filter(
      (path) =>
        !/^test\/unit\/.*\.spec\.ts$|^(test\/(vectors|vectors\/session|pages|repo\/(texts|data))|bench\/(crypto|parts))\/entry\.ts$|^test\/guest\/visitor\//.test(
          path,
        ),
    ),
    [],
  );
});
