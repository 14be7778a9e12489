/** A provider's logout token, and the form that it comes in. */
import { rsa } from "../support/keys.ts";
import { type Claims, CLIENT, ISSUER, signed } from "../support/tokens.ts";
import { clock } from "./store-stage.ts";

export const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

/** As it should be. */
export const logoutToken = (changes: Claims = {}) =>
  signed(
    {
      ...{ iss: ISSUER, aud: CLIENT, sub: "8d6f3a6e-0001", sid: "sid-1" },
      ...{ iat: clock.seconds, exp: clock.seconds + 120, jti: `jti-${Math.random()}` },
      events: { "http://schemas.openid.net/event/backchannel-logout": {} },
      ...changes,
    },
    rsa,
    { typ: "logout+jwt" },
  );
