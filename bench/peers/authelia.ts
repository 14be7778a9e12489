/** Authelia, which Traefik asks for each request by ForwardAuth. It is a provider itself, and knows sessions of its own only. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import type { Contender } from "../contenders.ts";
import { APPLICATION } from "../workload.ts";
import { startBeside } from "./beside.ts";

const USER = "bob.runner";
const ROLE = "prefect-runner";
const DOMAIN = "example.com";
const PORTAL = `login.${DOMAIN}`;

/** `https://` of both hosts is taken for granted: it does not sign in by plain HTTP. */
const HTTPS = { "X-Forwarded-Proto": "https" };

export const authelia = {
  name: "Authelia",
  place: (dir: string) => join(dir, "authelia"),
  contender: (program: string): Contender => ({
    name: "authelia",
    title: "Authelia (ForwardAuth)",
    scenarios: ["session"],
    decides: "role",
    async prepare({ folder: home }) {
      const [port = 0] = await freePorts(1);
      const address = `${loopback}:${port}`;
      const folder = mkdtempSync(join(home, "authelia-"));
      const password = randomBytes(12).toString("hex");
      writeFileSync(join(folder, "users.yml"), JSON.stringify(users(program, password)));
      const file = join(folder, "configuration.yml");
      writeFileSync(file, JSON.stringify(configuration(address, folder)));
      const beside = await startBeside(program, {
        args: [`--config=${file}`],
        env: {},
        ready: `http://${address}/api/health`,
      });
      return {
        middlewares: {
          https: { headers: { customRequestHeaders: HTTPS } },
          peer: {
            forwardAuth: {
              address: `http://${address}/api/authz/forward-auth`,
              trustForwardHeader: true,
              authResponseHeaders: ["Remote-User", "Remote-Groups", "Remote-Email"],
            },
          },
        },
        traefik: { pluginDir: null },
        beside,
        credential: () => signIn(address, password),
        user: USER,
      };
    },
  }),
};

/**
 * The program makes the password's digest in its own form; with little memory, which would be taken for that of requests
 * otherwise.
 */
function users(program: string, password: string) {
  const little = ["--memory", "1024", "--iterations", "1", "--parallelism", "1"];
  const args = ["crypto", "hash", "generate", "argon2", ...little, "--password", password];
  const printed = execFileSync(program, args, { encoding: "utf8" });
  const digest = /^Digest: (\S+)/m.exec(printed)![1]!;
  const user = { displayname: "Bob", email: "bob@example.com", groups: [ROLE], password: digest };
  return { users: { [USER]: user } };
}

function configuration(address: string, folder: string) {
  const secret = () => randomBytes(32).toString("hex");
  return {
    server: { address: `tcp://${address}` },
    log: { level: "error" },
    ntp: { disable_startup_check: true },
    storage: { encryption_key: secret(), local: { path: join(folder, "db.sqlite3") } },
    notifier: { filesystem: { filename: join(folder, "mail.txt") } },
    identity_validation: { reset_password: { jwt_secret: secret() } },
    authentication_backend: { file: { path: join(folder, "users.yml") } },
    session: {
      secret: secret(),
      expiration: "1d",
      inactivity: "1d",
      cookies: [{ domain: DOMAIN, authelia_url: `https://${PORTAL}` }],
    },
    access_control: {
      default_policy: "deny",
      rules: [{ domain: APPLICATION, policy: "one_factor", subject: [`group:${ROLE}`] }],
    },
  };
}

/** As the form of its portal does. */
function signIn(address: string, password: string): Promise<string> {
  const body = JSON.stringify({ username: USER, password, targetURL: `https://${APPLICATION}/` });
  const headers = {
    ...HTTPS,
    Host: PORTAL,
    "X-Forwarded-Host": PORTAL,
    "Content-Type": "application/json",
    "Content-Length": body.length,
  };
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers };
    const sent = request(`http://${address}/api/firstfactor`, options, (response) => {
      response.resume();
      const [cookie] = response.headers["set-cookie"] ?? [];
      if (response.statusCode === 200 && cookie) resolve(cookie.split(";")[0]!);
      else reject(new Error(`Authelia: sign-in got ${response.statusCode}`));
    });
    sent.on("error", reject).end(body);
  });
}
