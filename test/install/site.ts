/** A folder as somebody has it who follows the docs, and Traefik started there. */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { blocks } from "../docs/blocks.ts";
import { rsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";

/** The block of a page that begins with the comment. */
export function blockOf(page: string, kind: string): string {
  const found = blocks.filter((it) => it.place.startsWith(`${page}:`) && it.kind === kind);
  assert.equal(found.length, 1, `${page} has one block "${kind}"`);
  return found[0]!.text;
}

/** `from` stands in `text`, once. */
export function replaceOnce(text: string, from: string, to: string): string {
  assert.equal(text.split(from).length, 2, `${from} stands once in\n${text}`);
  return text.replace(from, to);
}

export class Site {
  readonly #home = temporaryFolder("site");
  readonly folder = this.#home.path;
  readonly lines: string[] = [];
  url = "";
  child: Child | null = null;

  /** With a key set, `dynamic.yml` as the README has it, and `traefik` on the PATH. */
  static async make(upstream: string): Promise<Site> {
    const site = new Site();
    for (const name of ["state", "bin"]) mkdirSync(join(site.folder, name));
    site.write("state/jwks.json", JSON.stringify({ keys: [rsa.jwk] }));
    const dynamic = blockOf("README.md", "dynamic.yml");
    site.write("dynamic.yml", replaceOnce(dynamic, "http://127.0.0.1:4200", upstream));
    symlinkSync(await findTraefik(), join(site.folder, "bin/traefik"));
    await site.newPort();
    return site;
  }

  async newPort(): Promise<void> {
    const [port] = await freePorts(1);
    this.url = `http://${loopback}:${port}`;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Lines for a shell, with this site's port. */
  async run(script: string, env: Record<string, string> = {}): Promise<void> {
    this.lines.length = 0;
    this.child = await startChild("sh", ["-c", script.replace(/^(traefik)\b/m, "exec $1")], {
      cwd: this.folder,
      env: { PATH: `${this.folder}/bin:${process.env.PATH ?? ""}`, ...env },
      onLine: (line) => this.lines.push(line),
    });
  }

  /** The address of the docs is this site's. */
  ported(text: string): string {
    return replaceOnce(text, ":8080", this.url.slice("http://".length));
  }

  status(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(
        this.url + path,
        { method, headers: { Host: "app.example.com", ...headers } },
        (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode!));
        },
      );
      sent.on("error", reject);
      sent.end();
    });
  }

  /** Waits until Traefik answers by its routers: not at all and 404 are too early. */
  async isUp(path = "/health"): Promise<number> {
    for (const end = Date.now() + 60_000; ; await sleep(50)) {
      const status = await this.status(path).catch(() => 404);
      if (status !== 404) return status;
      if (Date.now() > end || !this.child!.running()) {
        throw new Error(`Traefik is not up:\n${this.lines.join("\n")}`);
      }
    }
  }

  /** The README's rules hold. */
  async decides(): Promise<void> {
    const as = async (...roles: string[]) => ({
      Authorization: `Bearer ${await token({ realm_access: { roles } })}`,
    });
    assert.equal(await this.isUp(), 200, this.lines.join("\n"));
    assert.equal(await this.status("/api/runs"), 401);
    assert.equal(await this.status("/api/runs", await as("viewer")), 200);
    assert.equal(await this.status("/api/runs", await as("viewer"), "POST"), 403);
    assert.equal(await this.status("/api/runs", await as("runner"), "POST"), 200);
    assert.equal(await this.status("/admin", await as("owner")), 200);
  }

  /** Waits for Traefik's own end, and gives what it said. */
  async ends(): Promise<{ code: number | null; said: string }> {
    const code = await this.child!.ended;
    return { code, said: this.lines.join("\n") };
  }

  async stop(): Promise<void> {
    await this.child?.stop();
  }

  async remove(): Promise<void> {
    await this.stop();
    this.#home.remove();
  }
}
