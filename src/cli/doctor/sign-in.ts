/** Follows sign-in as far as possible without a person: to the provider's page. */
import { DEFAULTS } from "../defaults.ts";
import { mapOf, textOf, textsOf } from "../middleware/block.ts";
import { reasonOf } from "../failure.ts";
import { comesBackElsewhere } from "./addresses.ts";
import type { Answer } from "./ask.ts";
import { redeemsNothing } from "./callback.ts";
import {
  AS_PERSON,
  AS_SCRIPT,
  type Check,
  type Target,
  seen,
  signsIn,
  type Finding,
} from "./target.ts";

export const followsSignIn: Check = async (target) => {
  const { path, ask } = target;
  const login = loginPath(target);
  if (login === null) return [];
  const page = await ask({ path, headers: AS_PERSON });
  const location = String(page.headers.location ?? "");
  const found: Finding[] = [];
  if (!(page.status === 302 && new URL(location, target.url).pathname === `${login}/login`)) {
    found.push({
      code: "login_not_offered",
      evidence: `${seen(`GET ${path} from the address bar`, page)}${location ? `, to ${location}` : ""}`,
    });
  }
  const start = await ask({ path: `${login}/login?rd=%2F`, headers: AS_PERSON });
  const evidence = seen(`GET ${login}/login`, start);
  if (start.status === 421) {
    const known = textsOf(target.block ?? {}, "publicUrl").join(", ");
    const more = known ? `; publicUrl is ${known}` : "";
    return [{ code: "public_url_differs", evidence: evidence + more }];
  }
  if (start.status === 500) {
    // People get a page, programs the reason's public name.
    const said = await ask({ path: `${login}/login`, headers: AS_SCRIPT });
    const { code } = said;
    if (code === "login_router_missing") return [...found, { code, evidence }];
    // The client's secret is read in mode login only: the application's answer does not say it.
    if (code === "config_error")
      return [...found, { code, evidence: seen(`GET ${login}/login`, said) }];
  }
  if (start.status === 502 || start.status === 503 || start.status === 504)
    return [...found, { code: "provider_not_reached", evidence }];
  const destination = String(start.headers.location ?? "");
  if (start.status !== 302 || !/[?&]response_type=code(&|$)/.test(destination)) {
    return [...found, { code: "login_failed", evidence }];
  }
  const url = new URL(destination);
  const elsewhere = await comesBackElsewhere(url, target);
  const refused = await refusedByProvider(destination, target);
  return [
    ...[...found, ...elsewhere, ...flags(start, target), ...refused],
    // Where people do not get so far, there is no more to be seen.
    ...(elsewhere.length + refused.length > 0 ? [] : await redeemsNothing(start, url, target)),
  ];
};

/**
 * The beginning of the plugin's own paths, from the block or from the refusal of a program's
 * request.
 */
function loginPath(target: Target): string | null {
  if (signsIn(target))
    return textOf(mapOf(target.block!, "login"), "path") ?? DEFAULTS["login.path"];
  const { loginUrl } = target.learned;
  return loginUrl === null ? null : new URL(loginUrl).pathname.replace(/\/login$/, "");
}

/** Attributes of the transaction's cookie; the session's have the same. */
function flags({ headers }: Answer, { url }: Target): Finding[] {
  const isTls = url.startsWith("https:");
  return (headers["set-cookie"] ?? []).flatMap((line) => {
    const name = line.split("=")[0]!;
    const missing = [
      ...(/;\s*HttpOnly/i.test(line) ? [] : ["HttpOnly"]),
      ...(/;\s*SameSite=/i.test(line) ? [] : ["SameSite"]),
      ...(isTls && !/;\s*Secure/i.test(line) ? ["Secure"] : []),
    ];
    return missing.length > 0
      ? [
          {
            code: "cookie_flags" as const,
            evidence: `${name} is set without ${missing.join(", ")}`,
          },
        ]
      : [];
  });
}

/**
 * RFC 6749 §4.1.2.1: with an unknown redirect URI the provider shows a page and redirects to no
 * address.
 */
async function refusedByProvider(destination: string, { ask }: Target): Promise<Finding[]> {
  const url = new URL(destination);
  const redirect = url.searchParams.get("redirect_uri") ?? "";
  try {
    const answer = await ask({ path: url.pathname + url.search, headers: AS_PERSON }, url.origin);
    const isRefused = answer.status >= 400 && /redirect[ _]?uri/i.test(answer.body);
    if (isRefused)
      return [
        {
          code: "redirect_uri_refused",
          evidence: `${url.origin} answers ${answer.status} for redirect_uri=${redirect}`,
        },
      ];
    if (answer.status >= 400 && /client/i.test(answer.body)) {
      const evidence = `${url.origin} answers ${answer.status} for client_id=${url.searchParams.get("client_id") ?? ""}`;
      return [{ code: "client_unknown", evidence }];
    }
    if (answer.status >= 400)
      return [
        { code: "login_failed", evidence: `${url.origin}${url.pathname} answers ${answer.status}` },
      ];
    return [];
  } catch (error) {
    return [{ code: "login_failed", evidence: `${url.origin}: ${reasonOf(error)}` }];
  }
}
