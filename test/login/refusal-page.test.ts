/** What people are shown who may not: by what the configuration says of pages, and where they can go from there. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { attributeOf, Page } from "../pages/document.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { type AnyGuest, loadGate } from "../support/gate.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { HOST, locationOf, LoginHost, NAVIGATION, ORIGIN } from "../support/login-host.ts";
import { ISSUER } from "../support/tokens.ts";
import { type Block, block } from "./configuration.ts";

const LOGO = `data:image/svg+xml;base64,${readFileSync("test/pages/logo.svg", "base64")}`;
const PAGES = { name: "Flows", logo: LOGO, color: "#ffd800", contact: "it@example.com" };

/** The cookies of somebody with these roles at the provider, who has signed in. */
async function jarOf(roles: string[], changes: Block = {}): Promise<CookieJar> {
  const host = await LoginHost.start(block(changes));
  host.provider.accessToken = { realm_access: { roles }, preferred_username: "ada" };
  host.provider.idToken = { preferred_username: "ada" };
  await host.signIn();
  return host.jar;
}

const protect = (changes: Block): Promise<AnyGuest> => loadGate(block(changes));

/** The page that a person gets. */
async function refused(guest: AnyGuest, jar: CookieJar, target: string, headers = {}) {
  const { response } = await guest.handle({
    target,
    headers: { Host: HOST, ...NAVIGATION, Cookie: jar.header(target)!, ...headers },
  });
  assert.equal(response.status, 403);
  return { page: new Page(response.body.toString()), response };
}

const linksOf = (page: Page) =>
  Object.fromEntries(
    page.all("a").map((anchor, i) => [page.texts("a")[i]!, attributeOf(anchor, "href")!]),
  );
const idOf = (page: Page) => page.texts("code")[0]!;

