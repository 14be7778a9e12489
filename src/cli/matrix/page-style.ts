/** The style of the matrix page: light and dark, wide and narrow, and on paper. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1d2430, #e4e8ee);
  --soft: light-dark(#5b6675, #98a3b3);
  --page: light-dark(#ffffff, #12161d);
  --panel: light-dark(#f4f6f9, #1a2029);
  --line: light-dark(#dde2ea, #2c3543);
  --allow: light-dark(#10683a, #6fd79b);
  --allow-back: light-dark(#e2f5ea, #12331f);
  --deny: light-dark(#9c1f2b, #f0959d);
  --deny-back: light-dark(#fbe9ea, #3a161a);
  --other: light-dark(#7a5200, #e6bf6a);
  --other-back: light-dark(#fdf3dc, #33270c);
  --accent: light-dark(#1f5fbf, #82b1ff);
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--page); width: min-content; min-width: 100%; }
/* A table may be wider than the window: what stands around it does not scroll away with it. */
header, .fields, .legend, .none, footer { position: sticky; left: 0; max-width: 100vw; padding: 0 1.5rem; }
h1 { font-size: 1.35rem; margin: 1.25rem 0 0.15rem; }
header p, footer { color: var(--soft); margin: 0 0 0.75rem; }
code { font: 0.93em ui-monospace, monospace; overflow-wrap: anywhere; }
.filters { background: var(--panel); border-block: 1px solid var(--line); padding-block: 0.75rem; position: sticky; top: 0; z-index: 3; }
.fields { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: end; width: 100%; }
.filters label { display: flex; flex-direction: column; gap: 0.2rem; font-size: 0.8rem; color: var(--soft); }
.filters .row { flex-direction: row; align-items: center; gap: 0.4rem; font-size: 0.9rem; color: var(--text); min-height: 2.1rem; }
.filters input[type="search"], .filters select { font: inherit; font-size: 0.95rem; color: var(--text); background: var(--page);
  border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.5rem; min-height: 2.1rem; }
.filters input[type="search"] { width: 15rem; }
.filters output { margin-left: auto; align-self: center; color: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
main { padding: 0 1.5rem; }
.legend { padding: 0; left: 1.5rem; max-width: calc(100vw - 3rem); }
table { border-collapse: separate; border-spacing: 0; width: 100%; margin: 1rem 0; font-size: 0.93rem; border: 1px solid var(--line); border-top: 0; border-radius: 8px; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
tbody:last-child tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: var(--bar, 0px); z-index: 2; background: var(--panel); font-weight: 600; white-space: nowrap; border-top: 1px solid var(--line); }
th.route { position: sticky; left: 0; background: var(--page); font-weight: 400; z-index: 1; min-width: 16rem; }
thead th.route { background: var(--panel); font-weight: 600; z-index: 3; }
tr.group code { font-size: 1em; }
tr.group th { background: color-mix(in srgb, var(--panel) 60%, var(--page)); font-weight: 600; padding-top: 0.9rem; }
tr.group div { position: sticky; left: 0.6rem; width: fit-content; }
.size { color: var(--soft); font-weight: 400; font-size: 0.82rem; margin-left: 0.3rem; }
.route > div { display: grid; grid-template-columns: 4.4em 1fr; align-items: baseline; }
.method { font: 600 0.78rem ui-monospace, monospace; color: var(--soft); }
.shared { color: var(--soft); }
.summary { grid-column: 2; color: var(--soft); font-size: 0.82rem; }
td.cell, thead th[data-caller] { text-align: center; white-space: nowrap; width: 1px; }
td.rule { min-width: 11rem; width: 11rem; }
.mark { display: inline-block; min-width: 2.6em; padding: 0.05rem 0.4rem; border-radius: 5px; font-weight: 600; text-align: center; }
.allow { color: var(--allow); background: var(--allow-back); }
.deny { color: var(--deny); background: var(--deny-back); }
.other { color: var(--other); background: var(--other-back); }
.was { opacity: 0.75; }
.to { color: var(--soft); padding: 0 0.15rem; }
tr.changed th.route { box-shadow: inset 3px 0 var(--accent); }
details summary { cursor: pointer; white-space: nowrap; }
details dl { margin: 0.3rem 0 0; display: grid; grid-template-columns: auto 1fr; gap: 0.1rem 0.6rem; font-size: 0.85rem; max-width: 26rem; }
details dt { color: var(--soft); } details dd { margin: 0; }
.depends { color: var(--other); font-size: 0.82rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; margin: 0.75rem 0; color: var(--soft); font-size: 0.87rem; }
.none { padding: 2rem; text-align: center; color: var(--soft); }
[hidden] { display: none !important; }
footer { padding-block: 0.5rem 2rem; font-size: 0.85rem; }
@media (max-width: 760px) {
  body { width: auto; }
  header, .fields, footer { padding-inline: 0.9rem; }
  main { padding-inline: 0.9rem; }
  .legend { max-width: none; }
  .filters { position: static; }
  .fields { gap: 0.6rem; }
  .filters label { flex: 1 1 45%; }
  .filters input[type="search"] { width: 100%; }
  .filters output { margin: 0; flex-basis: 100%; }
  table { border: 0; }
  table, tbody { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: flex; flex-wrap: wrap; gap: 0.3rem 0.4rem; border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem; margin-bottom: 0.6rem; }
  tr.changed { border-color: var(--accent); }
  tr.group { border: 0; border-radius: 0; padding: 0.5rem 0; margin: 0; position: sticky; top: 0; background: var(--page); z-index: 1; }
  th, td, th.route, tr.group th { display: block; border: 0; padding: 0; min-width: 0; max-width: none; position: static; background: none; box-shadow: none !important; }
  th.route, td.rule { flex-basis: 100%; width: auto; }
  td.cell { text-align: left; width: auto; }
  td.cell .mark::before { content: attr(data-caller) " "; font-weight: 400; }
  td.cell .was ~ .mark::before { content: ""; }
}
@media print {
  .filters { display: none; }
  body { width: auto; }
  th.route, thead th { position: static; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
`;
