/**
 * An identity provider in this process: what Traefik would carry a visit to. It signs with jose, goes by a clock that the
 * test sets, and answers as the test has it instead.
 */
import { createHash } from "node:crypto";
import type { ForwardedRequest, UpstreamResponse } from "../../src/guest/proxy.ts";
import { ec, keySet, rsa, type TestKey } from "./keys.ts";
import { type Claims, claims, CLIENT, ISSUER, signed } from "./tokens.ts";

const ORIGIN = new URL(ISSUER).origin;
const BASE = new URL(ISSUER).pathname;
const ENDPOINTS = {
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  userinfo_endpoint: `${ISSUER}/userinfo`,
  end_session_endpoint: `${ISSUER}/end`,
  jwks_uri: `${ISSUER}/keys`,
};

export const json = (value: unknown, status = 200): UpstreamResponse => ({
  status,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(value),
});

/** The left half of a token's SHA-256, OpenID Connect Core §3.1.3.6. */
export const halfHash = (token: string) =>
  createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url");

export class FakeProvider {
  /** What came, in order. */
  readonly received: ForwardedRequest[] = [];
  /** Of the sign-in under way. */
  nonce = "";
  signedIn = 0;
  /** Changes to the ID token's claims and header, the access token's claims, and the token answer's members; undefined takes one away. */
  idToken: Claims = {};
  idHeader: Claims = {};
  idKey: TestKey = rsa;
  accessToken: Claims = {};
  accessKey: TestKey = rsa;
  answer: Claims = {};
  metadata: Claims = {};
  userInfo: Claims = {};
  keys: object = keySet(rsa, ec);
  /** By the last segment of the endpoint's path: what is answered instead; undefined: as ever. */
  instead: Record<
    string,
    (
      request: ForwardedRequest,
    ) => UpstreamResponse | undefined | Promise<UpstreamResponse | undefined>
  > = {};
  refreshTokens = 0;
  /** Where browsers are sent to sign in. */
  origin = ORIGIN;

  constructor(protected readonly seconds: () => number) {}

  /** Back to how it was made. */
  reset(): void {
    const { received, upstream } = this;
    Object.assign(this, new FakeProvider(this.seconds), { received, upstream });
    received.length = 0;
  }

  upstream = async (request: ForwardedRequest): Promise<UpstreamResponse> => {
    this.received.push(request);
    const { pathname } = new URL(request.target, ORIGIN);
    const name = pathname.slice(pathname.lastIndexOf("/") + 1);
    const other = await this.instead[name]?.(request);
    if (other) return other;
    switch (pathname.slice(BASE.length)) {
      case "/.well-known/openid-configuration":
        return json(this.document());
      case "/token":
        return json(await this.tokens());
      case "/keys":
        return json(this.keys);
      case "/userinfo":
        return json({ sub: "8d6f3a6e-0001", ...this.userInfo });
      default:
        return { status: 404, headers: { "Content-Type": "text/html" }, body: "canary" };
    }
  };

  /** Paths that were asked for, without the issuer's own. */
  get asked(): string[] {
    return this.received.map(({ method, target }) => `${method} ${target.slice(BASE.length)}`);
  }

  document(): Claims {
    return strip({ issuer: ISSUER, ...ENDPOINTS, ...this.metadata });
  }

  async tokens(): Promise<Claims> {
    const now = this.seconds();
    const times = { iat: now, exp: now + 600 };
    const access = await signed(strip(claims({ ...times, ...this.accessToken })), this.accessKey);
    const id = await signed(
      strip({
        ...{ iss: ISSUER, aud: CLIENT, sub: "8d6f3a6e-0001", nonce: this.nonce, ...times },
        ...{ auth_time: this.signedIn, sid: "sid-1", at_hash: halfHash(access) },
        ...this.idToken,
      }),
      this.idKey,
      this.idHeader,
    );
    return strip({
      ...{ token_type: "Bearer", access_token: access, id_token: id, expires_in: 600 },
      refresh_token: `refresh-${++this.refreshTokens}`,
      ...this.answer,
    });
  }
}

function strip(value: Claims): Claims {
  return JSON.parse(JSON.stringify(value)) as Claims;
}
