/**
 * The userinfo endpoint (OpenID Connect Core §5.3) for JWT access tokens: oidc-provider's own
 * refuses every token that has an audience, and the others are opaque.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { claimsOf, type People } from "./users.ts";

export async function userinfo(
  issuer: string,
  keys: JSONWebKeySet,
  people: People,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1] ?? "";
  const verified = await jwtVerify(token, createLocalJWKSet(keys), { issuer, typ: "at+jwt" }).catch(
    () => null,
  );
  const user = people.find(verified?.payload.sub ?? "");
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  if (!user) {
    response.writeHead(401, { "WWW-Authenticate": 'Bearer error="invalid_token"' });
    response.end('{"error":"invalid_token"}');
    return;
  }
  response.end(JSON.stringify({ sub: user.name, ...claimsOf(user) }));
}
