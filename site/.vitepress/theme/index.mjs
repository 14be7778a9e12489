/** VitePress's own theme, and diagrams. */
import { onMounted, watch, nextTick } from "vue";
import { useData, useRoute } from "vitepress";
import DefaultTheme from "vitepress/theme";
import mermaidUrl from "@mermaid-js/tiny/dist/mermaid.tiny.js?url";
import "./style.css";

/** Mermaid's small build is a script that sets a global variable, and no module. */
let loading;
function mermaid() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = mermaidUrl;
    script.onload = () => resolve(globalThis.mermaid);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

/** Mermaid is large: it is loaded where a page has a diagram, and nowhere else. */
async function draw(isDark) {
  const places = [...document.querySelectorAll("pre.diagram")];
  if (places.length === 0) return;
  const { initialize, render } = await mermaid();
  initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: isDark ? "dark" : "neutral",
    fontFamily: "Inter, sans-serif",
  });
  for (const [index, place] of places.entries()) {
    place.dataset.text ??= place.textContent;
    const { svg } = await render(`diagram-${index}`, place.dataset.text);
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
