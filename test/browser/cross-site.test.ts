/** Other sites, with the session's cookie in the browser: what they can have done in somebody's name. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { echo, Stage, trail } from "./stage.ts";
import { received, signIn, valuesOf } from "./window.ts";

const sites = {
  none: { "Sec-Fetch-Site": "none" },
  "same-origin": { "Sec-Fetch-Site": "same-origin" },
  "same-site": { "Sec-Fetch-Site": "same-site" },
  "cross-site": { "Sec-Fetch-Site": "cross-site" },
  /** Browsers before 2023, and plain http on other hosts: Origin alone. */
  absent: { "Sec-Fetch-Site": null, "Sec-Fetch-Mode": null, "Sec-Fetch-Dest": null },
} as const;

/** What the plugin goes by: Origin where there is one; else, and beside `null`, what the browser says of the site. */
function isRefused(method: string, site: keyof typeof sites, origin: string): boolean {
  if (origin === "null") return site !== "same-origin";
  if (origin !== "no") return origin !== "own";
  // A script's GET from elsewhere cannot be read there, but may do something.
  if (method === "GET") return site === "cross-site" || site === "same-site";
  return site !== "same-origin";
}

describe("with the session as it is", () => {
  const stage = new Stage();

  const own = () => stage.stack.url;
  const origins: [string, () => string | null][] = [
    ["own", own],
    ["another", () => "https://attacker.example"],
    ["null", () => "null"],
    ["no", () => null],
    ["another port's", () => own().replace(/\d+$/, "1")],
    ["the other scheme's", () => own().replace("http:", "https:")],
  ];

  for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) {
    for (const [site, metadata] of Object.entries(sites)) {
      test(`${method}, Sec-Fetch-Site ${site}`, async () => {
        const browser = await stage.signIn("bob");
        for (const [name, origin] of origins) {
          const visit = await browser.fetch("/api/runs", {
            method,
            headers: { ...metadata, Origin: origin() },
          });
          const refused = isRefused(method, site as keyof typeof sites, name);
          assert.equal(visit.status !== 200, refused, `${name} origin\n${trail(visit)}`);
        }
      });
    }
  }

  test("a WebSocket from another site is refused", async () => {
    const browser = await stage.signIn("bob");
    for (const [name, origin] of origins) {
      const { status } = await browser.fetch("/api/runs", {
        headers: {
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-Fetch-Site": null,
          Origin: origin(),
        },
      });
      assert.equal(status === 101, name === "own", `${name}: ${status}`);
    }
  });
});

describe("with a form on another site, in Chromium", () => {
  /** Lax is what would stop it first: this is what is left when cookies are for other sites too. */
  const stage = new Stage({ tls: true, block: { session: { sameSite: "none" } } });
  const attacker = createServer((request, response) => {
    const target = new URL(request.url!, "http://x").searchParams.get("target")!;
    response.setHeader("Content-Type", "text/html");
    response.end(
      `<form method="post" action="${target}"><input name="x" value="1"><button>Win</button></form>`,
    );
  });
  before(() => new Promise<void>((resolve) => attacker.listen(0, "127.0.0.1", resolve)));
  after(() => attacker.close());

  test("its POST is refused, and never reaches the application", async () => {
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    const { port } = attacker.address() as AddressInfo;
    stage.stack.upstream.received.length = 0;
    await page.goto(
      `http://127.0.0.1:${port}/?target=${encodeURIComponent(stage.url("/api/runs"))}`,
    );
    const [response] = await Promise.all([
      page.waitForResponse((it) => it.url() === stage.url("/api/runs")),
      page.getByRole("button", { name: "Win" }).click(),
    ]);
    assert.equal(response.status(), 403);
    assert.deepEqual(
      stage.stack.upstream.received.filter(({ method }) => method === "POST"),
      [],
    );
    await page.goto(stage.url("/api/runs"));
    assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
  });
});

describe("with a form on another site, and Lax", () => {
  const stage = new Stage();

  test("its POST comes without a session: 401", async () => {
    const browser = await stage.signIn("bob");
    const visit = await browser.go(stage.url("/api/runs"), {
      method: "POST",
      from: "https://attacker.example/",
      body: "x=1",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    });
    assert.ok(visit.status === 401 || visit.status === 403, trail(visit));
    assert.equal(echo(await browser.go(stage.url("/api/runs"), { from: null })).method, "GET");
  });
});
