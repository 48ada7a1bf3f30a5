// Progressive extras: nothing on a page needs them. A page carries base.js and what its kind names, in one function.
// Nodes are made by createElement and text set by textContent; the page's policy admits this script by its hash only.
// What is embedded loses lines that begin with // and the blanks before lines; so no text may go over lines.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (name, text = "", attributes = {}) => {
  const node = document.createElement(name);
  node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

// ---------- state in the hash: "#q=…&sort=table.column.direction"; all other hashes are places on the page
const readState = () => new URLSearchParams(/^#(q|sort)=/.test(location.hash) ? location.hash.slice(1) : "");
const writeState = (key, value) => {
  const state = readState();
  if (value) state.set(key, value); else state.delete(key);
  const text = state.toString();
  history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
};

// ---------- sorting
const keyOf = (row, column) => {
  const cell = row.cells[column];
  if (!cell) return "";
  if (cell.dataset.k !== undefined) return Number(cell.dataset.k);
  const text = cell.textContent.trim();
  const number = Number(text.replace(/[,\u00a0 %]/g, "").replace("\u2212", "-").replace(/^[<>]/, ""));
  return text !== "" && Number.isFinite(number) ? number : text;
};
const compare = (a, b) =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
const sortTable = (table, column, direction) => {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row, place) => ({ row, place, key: keyOf(row, column) }));
  rows.sort((a, b) => direction * compare(a.key, b.key) || a.place - b.place);
  for (const { row } of rows) body.append(row);
  $$("thead th", table).forEach((head, place) => {
    if (place === column) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    else head.removeAttribute("aria-sort");
  });
};
for (const table of $$("table.sorts")) {
  $$("thead th", table).forEach((head, column) => {
    if (head.classList.contains("fixed") || head.childElementCount > 1 && !$("br", head)) return;
    const button = make("button", "", { type: "button", class: "sort" });
    while (head.firstChild) button.append(head.firstChild);
    head.append(button);
    button.addEventListener("click", () => {
      const isNumber = head.classList.contains("r");
      const now = head.getAttribute("aria-sort");
      const direction = now ? (now === "ascending" ? -1 : 1) : isNumber ? -1 : 1;
      sortTable(table, column, direction);
      writeState("sort", table.id + "." + column + "." + (direction > 0 ? "a" : "d"));
    });
  });
}
const applySort = () => {
  const parts = (readState().get("sort") || "").split(".");
  const table = parts.length === 3 && document.getElementById(parts[0]);
  if (table && table.matches("table.sorts")) sortTable(table, Number(parts[1]), parts[2] === "a" ? 1 : -1);
};

addEventListener("hashchange", applySort);
applySort();
