/**
 * `node bench/chart/draw.mjs FOLDER < panels.json`: bars, one panel beside the other, as results-light.svg and
 * results-dark.svg. It has a package of its own, which who works on the plugin need not install.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "../../tools/install.mjs";

install(fileURLToPath(new URL(".", import.meta.url)));
const { init } = await import("echarts");

const [folder] = process.argv.slice(2);
/** `{note, panels: [{title, bars: [{name, value, label, ours}]}]}`; a value is a share of 1. */
const { note, panels } = JSON.parse(readFileSync(0, "utf8"));

const THEMES = {
  light: { text: "#1a2233", soft: "#556075", ours: "#1f6feb", other: "#b6bfcc" },
  dark: { text: "#e6edf3", soft: "#9aa7b8", ours: "#6cb0ff", other: "#4b5563" },
};
const [WIDTH, NAMES, ROW, TOP, BOTTOM] = [880, 190, 24, 34, 4];

const heights = panels.map(({ bars }) => bars.length * ROW);
const tops = heights.map((_, i) => heights.slice(0, i).reduce((sum, it) => sum + it + TOP, TOP));
const height = heights.reduce((sum, it) => sum + it + TOP, note ? TOP : BOTTOM);

function draw({ text, soft, ours, other }) {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  const font = { fontFamily: "system-ui, sans-serif", fontSize: 12 };
  chart.setOption({
    animation: false,
    textStyle: { ...font, color: text },
    title: [
      ...panels.map(({ title }, i) => ({
        text: title,
        left: 0,
        top: tops[i] - 26,
        textStyle: { ...font, fontSize: 13, fontWeight: 600, color: text },
      })),
      {
        text: note,
        left: 0,
        top: height - 26,
        textStyle: { ...font, fontWeight: 400, color: soft },
      },
    ],
    grid: heights.map((it, i) => ({ left: NAMES, right: 190, top: tops[i], height: it })),
    xAxis: panels.map(({ bars }, gridIndex) => ({
      gridIndex,
      type: "value",
      // Where nothing is slower, noise may make a ratio of more than 1.
      max: Math.max(1, ...bars.map(({ value }) => value)),
      show: false,
    })),
    yAxis: panels.map(({ bars }, gridIndex) => ({
      gridIndex,
      type: "category",
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...font, color: text, interval: 0 },
    })),
    series: panels.map(({ bars }, i) => ({
      type: "bar",
      xAxisIndex: i,
      yAxisIndex: i,
      barWidth: 14,
      label: {
        ...font,
        show: true,
        position: "right",
        color: soft,
        formatter: ({ dataIndex }) => bars[dataIndex].label,
      },
      data: bars.map((bar) => ({
        value: bar.value,
        itemStyle: { color: bar.ours ? ours : other },
      })),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

for (const [name, colours] of Object.entries(THEMES)) {
  writeFileSync(join(folder, `results-${name}.svg`), `${draw(colours)}\n`);
}