describe("who may not", () => {
  let viewer: CookieJar;
  let nobody: CookieJar;
  before(async () => {
    viewer = await jarOf(["app-viewer"]);
    nobody = await jarOf(["something-else"]);
  });

  test("with a role for something: who it is, and the start page first", async () => {
    const { page } = await refused(await protect({}), viewer, "/owner/a?b=c&d");
    assert.match(page.texts("p").join(" "), /You are signed in as ada\./);
    assert.deepEqual(linksOf(page), {
      "Start page": "/",
      "Use another account": "/oidc/login?rd=%2Fowner%2Fa%3Fb%3Dc%26d&account=other",
      "Sign out": "/oidc/logout",
    });
  });

  test("without any role: another account first, and no page that refuses again", async () => {
    for (const target of ["/", "/owner", "/anything"]) {
      const { page } = await refused(await protect({}), nobody, target);
      assert.deepEqual(Object.keys(linksOf(page)), ["Use another account", "Sign out"], target);
    }
  });

  test("on the start page itself: no link to it", async () => {
    const rules = [{ match: "PathPrefix(`/`)", allow: "Role(`owner`)" }];
    const { page } = await refused(await protect({ rules }), viewer, "/?a");
    assert.deepEqual(Object.keys(linksOf(page)), ["Use another account", "Sign out"]);
  });

  test("where rules ask for no role, having none says nothing", async () => {
    const rules = [{ match: "PathPrefix(`/owner`)", allow: "Equals(`team`, `red`)" }];
    const changes = { rules, roles: undefined };
    const jar = await jarOf([], changes);
    const { page } = await refused(await protect(changes), jar, "/owner");
    assert.equal(Object.keys(linksOf(page))[0], "Start page");
  });

  test("the roles that would be enough are told only where the operator says so", async () => {
    const rules = [
      { match: "PathPrefix(`/one`)", allow: "Role(`owner`, `editor`) || Role(`admin`)" },
      { match: "PathPrefix(`/both`)", allow: "Role(`owner`) && Role(`editor`)" },
      { match: "PathPrefix(`/claim`)", allow: "Role(`owner`) && Equals(`team`, `red`)" },
      { match: "PathPrefix(`/without`)", allow: "!Role(`viewer`)" },
      { match: "PathPrefix(`/nobody`)", allow: "deny" },
      { match: "PathPrefix(`/`)", allow: "Role(`viewer`)" },
    ];
    const changes = { rules, roleHierarchy: { owner: ["editor"] } };
    const expected: Record<string, string | undefined> = {
      "/one": "owner, editor, admin",
      "/both": "owner",
      "/claim": undefined,
      "/without": undefined,
      "/nobody": undefined,
    };
    const jar = await jarOf(["app-viewer"], changes);
    const told = await protect({ ...changes, pages: { showRoles: true } });
    const untold = await protect(changes);
    for (const [target, roles] of Object.entries(expected)) {
      const { page } = await refused(told, jar, target);
      const [line] = page.texts("p").filter((text) => text.includes("roles would allow"));
      assert.equal(line, roles && `Any of these roles would allow it: ${roles}`, target);
      const secret = await refused(untold, jar, target);
      assert.doesNotMatch(secret.response.body.toString(), /owner(?!%)|editor|admin/, target);
    }
  });

  test("names that would be markup are text", async () => {
    const role = '<img src=x onerror="alert(1)">';
    const rules = [{ match: "PathPrefix(`/owner`)", allow: `Role(\`${role}\`)` }];
    const name = "</title><script>alert(1)</script>&amp;";
    const pages = { name, showRoles: true };
    const jar = await jarOf([], { rules });
    const { page } = await refused(await protect({ rules, pages }), jar, "/owner");
    assert.deepEqual(page.errors, []);
    assert.deepEqual(page.texts("header"), [name]);
    assert.ok(page.texts("bdi").includes(role));
    assert.deepEqual(page.all("script", "img"), []);
  });

  test("name, logo, color and whom to ask are the configuration's", async () => {
    const { page, response } = await refused(await protect({ pages: PAGES }), viewer, "/owner");
    assert.deepEqual(page.texts("title"), ["You do not have access · Flows"]);
    assert.deepEqual(page.texts("header"), ["Flows"]);
    assert.deepEqual(
      page.all("img").map((img) => attributeOf(img, "src")),
      [LOGO],
    );
    const mail = `mailto:it@example.com?subject=${idOf(page)}`;
    assert.equal(linksOf(page)["Ask for access"], mail);
    const [own, colors] = page.texts("style").map((style) => {
      const hash = createHash("sha256").update(style).digest("base64");
      return `'sha256-${hash}'`;
    });
    const policy = response.headers.get("Content-Security-Policy")!;
    assert.ok(policy.includes(`style-src ${own} ${colors};`), policy);
    assert.ok(policy.includes("img-src data:;"), policy);
  });

  test("an address to ask at is a link as it is", async () => {
    const contact = "https://help.example.com/?a=1&b=2";
    const { page } = await refused(await protect({ pages: { contact } }), viewer, "/owner");
    assert.equal(linksOf(page)["Ask for access"], contact);
  });

  test("host and time are those of the request", async () => {
    const { page } = await refused(await protect({}), viewer, "/owner");
    const [host, time] = page.texts("p").slice(-2);
    assert.equal(host, HOST);
    assert.match(time!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    const seconds = Date.parse(time!.replace(" UTC", "Z").replace(" ", "T")) / 1000;
    assert.ok(Math.abs(seconds - Date.now() / 1000) < 600, time);
  });

  test("one language for all, or the browser's", async () => {
    const french = { "Accept-Language": "fr-CH, fr;q=0.9" };
    const own = await refused(await protect({}), viewer, "/owner", french);
    assert.equal(attributeOf(own.page.root, "lang"), "fr");
    assert.equal(own.response.headers.get("Content-Language"), "fr");
    const fixed = await protect({ pages: { language: "zh" } });
    const other = await refused(fixed, viewer, "/owner", french);
    assert.equal(attributeOf(other.page.root, "lang"), "zh-Hans");
  });
});

describe("another account", () => {
  const ACCOUNT = "/oidc/login?rd=%2Fa&account=other";
  const OWN = { ...NAVIGATION, "Sec-Fetch-Site": "same-origin" };

  async function ask(
    { login, metadata = {} }: { login?: Block; metadata?: Block },
    headers: Record<string, string> = OWN,
  ) {
    const provider = new FakeProvider(() => Date.now() / 1000);
    provider.metadata = metadata;
    const host = await LoginHost.start(block(login ? { login } : {}), {});
    Object.assign(host.provider, { metadata });
    await host.signIn();
    const result = await host.visit(ACCOUNT, { headers });
    const url = new URL(locationOf(result)!, ORIGIN);
    return {
      path: `${url.origin}${url.pathname}`,
      prompt: url.searchParams.getAll("prompt"),
      hasSession: host.jar.names().some((name) => name === "__Host-rolegate"),
    };
  }

  const SIGN_IN = `${ISSUER}/authorize`;
  const SIGN_OUT = `${ISSUER}/end`;
  const knows = (...prompts: string[]) => ({ prompt_values_supported: prompts });
  const noEnd = { end_session_endpoint: undefined };

  for (const [name, how, path, prompt] of [
    [
      "a provider that knows select_account",
      { metadata: knows("login", "select_account") },
      SIGN_IN,
      "select_account",
    ],
    ["one that says that it does not: sign-out first", { metadata: knows("login") }, SIGN_OUT],
    ["one that does not say: sign-out first", {}, SIGN_OUT],
    [
      "one that cannot be told, and knows login",
      { metadata: { ...noEnd, ...knows("none", "login") } },
      SIGN_IN,
      "login",
    ],
    ["one that cannot be told, and does not say", { metadata: noEnd }, SIGN_IN, "select_account"],
    [
      "what it says is no list",
      { metadata: { ...noEnd, prompt_values_supported: "login" } },
      SIGN_IN,
      "select_account",
    ],
    ["configured: login", { login: { otherAccount: "login" } }, SIGN_IN, "login"],
    [
      "configured: select_account",
      { login: { otherAccount: "select_account" } },
      SIGN_IN,
      "select_account",
    ],
    [
      "configured: logout",
      { login: { otherAccount: "logout" }, metadata: knows("select_account") },
      SIGN_OUT,
    ],
    [
      "in the place of a configured prompt",
      { login: { otherAccount: "login", authorizationParams: { prompt: "consent" } } },
      SIGN_IN,
      "login",
    ],
  ] as [string, { login?: Block; metadata?: Block }, string, string?][]) {
    test(name, async () => {
      const result = await ask(how);
      assert.equal(result.path, path);
      assert.deepEqual(result.prompt, prompt ? [prompt] : []);
      assert.equal(result.hasSession, path === SIGN_IN);
    });
  }

  test("another site cannot have anybody signed out", async () => {
    for (const site of ["cross-site", "same-site"]) {
      const result = await ask({}, { ...NAVIGATION, "Sec-Fetch-Site": site });
      assert.equal(result.path, SIGN_IN, site);
      assert.deepEqual(result.prompt, []);
      assert.equal(result.hasSession, true);
    }
    const framed = await ask({}, { ...OWN, "Sec-Fetch-Dest": "iframe" });
    assert.equal(framed.hasSession, true);
  });

  test("whom the provider refuses is offered it first", async () => {
    const host = await LoginHost.start(block());
    const parameters = await host.begin("/a");
    const query = new URLSearchParams({ error: "access_denied", state: parameters.get("state")! });
    const { response } = await host.visit(`/oidc/callback?${query}`);
    const page = new Page(response.body.toString());
    assert.deepEqual(Object.entries(linksOf(page)), [
      ["Use another account", ACCOUNT],
      ["Try again", "/oidc/login?rd=%2Fa"],
    ]);
  });
});
