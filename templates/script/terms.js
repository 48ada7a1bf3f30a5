// ---------- what a search asks for: words, "two words", !not, service: operation: id: status:, duration> spans> errors>
const parse = (text) => {
  const terms = [];
  for (const match of text.matchAll(/(!?)(?:([a-z]+)([:<>]=?))?(?:"([^"]*)"?|(\S+))/gi)) {
    const [, not, name = "", sign = "", quoted, word = ""] = match;
    terms.push({ not: not === "!", name: name.toLowerCase(), sign, value: (quoted ?? word).toLowerCase() });
  }
  return terms;
};

// ---------- "/" goes to the search of the page
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
  const field = $("form.find input") || $("#wf-find");
  if (field) { event.preventDefault(); field.focus(); }
});
