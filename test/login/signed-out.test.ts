/** The page after signing out, and `state`, by which the provider confirms it (RP-Initiated Logout §2 and §3). */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { Clock, events, locationOf, LoginHost, ORIGIN } from "../support/login-host.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";
import { block, type Block } from "./configuration.ts";

const PAGE = "/oidc/signed-out";
const POST = {
  method: "POST",
  headers: { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", Origin: ORIGIN },
};
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
const start = (login: Block = {}) => LoginHost.start(block({ login }), { clock, provider });
beforeEach(() => {
  provider.reset();
  clock.pass(60);
});
const title = ({ response }: Awaited<ReturnType<LoginHost["visit"]>>) =>
  /<h1>([^<]*)/.exec(response.body.toString())?.[1];
const SIGNED_OUT = "You are signed out";
const HERE = "You are signed out here";

describe("where the provider has no end-session endpoint", () => {
  const without = async (login: Block = {}) => {
    provider.metadata = { end_session_endpoint: undefined };
    const host = await start(login);
    await host.signIn();
    return host;
  };

  for (const [name, login] of Object.entries<Block>({
    "by default": {},
    "with the plugin's page": { postLogoutRedirect: PAGE },
  })) {
    for (const [how, ask] of Object.entries({ "a link": {}, "a form": POST })) {
      test(`${name}, by ${how}, a page says that its session may go on`, async () => {
        const host = await without(login);
        const result = await host.visit("/oidc/logout", ask);
        assert.deepEqual([result.response.status, title(result)], [200, HERE]);
        assert.match(result.response.body.toString(), /service may still know you/);
        assert.deepEqual(host.jar.names(), []);
        assert.deepEqual(events(result), ["signed_out"]);
      });
    }
  }

  test("a page of the application's that was configured is gone to", async () => {
    const host = await without({ postLogoutRedirect: "/bye" });
    assert.equal(locationOf(await host.visit("/oidc/logout")), `${ORIGIN}/bye`);
  });
});

describe("with the plugin's page as login.postLogoutRedirect", () => {
  /** The parameters that the provider gets. */
  async function signOut(host: LoginHost): Promise<URLSearchParams> {
    const location = new URL(locationOf(await host.visit("/oidc/logout"))!);
    assert.equal(location.href.split("?")[0], `${ISSUER}/end`);
    return location.searchParams;
  }
  async function signedOut() {
    const host = await start({ postLogoutRedirect: PAGE });
    await host.signIn();
    const parameters = await signOut(host);
    return { host, state: parameters.get("state")!, parameters };
  }

  test("a state goes out, and the page says that the provider has confirmed", async () => {
    const { host, state, parameters } = await signedOut();
    assert.equal(parameters.get("post_logout_redirect_uri"), ORIGIN + PAGE);
    assert.equal(parameters.get("client_id"), CLIENT);
    const result = await host.visit(`${PAGE}?state=${state}`);
    assert.deepEqual([result.response.status, title(result)], [200, SIGNED_OUT]);
    assert.deepEqual(events(result), []);
    assert.match(result.response.body.toString(), /href="\/"/);
  });

  test("each time another", async () => {
    const { host, state } = await signedOut();
    clock.pass(1);
    await host.signIn();
    assert.notEqual((await signOut(host)).get("state"), state);
  });

  for (const [name, query] of Object.entries<(state: string) => string>({
    "no state": () => "",
    "an empty one": () => "?state=",
    "another one": () => "?state=abc",
    "one that was altered": (it) =>
      `?state=${it.slice(0, 50)}${it[50] === "A" ? "B" : "A"}${it.slice(51)}`,
    "one that was cut off": (it) => `?state=${it.slice(0, -3)}`,
    two: (it) => `?state=${it}&state=${it}`,
  })) {
    test(`${name}: the page says that the provider may go on, and so does the log`, async () => {
      const { host, state } = await signedOut();
      const result = await host.visit(PAGE + query(state));
      assert.deepEqual([result.response.status, title(result)], [200, HERE]);
      assert.deepEqual(events(result), ["sign_out_unconfirmed"]);
    });
  }

  test("one of ten minutes ago, of a sign-in, or of another application", async () => {
    const { host, state } = await signedOut();
    const parameters = await host.begin("/");
    const ofSignIn = parameters.get("state")!;
    const other = await LoginHost.start(
      block({ publicUrl: "https://other.example.com", login: { postLogoutRedirect: PAGE } }),
      { clock, provider },
    );
    const ask = { host: "other.example.com" };
    await other.signIn("/", ask);
    const out = locationOf(await other.visit("/oidc/logout", ask))!;
    const elsewhere = new URL(out).searchParams.get("state")!;
    for (const it of [ofSignIn, ofSignIn.split(".")[1]!, elsewhere]) {
      assert.equal(title(await host.visit(`${PAGE}?state=${it}`)), HERE, it.slice(0, 20));
    }
    assert.equal(title(await host.visit(`${PAGE}?state=${state}`)), SIGNED_OUT);
    clock.pass(600);
    assert.equal(title(await host.visit(`${PAGE}?state=${state}`)), HERE);
  });

  test("a state of signing out begins no session", async () => {
    const { host, state } = await signedOut();
    for (const path of ["callback?code=x&", "verify?"]) {
      const { response } = await host.visit(`/oidc/${path}state=${state}`);
      assert.equal(response.status, 400, path);
    }
  });

  test("who is signed in is not told that they are not", async () => {
    const { host, state } = await signedOut();
    clock.pass(1);
    await host.signIn();
    assert.equal(locationOf(await host.visit(`${PAGE}?state=${state}`)), "/");
    const stranger = await host.visit(`${PAGE}?state=${state}`, { jar: new CookieJar() });
    assert.equal(title(stranger), SIGNED_OUT);
  });

  test("only by GET", async () => {
    const { host } = await signedOut();
    assert.equal((await host.visit(PAGE, POST)).response.status, 405);
  });
});

test("no state goes to an application's own page, which would not know what it is", async () => {
  for (const login of [{}, { postLogoutRedirect: "/bye" }]) {
    const host = await start(login);
    await host.signIn();
    const location = new URL(locationOf(await host.visit("/oidc/logout"))!);
    assert.equal(location.searchParams.get("state"), null);
  }
});
