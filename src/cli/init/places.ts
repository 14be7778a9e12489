/**
 * Where the provider's endpoints are. A router leads to one origin, so those of others need routers
 * of their own.
 */
import type { Metadata } from "../keys/discovery.ts";

/** What is known of the metadata; without it, all is at the issuer's origin. */
export type KnownMetadata = Partial<Metadata> | null;

/** Options of `login`. */
export interface Elsewhere {
  service?: string;
  endpointOrigins?: Record<string, string>;
  endpoints?: Record<string, string>;
}

export interface Places {
  /** For all middlewares of the block. */
  login: Elsewhere;
  /** `login.service` of the middleware of mode keys, where that is another. */
  keysService: string | null;
  /** Where the login router leads, and the router of mode keys. */
  loginOrigin: string;
  keysOrigin: string;
}

/** The provider's own service, as the plugin calls it. */
const PROVIDER = "provider";
const OPTIONS = {
  authorization: "authorization_endpoint",
  token: "token_endpoint",
  userinfo: "userinfo_endpoint",
  endSession: "end_session_endpoint",
  jwks: "jwks_uri",
} as const;

export function placesOf(
  issuer: string,
  metadata: KnownMetadata,
  { signIn, userinfo }: { signIn: boolean; userinfo: boolean },
): Places {
  const own = new URL(issuer).origin;
  const originOf = (member: string) => {
    const url = metadata?.[member];
    return typeof url === "string" ? new URL(url).origin : own;
  };
  const loginOrigin = signIn ? originOf(OPTIONS.token) : own;
  const keysOrigin = originOf(OPTIONS.jwks);
  const services = new Map([[own, PROVIDER]]);
  if (!services.has(loginOrigin)) services.set(loginOrigin, "token");
  if (!services.has(keysOrigin)) services.set(keysOrigin, "keys");
  const loginService = services.get(loginOrigin)!;
  const keysService = services.get(keysOrigin)!;
  services.delete(own);
  if (services.size === 0) return { login: {}, keysService: null, loginOrigin, keysOrigin };

  // What discovery says is out of reach of a router that leads elsewhere: the block says it.
  const isSaid: Record<keyof typeof OPTIONS, boolean> = {
    ...{ authorization: loginOrigin !== own, token: loginOrigin !== own },
    userinfo: loginOrigin !== own && userinfo,
    ...{ endSession: loginOrigin !== own, jwks: true },
  };
  const endpoints = Object.entries(OPTIONS).flatMap(([option, member]) => {
    const url = metadata![member];
    return isSaid[option as keyof typeof OPTIONS] && typeof url === "string"
      ? [[option, url] as const]
      : [];
  });
  return {
    login: {
      ...(loginService === PROVIDER ? {} : { service: loginService }),
      endpointOrigins: Object.fromEntries([...services].map(([origin, name]) => [name, origin])),
      endpoints: Object.fromEntries(endpoints),
    },
    keysService: keysService === loginService ? null : keysService,
    loginOrigin,
    keysOrigin,
  };
}
