/** The site of docs/: its order for people, and what VitePress needs to read the pages as GitHub does. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { SECTIONS } from "./order.mjs";
import { slugger } from "./slug.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { repository } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const source = repository.url.replace(/^git\+|\.git$/g, "");

/**
 * A link to a file outside docs/ leads to the repository, because the site has only docs/. A folder's README.md is its
 * index here.
 */
function links(md) {
  md.core.ruler.after("inline", "links", ({ tokens, env }) => {
    const depth = env.relativePath.split("/").length - 1;
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        const href = token.type === "link_open" ? token.attrGet("href") : null;
        if (href?.startsWith("../".repeat(depth + 1))) {
          token.attrSet("href", `${source}/blob/main/${href.replace(/^(\.\.\/)+/, "")}`);
        } else if (href && !/^[a-z]+:/i.test(href)) {
          token.attrSet("href", href.replace(/(^|\/)README\.md(?=#|$)/, "$1index.md"));
        }
      }
    }
  });
}

/** A diagram is drawn in the browser, in the colours of the moment; without scripts its text is shown. */
function diagrams(md) {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    if (info.trim() !== "mermaid") return fence(tokens, index, ...rest);
    return `<pre class="diagram" v-pre>${md.utils.escapeHtml(content)}</pre>\n`;
  };
}

/** Vue takes braces in text for an expression; here they are text. */
function plainBraces(md) {
  const { text } = md.renderer.rules;
  const escape = (html) => html.replaceAll("{{", "&#123;&#123;");
  md.renderer.rules.text = (...args) => escape(text(...args));
}

export default defineConfig({
  title: "Rolegate",
  description: "OpenID Connect sign-in and roles inside Traefik, without a sidecar",
  lang: "en",
  // No icon: without this line browsers ask for one and log an error.
  head: [["link", { rel: "icon", href: "data:," }]],
  srcDir: "pages",
  outDir: "../build/site",
  cacheDir: "../build/site-cache",
  // Where the site is served below a path: GitHub Pages sets it.
  base: process.env.SITE_BASE ?? "/",
  cleanUrls: false,
  rewrites: {
    "providers/README.md": "providers/index.md",
    "contributing/decisions/README.md": "contributing/decisions/index.md",
  },
  // A link to a page or a section that is not there fails the build.
  ignoreDeadLinks: false,
  markdown: {
    anchor: { slugify: slugger },
    config(md) {
      links(md);
      diagrams(md);
      plainBraces(md);
    },
  },
  vite: {
    build: { chunkSizeWarningLimit: 3000 },
    // pages/ is a link to docs/, so that its pages find Vue in this folder.
    resolve: { preserveSymlinks: true },
  },
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Five minutes", link: "/five-minutes" },
      { text: "Troubleshooting", link: "/troubleshooting" },
      { text: "Configuration", link: "/configuration" },
    ],
    sidebar: SECTIONS.map(({ text, pages }) => ({
      text,
      items: pages.map(([link, title]) => ({ text: title, link: `/${link}` })),
    })),
    socialLinks: [{ icon: "github", link: source }],
    outline: [2, 3],
  },
});
