/**
 * Pages for development, the provider's and the application's: plain HTML, light and dark, usable
 * by keyboard and without a script.
 */
import type { User } from "./users.ts";

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escape = (text: string) => text.replace(/[&<>"']/g, (char) => entities[char]!);

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { background: Canvas; color: CanvasText; margin: 0; display: grid; place-items: center; min-height: 100vh }
main { width: min(22rem, 100vw - 3rem); padding: 1.5rem 0 }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .5rem }
ul { list-style: none; margin: 1.5rem 0; padding: 0; display: grid; gap: .5rem }
button { font: inherit; width: 100%; padding: .75rem 1rem; text-align: start; cursor: pointer;
  border: 1px solid GrayText; border-radius: .5rem; background: Canvas; color: CanvasText }
button:hover { border-color: LinkText }
button:focus-visible { outline: 3px solid LinkText; outline-offset: 2px }
button small { display: block; color: GrayText; color: color-mix(in srgb, CanvasText 70%, Canvas) }
footer { margin-top: 1.5rem; color: color-mix(in srgb, CanvasText 70%, Canvas); font-size: .875rem }`;

const provider = "Development provider. It asks for no passwords.";

export function page(title: string, content: string, footer = provider): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${content}
<footer>${escape(footer)}</footer>
</main>
</body>
</html>
`;
}

const choice = ({ name, fullName, roles }: User) => `
<li><button name="user" value="${escape(name)}">${escape(fullName)}
<small>${escape(roles.slice(0, 5).join(", ") || "no role")}</small></button></li>`;

/** One button for each of the people: no field, so nothing can be mistyped. */
export function signInPage(action: string, application: string, people: User[]): string {
  return page(
    "Sign in",
    `<p>${escape(application)} would like to know who you are.</p>
<form method="post" action="${escape(action)}">
<ul>${people.map(choice).join("")}
</ul>
<button name="cancel" value="1">Back without signing in</button>
</form>`,
  );
}
