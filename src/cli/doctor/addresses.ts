/**
 * Compares the address that people come back to with the one that doctor was asked about, and
 * looks at what answers there.
 */
import { reasonOf } from "../failure.ts";
import { hasNoRouter, type Finding, type Target } from "./target.ts";

/** By the redirect URI that the plugin makes of `publicUrl`: scheme, host and port. */
export async function comesBackElsewhere(
  destination: URL,
  { url, ask }: Target,
): Promise<Finding[]> {
  const redirect = destination.searchParams.get("redirect_uri") ?? "";
  if (!URL.canParse(redirect)) return [];
  const { origin, pathname } = new URL(redirect);
  if (origin === url) return [];
  const there = await ask({ path: pathname }, origin).then(
    (answer) => `answers ${answer.status}${hasNoRouter(answer) ? ", no router of Traefik's" : ""}`,
    (error: unknown) => `does not answer: ${reasonOf(error)}`,
  );
  const evidence = `doctor was asked about ${url}, and sign-in comes back to ${origin}, which ${there}`;
  return [{ code: "public_url_differs", evidence }];
}
