/** The middlewares for Traefik that are recognised. In this order: the first that recognises a block reads it. */
import { jwtMiddleware } from "./jwt-middleware.ts";
import type { OldPlugin } from "./old-plugin.ts";
import { traefikHub } from "./traefik-hub.ts";
import { traefikOidcAuth } from "./traefik-oidc-auth.ts";
import { traefikOidc } from "./traefikoidc.ts";

export const OLD_PLUGINS: OldPlugin[] = [traefikOidcAuth, traefikOidc, traefikHub, jwtMiddleware];
