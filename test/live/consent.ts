/** What Hydra leaves to its operator: pages for login, consent and logout, which here say yes at once. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Undo } from "../../stack/machine/undo.ts";
import { loopback } from "../../stack/machine/ports.ts";

interface Requested {
  requested_scope: string[];
  requested_access_token_audience: string[];
}

/** Gives its address. `admin`: of Hydra's own API; `claims`: of the person, in both tokens. */
export async function startConsent(
  admin: () => string,
  subject: string,
  claims: object,
  undo: Undo,
): Promise<string> {
  const call = async (kind: string, challenge: string, body?: object) => {
    const query = `${kind}_challenge=${encodeURIComponent(challenge)}`;
    const url = `${admin()}/admin/oauth2/auth/requests/${kind}${body ? "/accept" : ""}?${query}`;
    const init = body ? { method: "PUT", body: JSON.stringify(body) } : {};
    return (await (await fetch(url, init)).json()) as Requested & { redirect_to: string };
  };
  const accept = async (kind: string, challenge: string) => {
    if (kind !== "consent") {
      const body = kind === "login" ? { subject, remember: true } : {};
      return call(kind, challenge, body);
    }
    const asked = await call(kind, challenge);
    return call(kind, challenge, {
      grant_scope: asked.requested_scope,
      grant_access_token_audience: asked.requested_access_token_audience,
      session: { id_token: claims, access_token: claims },
    });
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://consent");
    const kind = url.pathname.slice(1);
    void accept(kind, url.searchParams.get(`${kind}_challenge`)!).then(({ redirect_to }) => {
      response.writeHead(302, { Location: redirect_to }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  undo.add(() => void server.close());
  return `http://${loopback}:${(server.address() as AddressInfo).port}`;
}
