/**
 * Prefect's pages, as a browser gets them: their files, the settings with the API's address, and
 * the targets of redirects.
 */
import { AS_PERSON, AS_SCRIPT, bearer, type Target, seen, type Finding } from "../target.ts";

interface Settings {
  api_url?: unknown;
  csrf_enabled?: unknown;
  auth?: unknown;
}

/** `hasPassword`: the API's refusal has been seen already. */
export async function looksAtPages(
  target: Target,
  token: string,
  hasPassword: boolean,
): Promise<Finding[]> {
  const { ask, base } = target;
  const own = bearer(target, token);
  const path = `${base}/ui-settings`;
  const answer = await ask({ path, headers: { ...AS_SCRIPT, ...own } });
  // A role without pages, or an invalid token.
  if (answer.code !== null) return [];
  const settings = parsed(answer.body);
  if (answer.status !== 200 || settings === null)
    return [{ code: "prefect_ui_base", evidence: `${seen(`GET ${path}`, answer)}, no settings` }];
  return [
    ...(await files(target, own)),
    ...(await redirects(target, own)),
    ...(await apiAddress(target, String(settings.api_url ?? target.apiBase))),
    ...(settings.csrf_enabled === true
      ? [{ code: "prefect_csrf" as const, evidence: `${path} says csrf_enabled` }]
      : []),
    ...(settings.auth === "BASIC" && !hasPassword
      ? [{ code: "prefect_second_lock" as const, evidence: `${path} says auth: BASIC` }]
      : []),
  ];
}

function parsed(body: string): Settings | null {
  try {
    const value = JSON.parse(body) as unknown;
    return value !== null && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** The first page's first script: with a wrong base it is 404, or the page again. */
async function files(target: Target, own: Record<string, string>): Promise<Finding[]> {
  const { ask, base, url } = target;
  let at = new URL(`${base}/`, url);
  const headers = { ...AS_PERSON, ...own, Cookie: "prefect_ui_version=v2" };
  for (let hop = 0; hop < 3; hop++) {
    const page = await ask({ path: at.pathname + at.search, headers });
    if (page.code !== null) return [];
    if (page.status >= 300 && page.status < 400) {
      const to = new URL(String(page.headers.location ?? ""), at);
      if (to.origin !== url) return elsewhere(`GET ${at.pathname}`, to, url);
      at = to;
      continue;
    }
    const script = /<script[^>]*\ssrc="([^"]+)"/.exec(page.body)?.[1];
    if (page.status !== 200 || script === undefined)
      return [
        {
          code: "prefect_ui_base",
          evidence: `${seen(`GET ${at.pathname}`, page)}, no page of its`,
        },
      ];
    const file = new URL(script, at);
    if (file.origin !== url) return [];
    const answer = await ask({ path: file.pathname, headers: { Accept: "*/*", ...own } });
    const isScript = /javascript/.test(String(answer.headers["content-type"]));
    const evidence = `the page at ${at.pathname} has a script ${seen(file.pathname, answer)}`;
    return answer.status === 200 && isScript ? [] : [{ code: "prefect_ui_base", evidence }];
  }
  return [{ code: "prefect_ui_base", evidence: `GET ${base}/ is redirected again and again` }];
}

/**
 * An additional slash is redirected to an absolute address, which the server makes from Host and
 * X-Forwarded-Proto.
 */
async function redirects(target: Target, own: Record<string, string>): Promise<Finding[]> {
  const { ask, base, url } = target;
  const path = `${base}/ui-settings/`;
  const { headers } = await ask({ path, headers: { ...AS_SCRIPT, ...own } });
  const to = String(headers.location ?? "");
  return /^https?:/.test(to) ? elsewhere(`GET ${path}`, new URL(to), url) : [];
}

function elsewhere(what: string, to: URL, url: string): Finding[] {
  if (to.origin === url) return [];
  const code = to.host === new URL(url).host ? "prefect_scheme" : "prefect_host";
  return [{ code, evidence: `${what} is sent to ${to.href}` }];
}

/** Pages call this address. Session cookies are sent only to the pages' own origin. */
async function apiAddress(target: Target, api: string): Promise<Finding[]> {
  const { ask, base, url, apiBase } = target;
  if (!URL.canParse(api, `${url}${base}/`))
    return [{ code: "prefect_ui_url", evidence: `/ui-settings names ${api}` }];
  const at = new URL(api, `${url}${base}/`);
  if (at.origin === url) {
    return at.pathname.replace(/\/$/, "") === apiBase
      ? []
      : [{ code: "prefect_ui_url", evidence: `/ui-settings names ${api}, and not ${apiBase}` }];
  }
  const preflight = {
    Origin: url,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
  };
  const path = at.pathname.replace(/\/$/, "");
  try {
    const version = await ask({ path: `${path}/admin/version`, headers: AS_SCRIPT }, at.origin);
    if (version.code !== null) {
      const { status, headers } = await ask(
        { path: `${path}/flows/filter`, method: "OPTIONS", headers: preflight },
        at.origin,
      );
      const allowed = headers["access-control-allow-origin"];
      const cors = allowed
        ? `with Access-Control-Allow-Origin: ${allowed}`
        : "without CORS headers";
      const evidence = `/ui-settings names ${api}, which answers a preflight of ${url} with ${status} ${cors}`;
      return [{ code: "prefect_two_hosts", evidence }];
    }
  } catch {
    target.context.signal.throwIfAborted();
    // It cannot be reached from here, and probably not from elsewhere.
  }
  return [{ code: "prefect_ui_url", evidence: `/ui-settings names ${api}` }];
}
