/**
 * The parts of oidc-provider that the development provider uses; the package brings no types of its
 * own.
 */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  type Fields = Record<string, unknown>;

  export interface Adapter {
    upsert(id: string, payload: Fields): Promise<void>;
    find(id: string): Promise<Fields | undefined>;
    findByUid(uid: string): Promise<Fields | undefined>;
    findByUserCode(userCode: string): Promise<Fields | undefined>;
    destroy(id: string): Promise<void>;
    consume(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }
  export interface Client {
    clientId: string;
    metadata(): Fields;
    /** Rejects unless the application answers with 200 or 204. */
    backchannelLogout(accountId: string, sid: string): Promise<void>;
  }
  export interface Account {
    accountId: string;
    claims(): Fields;
  }
  export interface Context {
    oidc: {
      /** Name of the endpoint. */
      route: string;
      provider: Provider;
      client: Client;
      account?: Account;
      params: Record<string, string | undefined>;
    };
    type: string;
    body: unknown;
  }
  export interface ResourceServerInfo {
    scope: string;
    audience: string;
    accessTokenTTL: number;
    accessTokenFormat: "jwt";
    jwt: { sign: { alg: string; kid: string } };
  }
  export interface ResourceServer {
    identifier(): string;
  }
  export interface AccessToken {
    accountId?: string;
    readonly expiration: number;
    save(): Promise<string>;
  }
  export interface RefreshToken {
    save(): Promise<string>;
  }
  export interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }
  export interface IdToken {
    scope: string;
    set(key: string, value: unknown): void;
    issue(options: { use: "idtoken" }): Promise<string>;
  }
  export interface Interaction {
    uid: string;
    params: Record<string, string | undefined>;
  }
  export class Provider {
    constructor(issuer: string, configuration: Fields);
    /** Whether X-Forwarded-Proto and -Host are believed. */
    proxy: boolean;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    on(event: "server_error", listener: (context: Context, error: Error) => void): void;
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void;
    registerGrantType(
      name: string,
      handler: (context: Context) => Promise<void>,
      parameters: string[],
    ): void;
    /** Rejects when the request belongs to no interaction. */
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Fields,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<void>;
    Client: { find(id: string): Promise<Client | undefined> };
    AccessToken: new (fields: Fields) => AccessToken;
    RefreshToken: new (fields: Fields) => RefreshToken;
    Grant: new (fields: Fields) => Grant;
    IdToken: new (claims: Fields, options: { ctx: Context }) => IdToken;
    ResourceServer: new (identifier: string, info: ResourceServerInfo) => ResourceServer;
  }
  export const errors: { InvalidGrant: new (description: string) => Error };
}
