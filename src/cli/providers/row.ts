/** The needs of a provider's configuration, besides the questions for all providers. */

export type Tree = Record<string, unknown>;

export interface ProviderRow {
  /** As its people write it. */
  title: string;
  /** The form of its issuers, to recognise one. */
  looksLike: RegExp;
  /** An issuer, as its page has it. */
  issuer: string;
  /** There is no other issuer, so it is not asked for. */
  isOnlyIssuer?: true;
  /**
   * A client's id, as its page has it; null: tokens are for an audience, and no client is there.
   */
  clientId: string | null;
  /** Users cannot sign in by a redirect. */
  bearerOnly?: true;
  /** The `aud` of programs' tokens, where that is not the client's id. */
  audience?: string;
  /** An audience that only the person knows, as the page has it. */
  exampleAudience?: string;
  /**
   * Merged into the block. Texts may hold what was answered: `<issuer>`, `<clientId>`,
   * `<audience>`, `<publicUrl>`, `<claimUrl>` (the same as a part of a claim's path), and
   * `<project>`, the last part of the issuer.
   */
  block: Tree;
  /** The provider's names of the roles of preset `admin`. */
  roles?: { viewer: string[]; owner: string[] };
  /** In place of preset `admin`. */
  policy?: Tree;
  /** The claim that names the user to the application. */
  user: string;
  /**
   * Metadata by which its endpoints are found without asking it, where they are not all of the
   * issuer's origin.
   */
  metadata?: Record<string, string>;
  /** Where its endpoints are only it can say. */
  needsMetadata?: true;
  /** True if its end-session endpoint is not OpenID Connect's. */
  hasOtherLogout?: true;
  /**
   * Everyone with an account there has a token for this client, so a rule for all authenticated
   * callers means everyone.
   */
  everybody?: string;
}

export const rows = <T extends Record<string, ProviderRow>>(
  table: T,
): Record<keyof T, ProviderRow> => table;

/** Scopes that most providers want asked for, for a refresh token. */
export const OFFLINE = ["openid", "profile", "email", "offline_access"];

export interface Filling {
  issuer: string;
  clientId: string | null;
  audience: string | null;
  publicUrl: string;
}

/** A row's texts with what was answered in them. */
export function filled<T>(value: T, answers: Filling): T {
  const texts: Record<string, string> = {
    ...{ issuer: answers.issuer, clientId: answers.clientId ?? "" },
    ...{ audience: answers.audience ?? "", publicUrl: answers.publicUrl },
    claimUrl: answers.publicUrl.replaceAll(".", "\\."),
    project: answers.issuer.replace(/\/$/, "").split("/").at(-1)!,
  };
  const fill = (it: unknown): unknown => {
    if (typeof it === "string")
      return it.replace(/<(\w+)>/g, (whole, name: string) => texts[name] ?? whole);
    if (Array.isArray(it)) return it.map(fill);
    if (it === null || typeof it !== "object") return it;
    return Object.fromEntries(Object.entries(it).map(([key, member]) => [key, fill(member)]));
  };
  return fill(value) as T;
}
