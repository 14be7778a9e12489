/** oauth2-proxy, which Traefik asks for each request by ForwardAuth. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import type { Contender } from "../contenders.ts";
import { CLIENT, ISSUER } from "../keys.ts";
import { APPLICATION } from "../workload.ts";
import { startBeside } from "./beside.ts";
import { signIn } from "./sign-in.ts";

export const oauth2Proxy = {
  name: "oauth2-proxy",
  place: (dir: string) => join(dir, "oauth2-proxy"),
  contender: (program: string): Contender => ({
    name: "oauth2-proxy",
    title: "oauth2-proxy (ForwardAuth)",
    scenarios: ["warm", "distinct", "session"],
    decides: "role",
    async prepare({ token, provider }) {
      const [port = 0] = await freePorts(1);
      const address = `${loopback}:${port}`;
      const beside = await startBeside(program, {
        args: [
          `--http-address=${address}`,
          "--reverse-proxy=true",
          "--provider=oidc",
          `--oidc-issuer-url=${ISSUER}`,
          "--skip-oidc-discovery=true",
          `--login-url=${ISSUER}/authorize`,
          `--redeem-url=${provider.url}/token`,
          `--oidc-jwks-url=${provider.url}/keys`,
          "--ssl-insecure-skip-verify=true",
          `--client-id=${CLIENT}`,
          `--redirect-url=https://${APPLICATION}/oauth2/callback`,
          "--email-domain=*",
          "--oidc-groups-claim=realm_access.roles",
          "--allowed-group=prefect-runner",
          "--skip-provider-button=true",
          "--skip-jwt-bearer-tokens=true",
          "--set-xauthrequest=true",
          "--upstream=static://200",
          // It would write a line for each request, which Rolegate does only for writes.
          "--request-logging=false",
          "--auth-logging=false",
        ],
        env: {
          OAUTH2_PROXY_CLIENT_SECRET: randomBytes(16).toString("hex"),
          OAUTH2_PROXY_COOKIE_SECRET: randomBytes(16).toString("hex"),
        },
        ready: `http://${address}/ping`,
      });
      return {
        middlewares: {
          peer: {
            forwardAuth: {
              address: `http://${address}/oauth2/auth`,
              authResponseHeaders: ["X-Auth-Request-Preferred-Username", "X-Auth-Request-Email"],
            },
          },
        },
        traefik: { pluginDir: null },
        beside,
        credential: (scenario, _address, index) =>
          scenario === "session"
            ? signIn({ address, path: "/oauth2/start?rd=/", provider })
            : token(index),
        user: "bob.runner",
      };
    },
  }),
};
