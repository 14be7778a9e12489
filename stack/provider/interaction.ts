/**
 * Where people are asked who they are: the development provider's sign-in page and what is sent
 * from it.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Provider } from "oidc-provider";
import { page, signInPage } from "./page.ts";
import type { People } from "./users.ts";

const base = "/interaction/";

export const interactionPath = (uid: string) => `${base}${uid}`;
export const isInteraction = (url: string) => url.startsWith(base);

function answer(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    // No form-action: browsers hold it against the redirects after the form, which leave this
    // origin.
    "Content-Security-Policy":
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(html);
}

/** Answers a request for which `isInteraction` holds. `path`: what browsers have before it. */
export async function interact(
  provider: Provider,
  people: People,
  request: IncomingMessage,
  response: ServerResponse,
  path = "",
): Promise<void> {
  const details = await provider.interactionDetails(request, response).catch(() => null);
  if (!details) {
    const words =
      "<p>It was finished or is too old. Go back to the application and start again.</p>";
    return answer(response, 400, page("This sign-in is over", words));
  }
  if (request.method !== "POST") {
    const { client_name: name } = (await provider.Client.find(
      details.params.client_id!,
    ))!.metadata();
    return answer(
      response,
      200,
      signInPage(path + interactionPath(details.uid), String(name), people.all()),
    );
  }
  const form = new URLSearchParams(await text(request));
  const user = people.find(form.get("user") ?? "");
  const result = user
    ? { login: { accountId: user.name, amr: ["pwd"] } }
    : { error: "access_denied", error_description: "the person went back" };
  await provider.interactionFinished(request, response, result, {
    mergeWithLastSubmission: false,
  });
}
