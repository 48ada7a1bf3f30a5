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
