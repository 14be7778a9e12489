/** `rolegate token`: the device flow and client credentials, against a provider that says no, not yet, slower, and yes. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { complaint, rolegate } from "./run.ts";

let issuer = "";
/** What the token endpoint answers, one after the other; the last one for ever. */
let answers: [status: number, body: unknown][] = [];
const forms: { form: URLSearchParams; authorization: string | undefined }[] = [];
let hasDevice = true;

const server = createServer(async (request, response) => {
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  if (request.url === "/.well-known/openid-configuration") {
    return json(200, {
      issuer,
      token_endpoint: `${issuer}/token`,
      ...(hasDevice ? { device_authorization_endpoint: `${issuer}/device` } : {}),
    });
  }
  forms.push({ form: await formOf(request), authorization: request.headers.authorization });
  if (request.url === "/device") {
    const uri = `${issuer}/activate`;
    return json(200, {
      device_code: "d",
      user_code: "WDJB-MJHT",
      verification_uri: uri,
      expires_in: 60,
      interval: 1,
    });
  }
  json(...(answers.length > 1 ? answers.shift()! : answers[0]!));
});

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  forms.length = 0;
  hasDevice = true;
});
after(() => server.close());

const GOOD: [number, unknown] = [
  200,
  { access_token: "a.b.c'd", token_type: "Bearer", expires_in: 300 },
];
const no = (error: string): [number, unknown] => [400, { error, error_description: "because" }];
const run = (...args: string[]) =>
  rolegate(["token", "--issuer", issuer, "--client-id", "cli", ...args], {
    env: { SECRET: "s e:c" },
  });

describe("client credentials", () => {
  test("with the secret from the environment, in Basic; the token alone on standard output", async () => {
    answers = [GOOD];
    const { code, stdout, stderr } = await run(
      "--secret-env",
      "SECRET",
      "--scope",
      "a b",
      "--audience",
      "app",
    );
    assert.deepEqual([code, stdout, stderr], [0, "a.b.c'd\n", ""]);
    const { form, authorization } = forms[0]!;
    assert.deepEqual([...form].sort(), [
      ["audience", "app"],
      ["grant_type", "client_credentials"],
      ["scope", "a b"],
    ]);
    // RFC 6749 §2.3.1: both parts are form-encoded first.
    assert.equal(authorization, `Basic ${Buffer.from("cli:s+e%3Ac").toString("base64")}`);
  });
  test("the environment for Prefect, quoted for a shell", async () => {
    answers = [GOOD];
    const { stdout, stderr } = await run(
      "--secret-env",
      "SECRET",
      "-f",
      "prefect",
      "--api-url",
      "https://p/api",
    );
    assert.equal(
      stdout,
      "export PREFECT_API_URL='https://p/api'\n" +
        `export PREFECT_CLIENT_CUSTOM_HEADERS='{"Authorization":"Bearer a.b.c'\\''d"}'\n` +
        "unset PREFECT_API_KEY PREFECT_API_AUTH_STRING\n",
    );
    assert.match(stderr, /warning: this token ends in 5 minutes/);
  });
  test("a refusal in the provider's words, with what to do", async () => {
    answers = [no("invalid_client")];
    const ran = await run("--secret-env", "SECRET");
    assert.equal(ran.code, 3);
    const { code, message, hint } = complaint(ran);
    assert.deepEqual([code, message], ["token_refused", `${issuer} says invalid_client: because`]);
    assert.match(hint, /id or secret is wrong/);
  });
  test("a secret that is not there, or twice", async () => {
    assert.equal(complaint(await run("--secret-env", "NONE")).code, "secret_missing");
    assert.equal(
      complaint(await run("--secret-env", "SECRET", "--secret-file", "x")).code,
      "secret_twice",
    );
    assert.equal(complaint(await run("--secret-file", "none")).code, "file_unreadable");
  });
});

describe("the device flow", () => {
  test("shows the code, waits while nobody has confirmed it, and prints the token", async () => {
    answers = [no("authorization_pending"), GOOD];
    const { code, stdout, stderr } = await run();
    assert.deepEqual([code, stdout], [0, "a.b.c'd\n"]);
    assert.equal(stderr, `Open ${issuer}/activate\nand confirm the code WDJB-MJHT.\n`);
    assert.equal(forms.length, 3);
    assert.equal(forms[1]!.form.get("grant_type"), "urn:ietf:params:oauth:grant-type:device_code");
  });
  test("somebody says no", async () => {
    answers = [no("access_denied")];
    const { code, stdout, stderr } = await run();
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(stderr, /error \[token_refused\].*access_denied/);
  });
  test("Ctrl-C while it waits", async () => {
    answers = [no("authorization_pending")];
    const args = ["token", "--issuer", issuer, "--client-id", "cli"];
    const { code, stderr } = await rolegate(args, {
      spoken: (child) => child.kill("SIGINT"),
    });
    assert.equal(code, 130);
    assert.doesNotMatch(stderr, /error/);
  });
  test("a provider without it", async () => {
    hasDevice = false;
    const ran = await run();
    assert.deepEqual([ran.code, complaint(ran).code], [3, "no_device_flow"]);
  });
});
