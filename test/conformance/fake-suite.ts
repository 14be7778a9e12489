/**
 * The suite's API and its provider, as small as the driver's own tests need them: the modules that it is made with, each
 * with what the provider does, and the verdict that it gives when userinfo was asked or the refusal was waited for.
 */
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { selfSigned } from "../../stack/machine/certificate.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { keySet, rsa, type TestKey } from "../support/keys.ts";
import { type Claims, signed } from "../support/tokens.ts";

export interface FakeModule {
  /** Changes to the ID token's claims. */
  idToken?: Claims;
  /** The key that signs it, and is the only one that is published from the token answer on. */
  rotates?: TestKey;
  /** What the suite says, whatever the client does; the module never ends when null. */
  verdict: string | null;
  /** The suite ends it before a client comes. */
  interrupted?: boolean;
}

export class FakeSuite {
  /** What came, without queries. */
  readonly asked: string[] = [];
  /** Of the plan that was made last. */
  config: Claims = {};
  #running: FakeModule & { name: string; nonce: string; key: TestKey } = {
    ...{ name: "", nonce: "", key: rsa, verdict: null },
  };
  #ended = false;

  private constructor(
    readonly url: string,
    readonly certificate: string,
    private readonly server: Server,
    private readonly modules: Record<string, FakeModule>,
  ) {}

  static async start(modules: Record<string, FakeModule>): Promise<FakeSuite> {
    const made = await selfSigned(["localhost"]);
    const [port] = await freePorts(1);
    const server = createServer({ cert: made.certificate, key: made.key });
    const suite = new FakeSuite(`https://localhost:${port}`, made.certificate, server, modules);
    server.on("request", (request, response) => void suite.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
    return suite;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.url);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    this.asked.push(`${request.method} ${pathname}`);
    const found = pathname.startsWith("/api/")
      ? this.#api(`${request.method} ${pathname.slice(5)}`, searchParams, body)
      : await this.#provider(pathname.slice("/test/a/rolegate/".length), searchParams);
    const { status = 200, location, json } = found as Answer;
    response.writeHead(status, {
      ...(location ? { Location: location } : {}),
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
    });
    response.end(json === undefined ? "" : JSON.stringify(json));
  }

  #api(what: string, query: URLSearchParams, body: string): Answer {
    const [call] = what.split("/");
    if (call === "POST plan") {
      const variant = JSON.parse(query.get("variant")!) as Claims;
      // As the suite says it of what a plan fixes by itself.
      if ("response_type" in variant) {
        return {
          status: 500,
          json: { error: "Variant 'response_type' has been set by test plan" },
        };
      }
      this.config = JSON.parse(body) as Claims;
      const names = Object.keys(this.modules);
      return { json: { id: "plan-1", modules: names.map((testModule) => ({ testModule })) } };
    }
    if (what === "POST runner") {
      const name = query.get("test")!;
      this.#running = { ...this.modules[name]!, name, nonce: "", key: rsa };
      this.#ended = false;
      return { status: 201, json: { id: name } };
    }
    if (call === "GET info") {
      if (this.#running.interrupted) return { json: { status: "INTERRUPTED", result: "UNKNOWN" } };
      return {
        json: this.#ended
          ? { status: "FINISHED", result: this.#running.verdict }
          : { status: "WAITING" },
      };
    }
    if (call === "GET log") {
      const isBad = this.#running.verdict === "FAILED";
      return { json: isBad ? [{ result: "FAILURE", src: "Check", msg: "not as it should" }] : [] };
    }
    return { status: 404 };
  }

  async #provider(path: string, query: URLSearchParams): Promise<Answer> {
    const issuer = `${this.url}/test/a/rolegate/`;
    const running = this.#running;
    const end = () => (this.#ended = running.verdict !== null);
    switch (path) {
      case ".well-known/openid-configuration":
        return {
          json: {
            ...{ issuer, authorization_endpoint: `${issuer}authorize`, jwks_uri: `${issuer}jwks` },
            ...{ token_endpoint: `${issuer}token`, userinfo_endpoint: `${issuer}userinfo` },
          },
        };
      case "authorize": {
        running.nonce = query.get("nonce")!;
        const back = new URLSearchParams({ code: "code-1", state: query.get("state")! });
        return { status: 302, location: `${query.get("redirect_uri")}?${back}` };
      }
      case "token": {
        running.key = running.rotates ?? rsa;
        // A client that refuses asks nothing more; the suite waits for a while, and gives its verdict then.
        if (running.idToken) end();
        const now = Math.floor(Date.now() / 1000);
        const claims = { iss: issuer, aud: "rolegate", sub: "somebody", nonce: running.nonce };
        const times = { iat: now, exp: now + 300 };
        const idToken = { ...claims, ...times, ...running.idToken };
        const id = await signed(idToken, running.key);
        return { json: { token_type: "Bearer", access_token: "opaque", id_token: id } };
      }
      case "jwks":
        return { json: keySet(running.key) };
      case "userinfo":
        end();
        return { json: { sub: "somebody" } };
      default:
        return { status: 404 };
    }
  }
}

interface Answer {
  status?: number;
  location?: string;
  json?: unknown;
}
