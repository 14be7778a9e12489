/**
 * Providers by the names that `--provider` takes, which are those of their pages in docs/providers.
 */
import { HOSTED } from "./hosted.ts";
import { OWN } from "./own.ts";
import type { ProviderRow } from "./row.ts";

const PROVIDERS = { ...OWN, ...HOSTED };
export type ProviderName = keyof typeof PROVIDERS;
export const PROVIDER_NAMES = (Object.keys(PROVIDERS) as ProviderName[]).sort();

export const rowOf = (name: ProviderName): ProviderRow => PROVIDERS[name];

/** The provider that an issuer's spelling gives away. */
export function providerOfIssuer(issuer: string): ProviderName | undefined {
  return PROVIDER_NAMES.find((name) => rowOf(name).looksLike.test(issuer));
}
