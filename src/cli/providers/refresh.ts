/** How a provider is asked for a refresh token, as its row has it. */
import { providerOfIssuer, rowOf } from "./table.ts";

export interface MissingForRefresh {
  /** As its people write it. */
  provider: string;
  /** The key of the block, and what it has to have. */
  wanted: string;
}

const OFFLINE = "offline_access";

/** Null: it is asked, or gives one always, or nothing is known of this issuer. */
export function missingForRefresh(
  issuer: string,
  scopes: readonly string[],
  parameters: Record<string, unknown>,
): MissingForRefresh | null {
  const name = providerOfIssuer(issuer);
  if (name === undefined) return null;
  const { title, block } = rowOf(name);
  const login = (block.login ?? {}) as {
    scopes?: string[];
    authorizationParams?: Record<string, string>;
  };
  if (login.scopes?.includes(OFFLINE) && !scopes.includes(OFFLINE)) {
    return { provider: title, wanted: `${OFFLINE} in login.scopes` };
  }
  const type = login.authorizationParams?.access_type;
  if (type !== undefined && parameters.access_type !== type) {
    return { provider: title, wanted: `access_type: ${type} in login.authorizationParams` };
  }
  return null;
}
