/** An application behind real Traefik, set up by `rolegate init` for a provider that runs, and a browser that signs in. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import type { Undo } from "../../stack/machine/undo.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { type Received, startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { ageIn, sessionLife } from "../browser/older.ts";
import { rolegate } from "../cli/run.ts";
import { HttpBrowser, type Visit } from "../support/http-browser.ts";

export interface Client {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

export interface SiteOptions extends Omit<Client, "clientSecret"> {
  /** What makes it may need what `init` wrote. */
  clientSecret: string | (() => Promise<string>);
  /** For `init`, beside issuer, client and addresses. */
  args: string[];
  /** Changes what `init` wrote into what the provider's people have: names of roles. */
  edit?: (dynamic: string) => string;
}

export class Site {
  readonly folder = temporaryFolder("live");
  readonly url: string;
  /** The application's own address, at which programs get their codes. */
  upstream!: Upstream;
  client!: Client;
  readonly #undo: Undo;
  #keysPort: number;
  #lines: string[] = [];

  private constructor(port: number, keysPort: number, undo: Undo) {
    this.url = `http://localhost:${port}`;
    this.#keysPort = keysPort;
    this.#undo = undo;
    undo.add(() => this.folder.remove());
  }

  /** Its address is known before it is set up: the provider has to have it first. */
  static async at(undo: Undo, address?: string): Promise<Site> {
    const [free = 0, keysPort = 0] = await freePorts(2);
    const port = address ? Number(new URL(address).port) : free;
    const site = new Site(port, keysPort, undo);
    site.upstream = await startUpstream();
    undo.add(() => site.upstream.stop());
    return site;
  }

  path = (name: string) => join(this.folder.path, name);

  async start({ args, edit, issuer, clientId, ...options }: SiteOptions): Promise<void> {
    const made = await rolegate(
      [
        ...["init", "--yes", "--issuer", issuer, "--client-id", clientId],
        ...["--public-url", this.url, "--service", this.upstream.url],
        ...["--keys-port", String(this.#keysPort), ...args],
      ],
      { cwd: this.folder.path },
    );
    assert.equal(made.code, 0, made.stderr);
    if (edit) this.edit(edit);
    const { clientSecret: given } = options;
    const clientSecret = typeof given === "string" ? given : await given();
    this.client = { issuer, clientId, clientSecret };
    const traefik = await startChild(await findTraefik(), ["--configFile=traefik.yml"], {
      cwd: this.folder.path,
      env: { PATH: process.env.PATH ?? "", CLIENT_SECRET: clientSecret },
      onLine: (line) => this.#lines.push(line),
    });
    this.#undo.add(() => traefik.stop());
    const keys = this.path(`state/${stateFile("jwks", issuer)}`);
    for (const end = Date.now() + 60_000; !existsSync(keys); await sleep(100)) {
      assert.ok(Date.now() < end, this.log());
    }
  }

  edit(change: (dynamic: string) => string): void {
    const file = this.path("dynamic.yml");
    const before = readFileSync(file, "utf8");
    const after = change(before);
    assert.notEqual(after, before, "nothing was changed");
    writeFileSync(file, after);
  }

  log = () => this.#lines.slice(-30).join("\n");

  browser(): HttpBrowser {
    const browser = new HttpBrowser({ address: loopback });
    this.#undo.add(() => browser.close());
    return browser;
  }

  /** As if the session were over, and could still be refreshed. */
  async age(browser: HttpBrowser): Promise<void> {
    const { issuer, clientId } = this.client;
    const secret = readFileSync(this.path("state/session-secret"), "utf8").trim();
    const source = { url: this.url, issuer, clientId, secret, name: "rolegate" };
    await ageIn(browser, source, sessionLife + 1);
  }

  async withToken(token: string, path = "/api/x"): Promise<{ status: number; body: string }> {
    const response = await fetch(`${this.url}${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.text() };
  }
}

/** What the application received. */
export function headersOf({ body }: { body: string }): Record<string, string> {
  const { headers } = JSON.parse(body) as Received;
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** A program that signs somebody in by itself, with the application's client: its access token. */
export async function tokenFor(
  site: Site,
  extra: Record<string, string>,
  signIn: (browser: HttpBrowser) => Promise<Visit>,
): Promise<string> {
  const { issuer, clientId, clientSecret } = site.client;
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
  const metadata = (await discovery.json()) as Record<string, string>;
  const redirect_uri = `${site.upstream.url}/callback`;
  const query = new URLSearchParams({
    ...{ client_id: clientId, response_type: "code", redirect_uri, state: "abcdefghijkl" },
    ...{ scope: "openid profile email", ...extra },
  });
  const browser = site.browser();
  await browser.go(`${metadata.authorization_endpoint}?${query}`, { from: null });
  const end = await signIn(browser);
  const code = new URL(end.url).searchParams.get("code");
  assert.ok(code, end.url);
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const answer = await fetch(metadata.token_endpoint!, {
    method: "POST",
    headers: { Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}
