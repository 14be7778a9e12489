/** The facts that a set-up needs, each with its check. */
import { CliError } from "../failure.ts";
import { mustBeSafe } from "../keys/discovery.ts";
import type { ProviderName } from "../providers/table.ts";
import type { KnownMetadata } from "./places.ts";

export const TARGETS = ["file", "docker", "kubernetes", "helm"] as const;
export type Target = (typeof TARGETS)[number];

/** Where Traefik gets the plugin. `helm` is its chart, with the plugin in a ConfigMap. */
const INSTALLS = ["local", "catalogue", "helm"] as const;
export type Install = (typeof INSTALLS)[number];

export const PRESETS = ["signed-in", "admin", "read-write", "prefect"] as const;
export type Preset = (typeof PRESETS)[number];

/** An engine that several Traefiks share in place of a folder. */
export interface Store {
  kind: "etcd" | "consul";
  /** Scheme, host and port, as Traefik reaches it. */
  origin: string;
  /** Null: the engine asks for no credentials. */
  user: string | null;
}

export interface Answers {
  target: Target;
  install: Exclude<Install, "helm">;
  /** Null: none that is known. */
  provider: ProviderName | null;
  issuer: string;
  /** Null: tokens are for an audience, and no client is there. */
  clientId: string | null;
  /** The `aud` of programs' tokens, where that is not the client's id. */
  audience: string | null;
  /** As far as it is known: asked, or by the provider's row. */
  metadata: KnownMetadata;
  /** The origin that browsers see. */
  publicUrl: string;
  /** The application's address, as Traefik reaches it. */
  service: string;
  preset: Preset;
  /** False: bearer tokens only. */
  signIn: boolean;
  /** False for a public client. */
  clientSecret: boolean;
  /** Port of the entry point on the loopback address that fetches keys. */
  keysPort: number;
  /** How many Traefiks there are. */
  replicas: number;
  /** Null for one Traefik, or for a folder. */
  store: Store | null;
}

/** Each check refuses an impossible value and names what is expected. */
export const CHECKS = {
  issuer(text: string): string {
    mustBeSafe(text);
    return text;
  },
  clientId(text: string): string {
    if (text.trim() !== "" && !/^<.*>$/.test(text)) return text;
    throw new CliError(
      "client_invalid",
      "the client needs an id",
      "the provider shows it beside the application's name",
    );
  },
  audience(text: string): string {
    if (text.trim() !== "") return text;
    throw new CliError("audience_invalid", "the audience is empty", "it is in `aud` of a token");
  },
  publicUrl(text: string): string {
    mustBeSafe(text);
    const { origin, pathname, search, hash } = new URL(text);
    if (pathname === "/" && search === "" && hash === "") return origin;
    throw new CliError("url_invalid", `${text} has a path`, `give the origin alone: ${origin}`);
  },
  service(text: string): string {
    let url: URL | null = null;
    try {
      url = new URL(text);
    } catch {
      // Said below.
    }
    if (url && /^(https?|h2c):$/.test(url.protocol)) return text.replace(/\/$/, "");
    throw new CliError(
      "url_invalid",
      `${text} is no address of a service`,
      "give http://host:port, as Traefik reaches it",
    );
  },
} as const;

export const hostOf = ({ publicUrl }: Answers) => new URL(publicUrl).hostname;
export const isTls = ({ publicUrl }: Answers) => publicUrl.startsWith("https:");

/** The facts about the application that the provider needs. */
interface Addresses {
  redirect: string;
  signedOut: string;
  backchannel: string;
}

export const addressesOf = ({ publicUrl }: Answers): Addresses => ({
  redirect: `${publicUrl}/oidc/callback`,
  signedOut: `${publicUrl}/`,
  backchannel: `${publicUrl}/oidc/backchannel-logout`,
});
