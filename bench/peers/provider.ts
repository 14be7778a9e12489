/**
 * A provider as small as one can be: it signs in at once, and asks nothing. Peers fetch its keys, and sign people in
 * with it before they are measured.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "../../stack/machine/certificate.ts";
import { loopback } from "../../stack/machine/ports.ts";
import { claims, ISSUER, makeToken, type Key } from "../keys.ts";

export interface Provider {
  /** `https://127.0.0.1:port`; what it issues names ISSUER. */
  url: string;
  stop(): Promise<void>;
}

export const SCOPES = ["openid", "profile", "email"];

export async function startProvider(key: Key, keys: string): Promise<Provider> {
  const nonces = new Map<string, string>();
  const tls = await selfSigned([loopback]);
  const server = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, url);
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const json = (value: object | string) => {
        response.setHeader("Content-Type", "application/json");
        response.end(typeof value === "string" ? value : JSON.stringify(value));
      };
      switch (pathname) {
        case "/.well-known/openid-configuration":
          return json(metadata(url));
        case "/keys":
          return json(keys);
        case "/userinfo":
          return json(claims());
        case `${new URL(ISSUER).pathname}/authorize`: {
          const code = randomUUID();
          nonces.set(code, searchParams.get("nonce") ?? "");
          const back = new URL(searchParams.get("redirect_uri")!);
          back.searchParams.set("code", code);
          back.searchParams.set("state", searchParams.get("state") ?? "");
          return void response.writeHead(302, { Location: back.href }).end();
        }
        case "/token": {
          const nonce = nonces.get(new URLSearchParams(body).get("code") ?? "");
          return json({
            access_token: makeToken(key),
            // Flat as well: not every peer reads a claim within a claim.
            id_token: makeToken(key, { ...claims(), nonce, typ: "ID", roles: ["prefect-runner"] }),
            token_type: "Bearer",
            expires_in: 86_400,
            scope: SCOPES.join(" "),
          });
        }
        default:
          return void response.writeHead(404).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const url = `https://${loopback}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const metadata = (url: string) => ({
  issuer: ISSUER,
  // For browsers, by its name: traefikoidc refuses to send them to a loopback address.
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${url}/token`,
  userinfo_endpoint: `${url}/userinfo`,
  jwks_uri: `${url}/keys`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
  scopes_supported: SCOPES,
  grant_types_supported: ["authorization_code"],
  code_challenge_methods_supported: ["S256"],
});
