/**
 * `npm run pages:pictures`: every page in Chromium, on a phone and a desktop, light and dark, into
 * build/screenshots/pages/ for people to look at; and the pictures of docs/pages.md and of the matrix.
 * `-- LANGUAGE…` takes other languages than English.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { headers, KINDS, type Language, render, statusOf, type Values } from "../pages/render.ts";
import { root } from "../../tools/root.ts";
import { type Size, Windows } from "./window.ts";

const SIZES: Record<string, Size> = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
};
const SCHEMES = ["light", "dark"] as const;
const ALL = "build/screenshots/pages";
const DOCS = "docs/pictures";

/** As an operator would have it who has configured nothing. */
const PLAIN: Partial<Values> = {
  ...{ name: "", logo: "", colors: "", colorsHash: "", contact: "", roles: "" },
};

interface Picture {
  file: string;
  kind: string;
  language: Language;
  size: Size;
  scheme: (typeof SCHEMES)[number];
  values?: Partial<Values>;
}

const small: Size = { width: 720, height: 600 };
const forDocs: Picture[] = [
  { file: "refused", kind: "NotAllowed", language: "en", size: small, scheme: "light" },
  {
    file: "refused-plain-dark",
    kind: "NotAllowed",
    language: "en",
    size: small,
    scheme: "dark",
    values: PLAIN,
  },
  {
    file: "refused-phone-spanish",
    kind: "NotAllowed",
    language: "es",
    size: { width: 390, height: 640 },
    scheme: "light",
  },
  { file: "signed-out", kind: "SignedOut", language: "en", size: small, scheme: "light" },
].map((it) => ({ ...it, file: `${DOCS}/page-${it.file}.png` }) as Picture);

const languages = (process.argv.slice(2) as Language[]).concat(
  process.argv.length > 2 ? [] : ["en"],
);
const everyPage = languages.flatMap((language) =>
  KINDS.flatMap((kind) =>
    Object.entries(SIZES).flatMap(([name, size]) =>
      SCHEMES.map((scheme): Picture => {
        const file = `${ALL}/${kind}-${language}-${name}-${scheme}.png`;
        return { file, kind, language, size, scheme };
      }),
    ),
  ),
);

const pictures = [...forDocs, ...everyPage];
const server = createServer((request, response) => {
  const { kind, language, values } = pictures[Number(request.url!.slice(1))] ?? pictures[0]!;
  const shown = { link: "/stay", ...values };
  for (const [name, value] of headers(kind, language, shown)) response.setHeader(name, value);
  response.statusCode = statusOf(kind);
  response.end(render(kind, language, shown));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
const windows = new Windows();
for (const folder of [ALL, DOCS]) mkdirSync(folder, { recursive: true });
for (const [i, { file, scheme, size }] of pictures.entries()) {
  const page = await windows.open({ colorScheme: scheme, viewport: size });
  // MovingOn would go on.
  await page.route("**/stay", (route) => route.fulfill({ status: 204 }));
  await page.goto(`http://127.0.0.1:${port}/${i}`);
  await page.screenshot({ path: file });
  await windows.closeAll();
}
const page = await windows.open({ viewport: { width: 900, height: 560 } });
const matrix = ["matrix", "-c", "docs/dynamic.yml", "--routes", "docs/routes.txt", "-f", "html"];
await page.setContent(
  execFileSync(process.execPath, [join(root, "dist/rolegate.mjs"), ...matrix], {
    cwd: join(root, "test/cli/fixtures"),
    encoding: "utf8",
  }),
);
await page.screenshot({ path: `${DOCS}/matrix.png` });
await windows.stop();
server.closeAllConnections();
server.close();
console.log(`${pictures.length + 1} pictures in ${ALL}/ and ${DOCS}/`);
