// ---------- searching the rows of a table
const units = { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9, m: 6e10, min: 6e10, h: 3.6e12 };
const amount = (text) => {
  const match = /^([0-9.]+)(ns|us|µs|ms|s|min|m|h)?$/.exec(text);
  return match ? Number(match[1]) * (units[match[2]] || 1) : NaN;
};
const describe = (row, heads) => {
  const cells = {};
  heads.forEach((name, place) => { cells[name] = row.cells[place]; });
  const text = (name) => (cells[name] ? cells[name].textContent.toLowerCase() : "");
  const link = $("a, span[title]", row);
  return {
    all: row.textContent.toLowerCase(),
    service: text("service") + " " + text("services"), operation: text("operation"), status: text("status"),
    id: (link && link.title || "").toLowerCase(),
    duration: cells.duration ? Number(cells.duration.dataset.k) : NaN,
    spans: cells.spans ? Number(cells.spans.dataset.k) : NaN,
    errors: cells.errors ? Number(cells.errors.dataset.k) : NaN,
  };
};
const holds = (term, row) => {
  if (term.sign.startsWith("<") || term.sign.startsWith(">")) {
    const limit = amount(term.value), value = row[term.name];
    if (!Number.isFinite(limit) || typeof value !== "number") return false;
    return term.sign === ">" ? value > limit : term.sign === ">=" ? value >= limit : term.sign === "<" ? value < limit : value <= limit;
  }
  if (term.name && typeof row[term.name] === "string") return row[term.name].includes(term.value);
  return row.all.includes(term.name ? term.name + term.sign + term.value : term.value);
};
for (const form of $$("form.find")) {
  const table = document.getElementById(form.dataset.table);
  const input = $("input", form), output = $("output", form);
  if (!table || !input) continue;
  form.hidden = false;
  const heads = $$("thead th", table).map((head) => head.textContent.trim().toLowerCase().split(/[\s,]/)[0].replace(/(ms|µs|ns|s|min)$/, (unit, _, offset, whole) => whole.startsWith("duration") ? "" : unit));
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, facts: null }));
  const search = () => {
    const terms = parse(input.value);
    let hits = 0;
    for (const entry of rows) {
      entry.facts = entry.facts || describe(entry.row, heads);
      const isHit = terms.every((term) => holds(term, entry.facts) !== term.not);
      entry.row.hidden = !isHit;
      if (isHit) hits += 1;
    }
    output.textContent = terms.length ? hits + " of " + rows.length : "";
  };
  const start = () => {
    input.value = readState().get("q") || "";
    search();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => { search(); writeState("q", input.value); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; search(); writeState("q", ""); input.blur(); }
  });
  addEventListener("hashchange", start);
  start();
}
