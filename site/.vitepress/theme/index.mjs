/** VitePress's own theme, and diagrams. */
import { onMounted, watch, nextTick } from "vue";
import { useData, useRoute } from "vitepress";
import DefaultTheme from "vitepress/theme";
import "./style.css";

/** Mermaid is large: it is loaded where a page has a diagram, and nowhere else. */
async function draw(isDark) {
  const places = [...document.querySelectorAll("pre.diagram")];
  if (places.length === 0) return;
  const { default: mermaid } = await import("@mermaid-js/tiny");
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: isDark ? "dark" : "neutral",
    fontFamily: "inherit",
  });
  for (const [index, place] of places.entries()) {
    place.dataset.text ??= place.textContent;
    const { svg } = await mermaid.render(`diagram-${index}`, place.dataset.text);
    place.innerHTML = svg;
  }
}

export default {
  extends: DefaultTheme,
  setup() {
    const { isDark } = useData();
    const route = useRoute();
    const redraw = () => nextTick(() => draw(isDark.value));
    onMounted(redraw);
    watch([isDark, () => route.path], redraw);
  },
};
