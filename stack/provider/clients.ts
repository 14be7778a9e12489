/**
 * The clients that the development provider knows: one for each way to authenticate at the token
 * endpoint (OpenID Connect Core §9). They serve the applications that are named after the start:
 * ports are chosen late.
 */
import { createHash, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { passwordGrant } from "./password-grant.ts";
import type { Payload } from "./storage.ts";

export const clientAuthentications = ["basic", "post", "none", "private_key_jwt"] as const;
export type ClientAuthentication = (typeof clientAuthentications)[number];

const methods: Record<ClientAuthentication, string> = {
  basic: "client_secret_basic",
  post: "client_secret_post",
  none: "none",
  private_key_jwt: "private_key_jwt",
};

/** Where the plugin's own paths are, as its `login.path` has them. */
const loginPath = "/oidc";

/** A P-256 key as JWK, named by its thumbprint, RFC 7638. */
function named(key: KeyObject): Payload {
  const { crv, kty, x, y } = key.export({ format: "jwk" });
  const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  return { crv, kty, x, y, kid };
}

export class Clients {
  readonly secret: string;
  /** The private key for `private_key_jwt`, ES256. */
  readonly key = generateKeyPairSync("ec", { namedCurve: "P-256" });
  /** Paths of each application to which codes may be sent, and people after sign-out. */
  paths = { callback: `${loginPath}/callback`, home: ["/", "", `${loginPath}/signed-out`] };
  #applications: string[] = [];

  constructor(
    /** Id of the client with `basic`; the others add their method's name. */
    readonly id: string,
    secret?: string,
  ) {
    // With characters that client_secret_basic has to encode first, RFC 6749 §2.3.1.
    this.secret = secret ?? `${randomBytes(24).toString("base64")}+/%:& ~`;
  }

  idOf(authentication: ClientAuthentication): string {
    return authentication === "basic" ? this.id : `${this.id}-${authentication}`;
  }

  /** What `client_secret_basic` sends, RFC 6749 §2.3.1. */
  basicAuthorization(): string {
    const encoded = [this.id, this.secret].map((part) => new URLSearchParams([["", part]]));
    const text = encoded.map((part) => part.toString().slice(1)).join(":");
    return `Basic ${Buffer.from(text).toString("base64")}`;
  }

  /**
   * Lets people be sent back to an application, by its origin. The first of all hears of
   * back-channel logouts.
   */
  serve(publicUrl: string): void {
    if (!this.#applications.includes(publicUrl)) this.#applications.push(publicUrl);
  }

  /** The metadata of a client, in RFC 7591's terms. */
  find(id: string): Payload | undefined {
    const authentication = clientAuthentications.find((name) => this.idOf(name) === id);
    if (!authentication) return undefined;
    const [first] = this.#applications;
    const signs = authentication === "private_key_jwt";
    return {
      client_id: id,
      client_name: "The small application",
      ...(authentication === "basic" || authentication === "post"
        ? { client_secret: this.secret }
        : {}),
      ...(signs
        ? {
            jwks: { keys: [named(this.key.publicKey)] },
            token_endpoint_auth_signing_alg: "ES256",
          }
        : {}),
      token_endpoint_auth_method: methods[authentication],
      // The library requires one: until an application is named, users cannot be redirected
      // anywhere.
      redirect_uris: first
        ? this.#applications.map((url) => `${url}${this.paths.callback}`)
        : ["http://127.0.0.1/nowhere"],
      post_logout_redirect_uris: this.#applications.flatMap((url) =>
        this.paths.home.map((path) => url + path),
      ),
      ...(first ? { backchannel_logout_uri: `${first}${loginPath}/backchannel-logout` } : {}),
      backchannel_logout_session_required: true,
      grant_types: ["authorization_code", "refresh_token", passwordGrant],
      response_types: ["code"],
      require_auth_time: true,
    };
  }
}
