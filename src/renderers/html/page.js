"use strict";
// The page is whole without this: filter, sort and "expand all" are comforts.
(() => {
  const one = (what, where = document) => where.querySelector(what);
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const form = one("#filter"), shown = one("#shown");
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");

  const parts = all("[data-part]").map((box) => ({
    name: box.dataset.part,
    none: one(".none", box),
    items: all("[data-l]", box).map((item) => ({
      item, level: item.dataset.l, supplier: item.dataset.s, regimes: (item.dataset.r || "").split(" "),
      decisions: item.dataset.d && item.dataset.d.split(" "), text: null,
    })),
  })).filter((part) => part.items.length);

  const filter = (say) => {
    const words = fold(form.text.value).split(" ").filter(Boolean);
    const level = form.level.value, supplier = form.supplier.value, regime = form.regime.value;
    const decision = form.decision ? form.decision.value : "";
    const active = Boolean(words.length || level || supplier || regime || decision);
    const counts = [];
    for (const part of parts) {
      let count = 0;
      for (const entry of part.items) {
        // A decision is about findings, and leaves the rest of the page alone.
        let fits = (!decision || !entry.decisions || entry.decisions.includes(decision)) && (!level || entry.level === level) && (!supplier || entry.supplier === supplier)
          && (!regime || entry.regimes.includes(regime));
        if (fits && words.length) {
          entry.text ??= fold(entry.item.textContent);
          fits = words.every((word) => entry.text.includes(word));
        }
        if (entry.item.hidden === fits) entry.item.hidden = !fits;
        if (fits) count += 1;
      }
      if (part.none) part.none.hidden = count > 0;
      counts.push(`${count} of ${part.items.length} ${part.name}`);
    }
    shown.classList.toggle("filtered", active);
    if (say) shown.textContent = (active ? "Filtered. Shown: " : "Everything is shown: ") + counts.join(", ") + ".";
    return active;
  };

  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(() => filter(true), 120); };
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(true); });
  const reset = () => { form.reset(); filter(true); };
  form.addEventListener("reset", () => setTimeout(() => filter(true)));

  // Sorting. All rows are put in anew at once: moved one by one, 2,000 of them take ten times as long.
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  for (const table of all("table.sorts")) {
    const body = table.tBodies[0], heads = all("thead th:not(.more)", table);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        const number = head.classList.contains("number");
        const rows = [...body.rows].map((row, at) => {
          const cell = row.cells[column], key = cell.dataset.k ?? (cell.firstElementChild ?? cell).textContent.trim();
          return { row, at, key: number || cell.dataset.k ? Number(key) : key };
        });
        const compare = (a, b) => (typeof a.key === "number" ? a.key - b.key : collator.compare(a.key, b.key));
        rows.sort((a, b) => (down ? compare(b, a) : compare(a, b)) || a.at - b.at);
        body.replaceChildren(...rows.map((entry) => entry.row));
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        shown.textContent = `Sorted by ${button.textContent.trim()}, ${down ? "descending" : "ascending"}.`;
      });
    });
  }

  // Folding.
  const details = all("main details");
  one("#open").addEventListener("click", () => { details.forEach((d) => { d.open = true; }); shown.textContent = "Everything is expanded."; });
  one("#close").addEventListener("click", () => { details.forEach((d) => { d.open = false; }); shown.textContent = "Everything is collapsed."; });
  let before = null;
  addEventListener("beforeprint", () => { before ??= details.filter((d) => !d.open); before.forEach((d) => { d.open = true; }); });
  addEventListener("afterprint", () => { (before ?? []).forEach((d) => { d.open = false; }); before = null; });

  // A link to something that is filtered away or folded shows it.
  const reveal = () => {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (!target) return;
    if (target.closest("[hidden]")) reset();
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);

  one("#tools").hidden = false;
  filter(false);
  reveal();
})();
