/**
 * The filters of the matrix page. Without this script the page is complete and shows everything.
 */

export const SCRIPT = `
"use strict";
const form = document.querySelector(".filters");
const rows = [...document.querySelectorAll("tbody tr:not(.group)")];
const groups = [...document.querySelectorAll("tr.group")];
const columns = [...document.querySelectorAll("thead th[data-caller]")];
const count = form.querySelector("output");
const none = document.querySelector(".none");

function apply() {
  const { search, method, caller, may, changed, lonely } = Object.fromEntries(new FormData(form));
  const words = (search || "").toLowerCase().split(/\\s+/).filter(Boolean);
  const index = columns.findIndex((it) => it.dataset.caller === caller);
  let shown = 0;
  for (const row of rows) {
    const outcome = index < 0 ? "" : row.cells[index + 1].dataset.outcome;
    const is =
      words.every((word) => row.dataset.text.includes(word)) &&
      (!method || row.dataset.method === method) &&
      (index < 0 || !may || (may === "allow") === (outcome === "allow")) &&
      (!changed || row.classList.contains("changed")) &&
      (!lonely || row.dataset.rule === "default");
    row.hidden = !is;
    if (is) shown++;
  }
  for (const group of groups) {
    const left = [...group.parentNode.rows].filter((row) => row !== group && !row.hidden).length;
    group.hidden = left === 0;
    group.querySelector(".size").textContent = left;
  }
  document.querySelectorAll("[data-column]").forEach((it) => {
    it.hidden = index >= 0 && Number(it.dataset.column) !== index;
  });
  count.textContent = shown === rows.length ? rows.length + " routes" : shown + " of " + rows.length + " routes";
  none.hidden = shown > 0;
  const parameters = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  try {
    history.replaceState(null, "", parameters.size > 0 ? "#" + parameters : location.pathname + location.search);
  } catch {}
}

for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
  else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
}
form.hidden = false;
// The table's head stays below the filters, whose lines are as many as the window has room for.
const place = () => {
  const isSticky = getComputedStyle(form).position === "sticky";
  document.documentElement.style.setProperty("--bar", (isSticky ? form.offsetHeight : 0) + "px");
};
new ResizeObserver(place).observe(form);
place();
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
apply();
`;
