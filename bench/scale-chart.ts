/** The curves of `npm run bench -- --scale` as one SVG that is read on a light and on a dark page. */
import type { Axis, Point, Scale } from "./scale.ts";

const WIDTH = 250;
const HEIGHT = 150;
const LEFT = 44;
const TOP = 30;
const GAP = 34;
const COLUMNS = 3;

const STYLE = `
text { font: 11px system-ui, sans-serif; fill: #1a2233 }
.title { font-weight: 600; font-size: 13px }
.soft { fill: #556075 }
.axis { stroke: #9aa4b5; fill: none }
.held { stroke: #1f6feb; fill: none; stroke-width: 2 }
.idle { stroke: #9a6700; fill: none; stroke-width: 2; stroke-dasharray: 5 3 }
.dot { fill: #1f6feb }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .soft { fill: #9aa7b8 } .axis { stroke: #5b6675 }
  .held { stroke: #6cb0ff } .idle { stroke: #e3b341 } .dot { fill: #6cb0ff }
}`;

function panel(axis: Axis, points: Point[], index: number): string {
  const x0 = (index % COLUMNS) * (WIDTH + GAP) + LEFT;
  const y0 = Math.floor(index / COLUMNS) * (HEIGHT + TOP + GAP) + TOP + 24;
  const most = Math.max(...points.map(({ count }) => count), 1);
  const highest = Math.max(...points.map(({ held }) => held)) * 1.1;
  const x = (count: number) => (x0 + (count / most) * (WIDTH - LEFT)).toFixed(1);
  const y = (value: number) => (y0 + HEIGHT - (value / highest) * HEIGHT).toFixed(1);
  const line = (of: (point: Point) => number) =>
    points.map((point) => `${x(point.count)},${y(of(point))}`).join(" ");
  const last = points.at(-1)!;
  return [
    `<text class="title" x="${x0}" y="${y0 - 10}">${axis}</text>`,
    `<polyline class="axis" points="${x0},${y0} ${x0},${y0 + HEIGHT} ${x0 + WIDTH - LEFT},${y0 + HEIGHT}"/>`,
    `<text class="soft" x="${x0 - 6}" y="${y0 + 8}" text-anchor="end">${highest.toFixed(0)}</text>`,
    `<text class="soft" x="${x0 - 6}" y="${y0 + HEIGHT}" text-anchor="end">0</text>`,
    `<text class="soft" x="${x0 + WIDTH - LEFT}" y="${y0 + HEIGHT + 15}" text-anchor="end">${most}</text>`,
    `<polyline class="idle" points="${line(({ idle }) => idle)}"/>`,
    `<polyline class="held" points="${line(({ held }) => held)}"/>`,
    ...points.map(
      ({ count, held }) => `<circle class="dot" cx="${x(count)}" cy="${y(held)}" r="3"/>`,
    ),
    `<text x="${x(last.count)}" y="${Number(y(last.held)) - 7}" text-anchor="end">${last.held.toFixed(0)} MiB</text>`,
  ].join("\n");
}

export function chart(scale: Scale): string {
  const all = Object.entries(scale) as [Axis, Point[]][];
  const rows = Math.ceil(all.length / COLUMNS);
  const [width, height] = [COLUMNS * (WIDTH + GAP), rows * (HEIGHT + TOP + GAP) + 50];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Memory of Traefik by what there is of each">
<style>${STYLE}</style>
<text class="soft" x="${LEFT}" y="18">Memory of Traefik in MiB: dashed without a connection, solid with connections held (100, or as many as the panel says)</text>
${all.map(([axis, points], index) => panel(axis, points, index)).join("\n")}
</svg>
`;
}
