/**
 * The small application's one page for people: who Traefik says they are, and what there is to try.
 */
import { escape, page } from "../provider/page.ts";
import type { Received } from "./received.ts";

const links = [
  { path: "/api/anything", for: "viewers" },
  { path: "/api/runs", for: "runners" },
  { path: "/admin", for: "owners" },
];

export const isHome = ({ method, url, headers }: Received) =>
  method === "GET" &&
  url.split("?")[0] === "/" &&
  headers.some(([name, value]) => name.toLowerCase() === "accept" && value.includes("text/html"));

export function homePage({ headers }: Received): string {
  const value = (wanted: string) =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? "";
  const user = value("x-forwarded-user");
  const groups = value("x-forwarded-groups").split(",").join(", ");
  const items = links.map(
    ({ path, for: whom }) => `<li><a href="${path}"><code>${path}</code></a> is for ${whom}</li>`,
  );
  return page(
    user ? `Hello, ${user}` : "Hello",
    `<p>${user ? `Traefik says so, and that you are: ${escape(groups) || "nothing special"}.` : "Traefik does not say who you are."}</p>
<ul>
${items.join("\n")}
<li><a href="/oidc/session">Who is signed in</a>, as Rolegate knows it</li>
<li><a href="/oidc/logout">Sign out</a></li>
</ul>`,
    "The small application behind Traefik. It has no sign-in of its own.",
  );
}
