// Progressive extras: nothing on a page needs them. They sort tables, search rows and move in the waterfall.
// Nodes are made by createElement and text set by textContent; the page's policy admits this script by its hash only.
(() => {
  "use strict";
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

  // ---------- searching: words, "two words", !not, service: operation: id: status:, duration> spans> errors>
  const units = { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9, m: 6e10, min: 6e10, h: 3.6e12 };
  const parse = (text) => {
    const terms = [];
    for (const match of text.matchAll(/(!?)(?:([a-z]+)([:<>]=?))?(?:"([^"]*)"?|(\S+))/gi)) {
      const [, not, name = "", sign = "", quoted, word = ""] = match;
      terms.push({ not: not === "!", name: name.toLowerCase(), sign, value: (quoted ?? word).toLowerCase() });
    }
    return terms;
  };
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
  addEventListener("hashchange", applySort);
  applySort();

  // ---------- waterfall: find rows, fold, move with keys
  const tree = $("ol.wf");
  if (tree) {
    const box = tree.closest(".wfbox");
    const tools = make("p", "", { class: "wftools" });
    const find = make("input", "", { type: "search", id: "wf-find", placeholder: "find a span: words, !not", autocomplete: "off" });
    const label = make("label", "Find", { for: "wf-find" });
    const count = make("output");
    const rows = $$("li > .row, li > details > summary > .row", tree).filter((row) => $("a", row));
    const texts = rows.map((row) => row.textContent.toLowerCase());
    let hits = [], place = -1;
    const look = () => {
      const terms = parse(find.value);
      hits = [];
      rows.forEach((row, index) => {
        const isHit = terms.length > 0 && terms.every((term) => texts[index].includes(term.name ? term.name + term.sign + term.value : term.value) !== term.not);
        row.classList.toggle("hit", isHit);
        if (isHit) hits.push(row);
      });
      place = -1;
      count.textContent = terms.length ? hits.length + " of " + rows.length : "";
    };
    const open = (row) => { for (let node = row.closest("details"); node; node = node.parentElement.closest("details")) node.open = true; };
    const show = (row) => { open(row); const link = $("a", row); link.focus({ preventScroll: true }); row.scrollIntoView({ block: "center" }); };
    const step = (by) => { if (hits.length) { place = (place + by + hits.length) % hits.length; show(hits[place]); } };
    find.addEventListener("input", look);
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
      if (event.key === "Escape") { find.value = ""; look(); find.blur(); }
    });
    const fold = make("button", "Fold all", { type: "button" });
    const unfold = make("button", "Open all", { type: "button" });
    const all = (isOpen) => { for (const node of $$("details", tree)) if (!node.closest(".sd")) node.open = isOpen; };
    fold.addEventListener("click", () => all(false));
    unfold.addEventListener("click", () => all(true));
    const error = $$(".er", tree)[0];
    tools.append(label, find, count, fold, unfold);
    if (error) {
      const button = make("button", "First error", { type: "button" });
      button.addEventListener("click", () => show(($$(".er use[href='#m-error']", tree)[0] || error).closest(".row")));
      tools.append(button);
    }
    const help = make("details", "", { class: "twin keys" });
    help.append(make("summary", "Keys"), make("p", "arrows: move, fold, open · Enter: details · [ ]: fold or open all · n, p: next, previous hit · /: find · Esc: close", { class: "note" }));
    tools.append(help);
    box.before(tools);
    const visible = () => rows.filter((row) => row.offsetParent !== null || row.getClientRects().length);
    addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      const row = event.target.closest && event.target.closest(".row");
      const details = row && row.closest("summary") ? row.closest("details") : null;
      switch (event.key) {
        case "]": all(true); break;
        case "[": all(false); break;
        case "n": step(1); break;
        case "p": step(-1); break;
        case "?": help.open = !help.open; break;
        case "Escape": if (/^#span-/.test(location.hash)) location.hash = "#waterfall"; break;
        case "ArrowDown": case "ArrowUp": {
          if (!row) return;
          const list = visible(), next = list[list.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
          if (next) { $("a", next).focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest" }); }
          break;
        }
        case "ArrowRight": if (!details) return; details.open = true; break;
        case "ArrowLeft": {
          if (details && details.open) { details.open = false; break; }
          const above = row && row.closest("ol").closest("details");
          if (!above) return;
          show($("summary > .row", above));
          break;
        }
        default: return;
      }
      event.preventDefault();
    });
    // A span's address opens what it is folded into.
    const reveal = () => {
      const target = location.hash.startsWith("#span-") && document.getElementById(location.hash.slice(1));
      if (target) { open(target); target.previousElementSibling?.scrollIntoView({ block: "center" }); }
    };
    addEventListener("hashchange", reveal);
    reveal();
  }

  // ---------- "/" goes to the search of the page
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
    const field = $("form.find input") || $("#wf-find");
    if (field) { event.preventDefault(); field.focus(); }
  });
})();
