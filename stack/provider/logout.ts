/**
 * Sign-out at the development provider: requested by the application (OpenID Connect RP-Initiated
 * Logout), or started here, with a message to the applications (Back-Channel Logout).
 */
import type { Context, Provider } from "oidc-provider";
import { escape, page } from "./page.ts";
import type { Storage } from "./storage.ts";

/**
 * The question whether to sign out. The library's form brings the address and the token against
 * forgery.
 */
export async function showLogout(context: Context, form: string): Promise<void> {
  const fields = form.replace("</form>", "");
  context.type = "html";
  context.body = page(
    "Sign out",
    `<p>The application would like to sign you out here as well.</p>
${fields}
<ul>
<li><button name="logout" value="yes" autofocus>Sign out</button></li>
<li><button>Stay signed in here</button></li>
</ul>
</form>`,
  );
}

export async function showSignedOut(context: Context): Promise<void> {
  context.type = "html";
  context.body = page("Signed out", "<p>You are signed out.</p>");
}

/** What cannot be told to the application, because its address is in doubt. */
export async function showError(context: Context, error: Record<string, string>): Promise<void> {
  const { error: code = "", error_description: description = "" } = error;
  context.type = "html";
  context.body = page("That did not work", `<p>${escape(`${code}: ${description}`)}</p>`);
}

interface Session {
  accountId?: string;
  authorizations?: Record<string, { sid: string }>;
}

/** What came of telling one application. */
export interface Told {
  clientId: string;
  sid: string;
  /** Null: it answered with 200 or 204. */
  error: string | null;
}

/** For which application a user is signed in, and under which `sid`, oldest first. */
export function sessionsOf(storage: Storage, user: string): { clientId: string; sid: string }[] {
  return storage.all("Session").flatMap(([, payload]) => {
    const { accountId, authorizations = {} } = payload as Session;
    if (accountId !== user) return [];
    return Object.entries(authorizations).map(([clientId, { sid }]) => ({ clientId, sid }));
  });
}

/** Ends all sessions of a user without a message to the applications. */
export function forgetSessions(storage: Storage, user: string): [id: string, session: Session][] {
  const own = storage.all("Session").filter(([, { accountId }]) => accountId === user);
  for (const [id] of own) storage.remove("Session", id);
  return own as [string, Session][];
}

/**
 * Ends all sessions of a user, as an administrator would, and tells each application that they were
 * used for.
 */
export async function endSessions(
  provider: Provider,
  storage: Storage,
  user: string,
): Promise<Told[]> {
  const told: Told[] = [];
  for (const [, { authorizations = {} }] of forgetSessions(storage, user)) {
    for (const [clientId, { sid }] of Object.entries(authorizations)) {
      const client = await provider.Client.find(clientId);
      const error = await client!.backchannelLogout(user, sid).then(
        () => null,
        (reason: Error) => reason.message,
      );
      told.push({ clientId, sid, error });
    }
  }
  return told;
}
