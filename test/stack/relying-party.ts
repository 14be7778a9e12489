/** The application's side of sign-in by plain requests: it verifies what the development provider promises to send. */
import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, jwtVerify, SignJWT, type JWTPayload } from "jose";
import type { ClientAuthentication } from "../../stack/provider/clients.ts";
import type { Provider } from "../../stack/provider/provider.ts";

export const publicUrl = "http://localhost:9";
const redirectUri = `${publicUrl}/oidc/callback`;

export interface Attempt {
  url: string;
  state: string;
  nonce: string;
  verifier: string;
}

export interface TokenAnswer {
  status: number;
  body: Record<string, unknown>;
}

const random = () => randomBytes(32).toString("base64url");

export class RelyingParty {
  constructor(
    private readonly provider: Provider,
    private readonly authentication: ClientAuthentication = "basic",
  ) {}

  get clientId(): string {
    return this.provider.clients.idOf(this.authentication);
  }

  start(extra: Record<string, string> = {}): Attempt {
    const [state, nonce, verifier] = [random(), random(), random()];
    const parameters = new URLSearchParams({
      client_id: this.clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: "openid profile email",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      state,
      nonce,
      ...extra,
    });
    return { url: `${this.provider.issuer}/auth?${parameters}`, state, nonce, verifier };
  }

  exchange(code: string, { verifier }: Attempt): Promise<TokenAnswer> {
    return this.#ask({
      grant_type: "authorization_code",
      redirect_uri: redirectUri,
      code_verifier: verifier,
      code,
    });
  }

  refresh(token: unknown): Promise<TokenAnswer> {
    return this.#ask({ grant_type: "refresh_token", refresh_token: String(token) });
  }

  /** Rejects unless it is an ID token for this client. */
  async idToken(token: unknown): Promise<JWTPayload> {
    const { issuer } = this.provider;
    const options = { issuer, audience: this.clientId };
    const keys = createLocalJWKSet(this.provider.keys());
    return (await jwtVerify(String(token), keys, options)).payload;
  }

  async #ask(parameters: Record<string, string>): Promise<TokenAnswer> {
    const { headers, body } = await this.#credentials();
    const response = await fetch(`${this.provider.issuer}/token`, {
      method: "POST",
      headers,
      body: new URLSearchParams({ ...parameters, ...body }),
    });
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  async #credentials(): Promise<{
    headers?: Record<string, string>;
    body?: Record<string, string>;
  }> {
    const { clients, issuer } = this.provider;
    const client_id = this.clientId;
    if (this.authentication === "basic") {
      return { headers: { Authorization: clients.basicAuthorization() } };
    }
    if (this.authentication === "none") return { body: { client_id } };
    if (this.authentication === "post") {
      return { body: { client_id, client_secret: clients.secret } };
    }
    const assertion = await new SignJWT({ jti: random() })
      .setProtectedHeader({ alg: "ES256" })
      .setIssuer(client_id)
      .setSubject(client_id)
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime("1m")
      .sign(clients.key.privateKey);
    const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    return { body: { client_assertion: assertion, client_assertion_type: type } };
  }
}
