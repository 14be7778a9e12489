/** A provider in this process that answers as a profile says, each endpoint at the origin and path of its metadata. */
import type { ForwardedRequest, UpstreamResponse } from "../../src/guest/proxy.ts";
import { FakeProvider, halfHash, json } from "../support/fake-provider.ts";
import { testKey } from "../support/keys.ts";
import { type Claims, signed } from "../support/tokens.ts";
import type { Profile, Token } from "./profile.ts";

/** Long enough for `refreshEvery` to be the shorter one. */
const LIFE = 3600;

/** All providers have the same: making one takes as long as a sign-in. */
const keyOf = (number: number | "unpublished", algorithm: "RS256" | "ES256") =>
  testKey(`${algorithm} ${number} of a provider`, algorithm);

export class PlayedProvider extends FakeProvider {
  /** Of the middleware whose visits come: Traefik's service of it. */
  service = "";
  /** Changes to the ID token's claims, of one test. */
  changes: Claims = {};
  otherAccess: Token | undefined;
  otherUserinfo: Claims | undefined;
  otherAnswer: Claims = {};
  #asked = "";

  constructor(
    seconds: () => number,
    readonly profile: Profile,
    readonly issuer: string,
  ) {
    super(seconds);
    this.origin = new URL(this.#endpoint("authorization_endpoint") ?? issuer).origin;
  }

  override document(): Claims {
    return { issuer: this.issuer, ...this.profile.metadata };
  }

  /** Only what is at this origin is found: a router that leads elsewhere gets the other's 404. */
  override upstream = async (request: ForwardedRequest): Promise<UpstreamResponse> => {
    this.received.push(request);
    const url = new URL(request.target, this.service);
    const is = (name: string) => url.href === this.#endpoint(name);
    const discovery = `${this.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    if (request.method === "GET" && url.href === discovery) return json(this.document());
    if (request.method === "GET" && (is("jwks_uri") || url.href === this.profile.keysAt)) {
      return this.#keySet();
    }
    if (request.method === "POST" && is("token_endpoint")) {
      this.#asked = request.body.toString();
      return json(await this.tokens());
    }
    if (request.method === "GET" && is("userinfo_endpoint")) return json(this.#userinfo());
    return { status: 404, headers: { "Content-Type": "text/html" }, body: "not here" };
  };

  /** One token by itself, as a program has it. */
  async token(token: Token): Promise<string> {
    if (typeof token === "string") return token;
    const now = this.seconds();
    const claims = { iat: now, exp: now + LIFE, ...token.claims };
    const number = typeof token.key === "number" ? token.key : 0;
    const { kid, algorithm } = this.profile.keys[number]!;
    const key = keyOf(token.key === "unpublished" ? "unpublished" : number, algorithm);
    return signed(present(claims), key, { kid, typ: undefined, ...token.header });
  }

  get access(): Promise<string> {
    return this.token(this.#withNonce(this.otherAccess ?? this.profile.signIn!.accessToken));
  }

  async id(access: string): Promise<string> {
    const { idToken } = this.profile.signIn!;
    return this.token({
      ...idToken,
      claims: {
        ...idToken.claims,
        ...((idToken.nonce ?? true) ? { nonce: this.nonce } : {}),
        ...((idToken.hash ?? true) ? { at_hash: halfHash(access) } : {}),
        ...this.changes,
      },
    });
  }

  override async tokens(): Promise<Claims> {
    const { refresh, answer } = this.profile.signIn!;
    const isRefresh = new URLSearchParams(this.#asked).get("grant_type") === "refresh_token";
    const access = await this.access;
    const keepsId = !isRefresh || refresh.idToken;
    const giveRefresh = !isRefresh || refresh.rotates;
    return present({
      access_token: access,
      ...answer,
      ...(keepsId ? { id_token: await this.id(access) } : {}),
      ...(giveRefresh ? { refresh_token: `refresh-${++this.refreshTokens}` } : {}),
      ...this.otherAnswer,
    });
  }

  #withNonce(token: Token): Token {
    if (typeof token === "string") return token;
    return token.nonce ? { ...token, claims: { ...token.claims, nonce: this.nonce } } : token;
  }

  #endpoint(name: string): string | undefined {
    return this.profile.metadata[name] as string | undefined;
  }

  #userinfo(): Claims {
    return this.otherUserinfo ?? this.profile.signIn!.userinfo!;
  }

  #keySet(): UpstreamResponse {
    const keys = this.profile.keys.map(({ kid, algorithm, members, without = [] }, number) => {
      const { jwk } = keyOf(number, algorithm);
      const all = { ...jwk, kid, ...members } as Record<string, unknown>;
      return Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)));
    });
    const body = JSON.stringify({ keys: [...keys, ...(this.profile.otherKeys ?? [])] });
    const type = this.profile.keysType ?? "application/json";
    return { status: 200, headers: { "Content-Type": type }, body };
  }
}

/** A profile takes a member away by null. */
function present(value: Claims): Claims {
  return Object.fromEntries(
    Object.entries(value).filter(([, it]) => it !== null && it !== undefined),
  );
}
