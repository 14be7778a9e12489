/** `rolegate matrix`: the plugin's decision for every caller at every route, in each form, and what differs from before. */
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { grouped } from "../../src/cli/matrix/groups.ts";
import { routesIn } from "../../src/cli/matrix/openapi.ts";
import { routesOfList } from "../../src/cli/matrix/route.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { root } from "../../tools/root.ts";
import { complaint, fixtures, golden, rolegate } from "./run.ts";

const CONFIG = ["-c", "matrix/before.yml"];
const LIST = ["--routes", "matrix/routes.txt"];
const DIFF = ["-c", "matrix/after.yml", "-a", "matrix/before.yml", ...LIST];
const matrix = (...args: string[]) => rolegate(["matrix", ...args]);

describe("forms", () => {
  const FORMS: Record<string, string[]> = {
    "table.txt": [...CONFIG, ...LIST],
    "callers.txt": [...CONFIG, ...LIST, "-r", "anonymous", "-r", "ops=viewer+owner"],
    "matrix.csv": [...CONFIG, ...LIST, "-f", "csv"],
    "matrix.json": [...CONFIG, ...LIST, "-f", "json"],
    "matrix.html": [...CONFIG, ...LIST, "-f", "html"],
    "openapi.txt": [...CONFIG, "--openapi", "matrix/openapi.yml"],
    "difference.txt": DIFF,
    "difference.csv": [...DIFF, "-f", "csv"],
    "difference.html": [...DIFF, "-f", "html"],
  };
  for (const [name, args] of Object.entries(FORMS)) {
    test(name, async () => {
      const { code, stdout, stderr } = await matrix(...args);
      assert.deepEqual([code, stderr], [0, ""]);
      golden(`matrix/${name}`, stdout);
    });
  }

  test("the page asks for nothing else, and runs no script but its own", () => {
    const page = readFileSync(join(root, "test/cli/golden/matrix/matrix.html"), "utf8");
    assert.doesNotMatch(page, /\s(src|href)=|url\(|@import|\son\w+=/);
    assert.match(page, /default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'/);
  });
  test("no folder of its author's stands in the page", async () => {
    const { stdout } = await rolegate(
      [
        "matrix",
        "-c",
        join(fixtures, "matrix/after.yml"),
        "-a",
        "./matrix/before.yml",
        ...LIST,
        "-f",
        "html",
      ],
      {},
    );
    assert.match(stdout, /From <code>after\.yml<\/code>.* Against <code>before\.yml<\/code>/);
    assert.ok(!stdout.includes("matrix/"));
    const input = readFileSync(join(fixtures, "matrix/after.yml"), "utf8");
    const piped = await rolegate(["matrix", "-c", "-", ...LIST, "-f", "html"], { input });
    assert.match(piped.stdout, /From <code>standard input<\/code>/);
  });
  test("the preset for Prefect: every route, for every role", async () => {
    const preset = join(root, "presets/prefect.yml");
    const known = JSON.parse(readFileSync(join(root, "test/presets/prefect/routes.json"), "utf8"));
    const list = known
      .map(({ method, path }: Record<string, string>) => `${method} ${path}`)
      .join("\n");
    const { code, stdout } = await rolegate(
      ["matrix", "-c", preset, "--routes", "-", "-f", "json"],
      { input: list },
    );
    assert.equal(code, 0);
    const { routes, callers } = JSON.parse(stdout);
    assert.equal(routes.length, known.length);
    assert.deepEqual(
      callers.map(({ name }: { name: string }) => name),
      [...["anonymous", "signed in", "viewer", "runner", "worker", "developer", "owner"]],
    );
    const health = routes.find((it: { path: string }) => it.path === "/api/health");
    assert.equal(health.decisions.anonymous.allowed, true);
    assert.ok(
      routes.every(
        (it: { decisions: { owner: { allowed: boolean } } }) => it.decisions.owner.allowed,
      ),
    );
  });
});

describe("files and exit codes", () => {
  const folder = temporaryFolder("matrix");
  after(() => folder.remove());
  const out = join(folder.path, "page.html");

  test("a file is written as a whole, and not over another one", async () => {
    const args = [...CONFIG, ...LIST, "-f", "html", "-o", out];
    const { code, stderr } = await matrix(...args);
    assert.deepEqual([code, stderr], [0, `Written to ${out}: 8 routes, 5 callers.\n`]);
    assert.equal(statSync(out).mode & 0o777, 0o644);
    writeFileSync(out, "mine");
    const again = await matrix(...args);
    assert.deepEqual([again.code, complaint(again).code], [2, "file_exists"]);
    assert.equal(readFileSync(out, "utf8"), "mine");
    assert.equal((await matrix(...args, "--force")).code, 0);
    assert.match(readFileSync(out, "utf8"), /^<!doctype html>/);
  });
  test("--exit-code tells whether decisions differ", async () => {
    assert.equal((await matrix(...DIFF, "--exit-code")).code, 1);
    const same = await matrix(...CONFIG, "-a", "matrix/before.yml", ...LIST, "--exit-code");
    assert.deepEqual([same.code, same.stdout.split("\n")[0]], [0, "No difference."]);
  });
  test("what is asked wrongly", async () => {
    const WRONG: [string[], string][] = [
      [CONFIG, "routes_missing"],
      [[...CONFIG, ...LIST, "--server", "http://x"], "routes_missing"],
      [[...CONFIG, "--routes", "check/dynamic.yml"], "route_invalid"],
      [[...CONFIG, "--openapi", "check/dynamic.yml"], "no_openapi"],
      [[...CONFIG, ...LIST, "-o", "x"], "format_missing"],
      [[...CONFIG, ...LIST, "--base-path", "api"], "base_path_invalid"],
      [[...LIST], "missing_mandatory_option_value"],
    ];
    for (const [args, code] of WRONG) {
      const ran = await matrix(...args);
      assert.deepEqual([ran.code, complaint(ran).code], [2, code]);
    }
  });
});

describe("routes", () => {
  test("of a list: methods, comments, names in the path", () => {
    const routes = routesOfList("GET,PUT /a/{id}?x=1 # why\n\n# no\nPOST /b/*\n", "list");
    assert.deepEqual(routes, [
      { method: "GET", path: "/a/{id}?x=1", target: "/a/id?x=1" },
      { method: "PUT", path: "/a/{id}?x=1", target: "/a/id?x=1" },
      { method: "POST", path: "/b/*", target: "/b/*" },
    ]);
  });
  test("of OpenAPI: the server's path, references, values that fit", () => {
    const text = readFileSync(join(fixtures, "matrix/openapi.yml"), "utf8");
    assert.deepEqual(routesIn(text, "openapi.yml"), [
      { method: "GET", path: "/api/runs", target: "/api/runs", summary: "List runs" },
      { method: "POST", path: "/api/runs", target: "/api/runs", summary: "Start a run" },
      { method: "DELETE", path: "/api/runs/{id}", target: "/api/runs/1" },
      {
        method: "GET",
        path: "/api/runs/{id}/steps/{step}",
        target: "/api/runs/00000000-0000-4000-8000-000000000000/steps/first%20step",
      },
    ]);
  });
  describe("of OpenAPI: where its servers are", () => {
    const pathsOf = (more: object, source = "api.json", basePath?: string) => {
      const document = { openapi: "3.1.0", paths: { "/a": { get: {} } }, ...more };
      return routesIn(JSON.stringify(document), source, basePath).map(({ path }) => path);
    };
    const CASES: [name: string, more: object, paths: string[], source?: string][] = [
      ["none", {}, ["/a"]],
      ["a path", { servers: [{ url: "/api/" }] }, ["/api/a"]],
      ["an address", { servers: [{ url: "https://app.example.com/api/v1" }] }, ["/api/v1/a"]],
      ["the first of several", { servers: [{ url: "/v2" }, { url: "/v1" }] }, ["/v2/a"]],
      [
        "variables with defaults",
        {
          servers: [
            {
              url: "https://{host}/{base}",
              variables: { host: { default: "a.example" }, base: { default: "v3" } },
            },
          ],
        },
        ["/v3/a"],
      ],
      [
        "relative to the description",
        { servers: [{ url: "./v1" }] },
        ["/docs/v1/a"],
        "https://a.example/docs/openapi.json",
      ],
      ["one up", { servers: [{ url: ".." }] }, ["/a"], "https://a.example/docs/openapi.json"],
      [
        "of a path and of an operation",
        {
          servers: [{ url: "/api" }],
          paths: {
            "/a": { servers: [{ url: "/of-path" }], get: {}, post: { servers: [{ url: "/" }] } },
            "/b": { get: {} },
          },
        },
        ["/of-path/a", "/a", "/api/b"],
      ],
      ["no address at all", { servers: [{ url: "http://[" }, {}] }, ["/a"]],
    ];
    for (const [name, more, paths, source] of CASES) {
      test(name, () => assert.deepEqual(pathsOf(more, source), paths));
    }
    test("--base-path takes their place", () => {
      assert.deepEqual(pathsOf({ servers: [{ url: "/v2" }] }, "api.json", "/api"), ["/api/a"]);
      assert.deepEqual(pathsOf({ servers: [{ url: "/v2" }] }, "api.json", ""), ["/a"]);
    });
    test("of a description without a server, and of a list", async () => {
      const input = JSON.stringify({ openapi: "3.1.0", paths: { "/runs": { get: {} } } });
      const args = [...CONFIG, "--openapi", "-"];
      const plain = await rolegate(["matrix", ...args], { input });
      assert.match(plain.stderr, /names no server: paths are taken as they are\. --base-path/);
      const { stdout, stderr } = await rolegate(["matrix", ...args, "--base-path", "/api/"], {
        input,
      });
      assert.equal(stderr, "");
      assert.match(stdout, /^GET {5}\/api\/runs /m);
      const list = await rolegate(["matrix", ...CONFIG, "--routes", "-", "--base-path", "/api"], {
        input: "GET /runs",
      });
      assert.match(list.stdout, /^GET {5}\/api\/runs /m);
    });
  });
  test("of OpenAPI as YAML in braces", () => {
    const [route] = routesIn("{openapi: 3.1.0, paths: {/a: {get: {}}}}", "api.yml");
    assert.equal(route!.path, "/a");
  });
  test("of swagger 2: basePath", () => {
    const swagger = { swagger: "2.0", basePath: "/v1/", paths: { "/a": { get: {} } } };
    assert.deepEqual(
      routesIn(JSON.stringify(swagger), "swagger.json").map(({ path }) => path),
      ["/v1/a"],
    );
  });
});

describe("groups of the page", () => {
  const of = (...paths: string[]) =>
    grouped(paths.map((path) => ({ path }))).map(
      ({ prefix, rows }) => `${prefix}: ${rows.map(({ path }) => path).join(" ")}`,
    );
  const many = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}/${i}`);

  test("by the first segment, in the order in which they come", () => {
    assert.deepEqual(of("/b/1", "/a/1", "/b/2", "/a", "/b?x=1"), [
      "/b: /b/1 /b/2 /b?x=1",
      "/a: /a/1 /a",
    ]);
  });
  test("by the next one, when all have the first", () => {
    assert.deepEqual(of("/api/b/1", "/api/a/1", "/api/b/2", "/api/a"), [
      "/api/b: /api/b/1 /api/b/2",
      "/api/a: /api/a/1 /api/a",
    ]);
  });
  test("routes that are alone are together", () => {
    assert.deepEqual(of("/a", "/b/1", "/b/2", "/c", "/"), ["/: /a /c /", "/b: /b/1 /b/2"]);
    assert.deepEqual(of("/a"), ["/: /a"]);
  });
  test("a large one is divided, and none is lost", () => {
    const paths = [...many("/api/x", 20), ...many("/api/y", 20), "/api", "/other/1", "/other/2"];
    const groups = grouped(paths.map((path) => ({ path })));
    assert.deepEqual(
      groups.map(({ prefix, rows }) => [prefix, rows.length]),
      [
        ["/api/x", 20],
        ["/api/y", 20],
        ["/api", 1],
        ["/other", 2],
      ],
    );
    assert.deepEqual(of(...many("", 30)).length, 1);
    assert.equal(grouped(many("/a/b/c/d/e/f", 40).map((path) => ({ path }))).length, 1);
  });
});

describe("a running server", () => {
  let url = "";
  const server = createServer((request, response) => {
    if (request.url === "/api/openapi.json") {
      response.end(JSON.stringify({ openapi: "3.0.0", paths: { "/health": { get: {} } } }));
    } else if (request.url === "/moved/openapi.json") {
      response.writeHead(302, { Location: "http://192.0.2.1/" }).end();
    } else response.writeHead(404).end();
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  test("its description is found", async () => {
    const { code, stdout } = await matrix(...CONFIG, "--server", url);
    assert.equal(code, 0);
    assert.match(stdout, /^GET {5}\/health {2}✓/m);
  });
  test("or is not, and is nowhere else", async () => {
    const none = await matrix(...CONFIG, "--server", `${url}/none`);
    assert.deepEqual([none.code, complaint(none).code], [3, "no_openapi"]);
    const moved = await matrix(...CONFIG, "--openapi", `${url}/moved/openapi.json`);
    assert.deepEqual([moved.code, complaint(moved).code], [3, "redirected"]);
    const [port] = await freePorts(1);
    const dead = await matrix(...CONFIG, "--openapi", `http://127.0.0.1:${port}/openapi.json`);
    assert.deepEqual(
      [dead.code, complaint(dead).message],
      [3, `http://127.0.0.1:${port}/openapi.json: nothing listens there`],
    );
  });
});
