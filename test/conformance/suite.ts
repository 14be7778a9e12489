/** The suite's API, as far as a driver needs it: plans, modules, their state, their log. */
import { request as plain } from "node:http";
import { request as tls } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

export interface PlanOfSuite {
  id: string;
  modules: { testModule: string; variant?: Record<string, string> }[];
}

export interface Info {
  /** WAITING, CONFIGURED, RUNNING, FINISHED, INTERRUPTED. */
  status: string;
  /** Null until it ends. */
  result?: string;
}

export interface LogEntry {
  result?: string;
  src?: string;
  msg?: string;
}

/** What a plan leaves open is chosen; what it fixes by itself must not be said again, and is taken away when it says so. */
const VARIANT = {
  client_registration: "static_client",
  request_type: "plain_http_request",
  client_auth_type: "client_secret_basic",
  response_type: "code",
  response_mode: "default",
};

export class Suite {
  /** `url`: as in `https://localhost:8443`. */
  constructor(
    readonly url: string,
    readonly ca: string | undefined,
  ) {}

  async makePlan(name: string, config: unknown): Promise<PlanOfSuite> {
    const variant: Record<string, string> = { ...VARIANT };
    while (true) {
      const query = `planName=${name}&variant=${encodeURIComponent(JSON.stringify(variant))}`;
      const answer = await this.#ask("POST", `plan?${query}`, config);
      if (answer.status < 300) return JSON.parse(answer.text) as PlanOfSuite;
      const fixed = Object.keys(variant).find((key) =>
        new RegExp(`Variant \\W*(u0027)?${key}\\b`).test(answer.text),
      );
      if (!fixed) throw new Error(`plan ${name}: ${answer.status} ${answer.text.slice(0, 400)}`);
      delete variant[fixed];
    }
  }

  /** Gives the module's id. */
  async begin(plan: string, module: string, variant: unknown = {}): Promise<string> {
    const chosen = encodeURIComponent(JSON.stringify(variant));
    const made = await this.#json("POST", `runner?test=${module}&plan=${plan}&variant=${chosen}`);
    return (made as { id: string }).id;
  }

  start(id: string): Promise<unknown> {
    return this.#json("POST", `runner/${id}`);
  }

  /** The module's state once it is one of these, or what it is when the patience ends. */
  async until(id: string, states: string[], seconds: number): Promise<Info> {
    for (const end = Date.now() + seconds * 1000; ; await sleep(200)) {
      const info = (await this.#json("GET", `info/${id}`)) as Info;
      if (states.includes(info.status) || Date.now() > end) return info;
    }
  }

  /** Addresses that the module wants a browser to open. */
  async addresses(id: string): Promise<string[]> {
    const found = (await this.#json("GET", `runner/browser/${id}`)) as { urls?: string[] };
    return found.urls ?? [];
  }

  async log(id: string): Promise<LogEntry[]> {
    return (await this.#json("GET", `log/${id}`)) as LogEntry[];
  }

  async #json(method: string, path: string): Promise<unknown> {
    const { status, text } = await this.#ask(method, path);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 400)}`);
    return text ? JSON.parse(text) : null;
  }

  #ask(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const request = this.url.startsWith("https:") ? tls : plain;
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    return new Promise((resolve, reject) => {
      const options = { method, headers, ca: this.ca, agent: false, timeout: 60_000 };
      const out = request(`${this.url}/api/${path}`, options, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode!, text: Buffer.concat(parts).toString() }),
        );
      });
      out.on("timeout", () => out.destroy(new Error(`no answer: ${method} ${path}`)));
      out.on("error", reject);
      out.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
