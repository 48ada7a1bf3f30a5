// Search over nights. The page holds a list of nights and of their parts; a part is a file of script that calls
// tracebookPart with the columns of some thousand traces. Parts are loaded only when a search needs them, newest first,
// until enough is found. Nodes are made by createElement and text set by textContent.
(() => {
  "use strict";
  const form = document.getElementById("night-search"), place = document.getElementById("night-results");
  const island = document.getElementById("nights");
  if (!form || !place || !island) return;
  const { nights } = JSON.parse(island.textContent);
  const input = form.querySelector("input"), output = form.querySelector("output");
  const enough = 100;
  const make = (name, text = "", attributes = {}) => {
    const node = document.createElement(name);
    node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const units = { ns: 1e-3, us: 1, "µs": 1, ms: 1e3, s: 1e6, m: 6e7, min: 6e7, h: 3.6e9 };
  const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

  // ---------- parts
  const parts = nights.flatMap((night) => night.parts.map(([first, last, longest, count, failing], number) => (
    { night, number, first, last, longest, count, failing, data: null, loading: null }))).sort((a, b) => b.first - a.first);
  const arrived = new Map();
  window.tracebookPart = (night, number, data) => arrived.set(night + "/" + number, data);
  const load = (part) => part.loading ||= new Promise((resolve) => {
    const name = part.night.name + "/search/" + String(part.number).padStart(3, "0") + ".js";
    const script = make("script", "", { src: name });
    const end = () => {
      script.remove();
      part.data = prepared(arrived.get(part.night.name + "/" + part.number));
      arrived.delete(part.night.name + "/" + part.number);
      if (!part.data) part.loading = null;
      resolve(part.data);
    };
    script.addEventListener("load", end);
    script.addEventListener("error", end);
    document.head.append(script);
  });
  const prepared = (data) => {
    if (!data) return null;
    data.lower = data.names.map((name) => name.toLowerCase());
    data.lowerAttributes = data.attributes.map((text) => text.toLowerCase());
    return data;
  };

  // ---------- queries
  const comparing = /^(duration|spans|errors)$/;
  const parse = (text) => {
    const terms = [], faults = [];
    for (const match of text.matchAll(/([!-]?)(?:([\p{L}\p{N}_.\/-]+?)(:|[<>]=?|=))?(?:"([^"]*)"?|([^\s"]+))/gu)) {
      const [, not, name = "", sign = "", quoted, word = ""] = match;
      const term = { not: not !== "", name: name.toLowerCase(), sign, value: (quoted ?? word).toLowerCase() };
      if (comparing.test(term.name) && sign && sign !== ":") {
        term.kind = "number";
        const amount = /^([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|min|m|h)?$/.exec(term.value);
        const isDuration = term.name === "duration";
        if (!amount || (!isDuration && amount[2])) faults.push(term.name + sign + term.value + " needs a number" + (isDuration ? " with a unit, as in 500ms" : ""));
        else term.amount = Number(amount[1]) * (isDuration ? units[amount[2] || "ms"] : 1);
      } else if (sign === ":" && /^(service|operation|name|status|root|trace|id|night|after|before)$/.test(term.name)) {
        term.kind = term.name === "name" ? "operation" : term.name === "id" ? "trace" : term.name;
        if (term.kind === "after" || term.kind === "before") {
          const time = /^\d{4}-\d\d-\d\d(t\d\d:\d\d(:\d\d(\.\d+)?)?)?z?$/.test(term.value) ? Date.parse(term.value.toUpperCase().replace(/Z$/, "").replace(/^([^T]*)$/, "$1T00:00") + "Z") : NaN;
          if (Number.isNaN(time)) faults.push(term.name + ": needs a time, as in 2026-11-21T02:00");
          term.time = time;
        }
        if (term.kind === "status" && !/^(error|ok)$/.test(term.value)) faults.push("status: is error or ok");
      } else if (sign === "=") term.kind = "attribute";
      else { term.kind = "word"; term.value = term.name + sign + term.value; }
      terms.push(term);
    }
    return { terms, fault: faults[0] || "" };
  };
  const compare = (term, value) =>
    term.sign === ">" ? value > term.amount : term.sign === ">=" ? value >= term.amount
      : term.sign === "<" ? value < term.amount : term.sign === "<=" ? value <= term.amount : value === term.amount;

  // A part that cannot hold a hit is not loaded.
  const mayHold = (terms, part) => terms.every((term) => {
    if (term.not) return true;
    switch (term.kind) {
      case "night": return part.night.name.startsWith(term.value);
      case "after": return part.last >= term.time;
      case "before": return part.first < term.time;
      case "service": case "root": return part.night.services.some((name) => name.toLowerCase().includes(term.value));
      case "status": return term.value !== "error" || part.failing > 0;
      case "number": return term.name === "errors" ? !(term.sign.startsWith(">") && part.failing === 0 && term.amount >= 1)
        : !(term.name === "duration" && term.sign.startsWith(">") && part.longest + 1 < term.amount);
      default: return true;
    }
  });

  // Tests that need a text are made once for each text of the part, not for each trace.
  const tests = (terms, part) => {
    const data = part.data;
    const anyOf = (flags) => {
      const known = data.lists.map(() => undefined);
      return (list) => known[list] ??= data.lists[list].some((number) => flags[number]);
    };
    const matching = (texts, value) => texts.map((text) => text.includes(value));
    const operationTest = (kind, value) => {
      const names = matching(data.lower, value), flags = [];
      for (let index = 0; index < data.operations.length; index += 2)
        flags.push(kind === "service" ? names[data.operations[index]] : kind === "operation" ? names[data.operations[index + 1]] : names[data.operations[index]] || names[data.operations[index + 1]]);
      return flags;
    };
    const made = [];
    // Of one operation: service, operation and status together.
    const together = terms.filter((term) => !term.not && (term.kind === "service" || term.kind === "operation" || term.kind === "status" && term.value === "error"));
    if (together.length) {
      let flags = Array(data.operations.length / 2).fill(true);
      for (const term of together) if (term.kind !== "status") { const one = operationTest(term.kind, term.value); flags = flags.map((flag, index) => flag && one[index]); }
      const test = anyOf(flags), column = together.some((term) => term.kind === "status") ? data.failing : data.shape;
      made.push((trace) => test(column[trace]));
    }
    for (const term of terms) {
      if (together.includes(term)) continue;
      let test;
      switch (term.kind) {
        case "service": case "operation": { const any = anyOf(operationTest(term.kind, term.value)); test = (trace) => any(data.shape[trace]); break; }
        case "root": { const flags = operationTest("either", term.value); test = (trace) => flags[data.root[trace]]; break; }
        case "status": test = term.value === "error" ? (trace) => data.errors[trace] > 0 : (trace) => (data.marks[trace] & 1) === 0; break;
        case "number": { const column = data[term.name]; test = (trace) => compare(term, column[trace]); break; }
        case "night": test = () => part.night.name.startsWith(term.value); break;
        case "after": test = (trace) => data.first + data.start[trace] >= term.time; break;
        case "before": test = (trace) => data.first + data.start[trace] < term.time; break;
        case "trace": test = (trace) => { const id = data.ids.substr(trace * 32, 32); return id.startsWith(term.value) || id.endsWith(term.value); }; break;
        case "attribute": {
          const wanted = term.name + "=" + term.value.replace(/\*$/, "");
          const any = anyOf(data.lowerAttributes.map(term.value.endsWith("*") ? (text) => text.startsWith(wanted) : (text) => text === wanted));
          test = (trace) => any(data.values[trace]) || any(data.rare[trace]);
          break;
        }
        default: {
          const inOperations = anyOf(operationTest("either", term.value)), inValues = anyOf(matching(data.lowerAttributes, term.value));
          const names = matching(data.lower, term.value);
          const digits = /^[0-9a-f]{8,32}$/.test(term.value);
          test = (trace) => inOperations(data.shape[trace]) || names[data.text[trace]] || inValues(data.values[trace]) || inValues(data.rare[trace])
            || digits && data.ids.substr(trace * 32, 32).includes(term.value);
        }
      }
      made.push(term.not ? (trace) => !test(trace) : test);
    }
    return made;
  };
  const hitsIn = (terms, part) => {
    const made = tests(terms, part), hits = [];
    for (let trace = part.count - 1; trace >= 0; trace -= 1) if (made.every((test) => test(trace))) hits.push({ part, trace });
    return hits;
  };

  // ---------- showing
  const durationText = (micros) => micros < 1 ? "< 1 µs" : micros < 1e3 ? micros + " µs" : micros < 1e6 ? (micros / 1e3).toPrecision(3).replace(/\.?0+$/, "") + " ms"
    : (micros / 1e6).toFixed(2) + " s";
  const row = ({ part, trace }) => {
    const data = part.data, line = make("tr"), id = data.ids.substr(trace * 32, 32), root = data.root[trace] * 2;
    const short = id.startsWith("0000000000000000") ? id.slice(16, 24) : id.slice(0, 8);
    const head = make("th", "", { scope: "row", class: "mono" });
    head.append(data.marks[trace] & 2 ? make("a", short, { href: part.night.name + "/traces/" + id + ".html", title: id })
      : make("span", short, { title: id + ": no page of its own; tracebook search finds it in the archives" }));
    const failed = (data.marks[trace] & 1) !== 0;
    const start = new Date(data.first + data.start[trace]).toISOString();
    const cells = [make("td", data.names[data.operations[root]] || "(no service name)"), make("td", data.names[data.operations[root + 1]]),
      make("td", start.slice(11, 23), { class: "nw", title: start })];
    line.append(make("td", part.night.name, { class: "nw" }), head, ...cells,
      make("td", durationText(data.duration[trace]), { class: "r nw" }), make("td", grouped(data.spans[trace]), { class: "r" }),
      make("td", grouped(data.errors[trace]), { class: data.errors[trace] ? "r" : "r zero" }), make("td", failed ? "✕ error" : "ok", { class: "nw" }),
      make("td", data.names[data.text[trace]], { class: "msg" }));
    return line;
  };
  const newTable = () => {
    const region = make("div", "", { class: "scroll", role: "region", "aria-label": "Traces found", tabindex: "0" });
    const table = make("table", "", { class: "traces" }), head = make("tr"), body = make("tbody");
    ["Night", "Trace", "Service", "Operation", "Start, UTC", "Duration", "Spans", "Errors", "Status", "What happened"].forEach((title, index) =>
      head.append(make("th", title, index > 4 && index < 8 ? { scope: "col", class: "r" } : { scope: "col" })));
    const top = make("thead");
    top.append(head);
    table.append(make("caption", "Traces found", { class: "vh" }), top, body);
    region.append(table);
    place.append(region);
    return body;
  };

  // ---------- searching: each search has a number, and one that is no longer the last stops
  let current = 0;
  const search = async () => {
    const run = ++current;
    const { terms, fault } = parse(input.value);
    place.replaceChildren();
    if (fault || !terms.length) {
      output.textContent = fault;
      place.dispatchEvent(new CustomEvent("searched"));
      return;
    }
    const left = parts.filter((part) => mayHold(terms, part));
    const waiting = [];
    let found = 0, looked = 0, lost = 0, body = null, wanted = enough;
    const more = make("p"), button = make("button", "Search on", { type: "button" });
    more.append(button);
    button.addEventListener("click", () => { wanted = found + enough; more.remove(); proceed(); });
    const tell = (isDone) => {
      const of = left.reduce((sum, part) => sum + part.count, 0);
      output.textContent = grouped(found) + (found === 1 ? " trace" : " traces") + (isDone ? "" : " so far") + " in " + grouped(looked) + (looked < of ? " of " + grouped(of) : "")
        + (lost ? "; " + lost + " of the index's files could not be loaded" : "");
    };
    const show = () => {
      while (waiting.length && found < wanted) { body ||= newTable(); body.append(row(waiting.shift())); found += 1; }
    };
    const proceed = async () => {
      show();
      while (left.some((part) => !part.seen?.has(run)) && found < wanted) {
        const next = left.filter((part) => !part.seen?.has(run)).slice(0, 2);
        next.forEach(load);
        const part = next[0];
        await load(part);
        if (run !== current) return;
        part.seen = new Set([run]);
        if (part.data) { waiting.push(...hitsIn(terms, part)); looked += part.count; } else lost += 1;
        show();
        tell(false);
      }
      const isDone = !waiting.length && left.every((part) => part.seen?.has(run));
      tell(isDone);
      if (!isDone) place.append(more);
      place.dispatchEvent(new CustomEvent("searched"));
    };
    await proceed();
  };

  // ---------- the address holds the search
  const read = () => new URLSearchParams(/^#q=/.test(location.hash) ? location.hash.slice(1) : "").get("q") || "";
  const write = () => history.replaceState(null, "", input.value ? "#" + new URLSearchParams({ q: input.value }) : location.pathname + location.search);
  let timer = 0;
  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); write(); search(); });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => { write(); search(); }, 150); });
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") { input.value = ""; clearTimeout(timer); write(); search(); } });
  const reopen = () => { if (input.value !== read() || !place.childElementCount) { input.value = read(); search(); } };
  addEventListener("hashchange", reopen);
  reopen();
})();
