/** Somebody who has got hold of a key of the realm's: tokens of which just one thing is wrong. */
import { createHmac } from "node:crypto";
import { decodeJwt, type JSONWebKeySet } from "jose";
import { testKey, type TestKey } from "../support/keys.ts";
import { type Claims, raw, seconds, signed, signer } from "../support/tokens.ts";
import type { Setting } from "./setting.ts";

/** A key that the realm does not have. */
export const stranger = testKey("prefect-stranger");

export class Forger {
  key!: TestKey;
  /** All that an owner's token says. */
  claims!: Claims;

  constructor(readonly setting: Setting) {}

  /** Keycloak publishes the key beside its own, and goes on signing with that. */
  async start(): Promise<void> {
    const key = testKey("prefect-forger");
    await this.setting.admin("POST", "/components", {
      name: "forger",
      providerId: "rsa",
      providerType: "org.keycloak.keys.KeyProvider",
      config: {
        priority: ["-100"],
        enabled: ["true"],
        active: ["true"],
        algorithm: ["RS256"],
        privateKey: [key.privateKey.export({ type: "pkcs8", format: "pem" })],
      },
    });
    const url = `${this.setting.keycloak.issuer}/protocol/openid-connect/certs`;
    const { keys } = (await (await fetch(url)).json()) as JSONWebKeySet;
    const { kid } = keys.find(({ n }) => n === key.jwk.n)!;
    this.key = { ...key, kid: kid! };
    this.claims = decodeJwt(this.setting.token("owner"));
  }

  /** Undefined takes a claim away, or a member of the header. */
  sign(changes: Claims = {}, header: Claims = {}, key = this.key): Promise<string> {
    const fresh = { iat: seconds(-5), exp: seconds(600), ...changes };
    return signed({ ...this.claims, ...fresh }, key, header);
  }

  /** A signature that is right, by a key that is not the realm's. */
  byStranger(kid: string | undefined, header: Claims = {}): Promise<string> {
    return this.sign({}, { kid, ...header }, stranger);
  }

  der(): Buffer {
    return this.key.publicKey.export({ type: "spki", format: "der" });
  }

  unsigned(): string {
    const header = { alg: "none", kid: this.key.kid, typ: "JWT" };
    return raw(header, { ...this.claims, exp: seconds(600) }, () => Buffer.alloc(0));
  }

  /** With an extension that whoever reads it must know, RFC 7515 §4.1.11. */
  critical(): string {
    const header = { alg: "RS256", kid: this.key.kid, crit: ["vip"], vip: true };
    return raw(header, { ...this.claims, exp: seconds(600) }, signer(this.key));
  }

  /** HMAC with what everybody may know of the realm's key. */
  hmac(secret: string | Buffer): string {
    const header = { alg: "HS256", kid: this.key.kid, typ: "JWT" };
    const payload = { ...this.claims, exp: seconds(600) };
    return raw(header, payload, (input) => createHmac("sha256", secret).update(input).digest());
  }
}
