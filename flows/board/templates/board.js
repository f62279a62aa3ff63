"use strict";
// Search and filters. Every page can be read without this; nothing is fetched, stored or sent.
const folded = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
const words = text => folded(text).split(/\s+/).filter(Boolean);
const has = (text, asked) => asked.every(word => text.includes(word));
const MOST = 50;

for (const list of document.querySelectorAll(".filtered")) {
  const rows = [...list.querySelectorAll("tbody tr, .cases > li")].map(row => [row, folded(row.textContent)]);
  if (rows.length < 2) continue;
  const label = document.createElement("label"), field = document.createElement("input");
  field.type = "search";
  field.id = "filter";
  label.htmlFor = field.id;
  label.textContent = list.dataset.filter;
  list.prepend(label, field);
  field.addEventListener("input", () => {
    const asked = words(field.value);
    for (const [row, text] of rows) row.hidden = !has(text, asked);
  });
}

const field = document.getElementById("asked");
if (field && typeof INDEX !== "undefined") {
  const list = document.getElementById("found"), english = field.dataset.language === "en";
  const entries = INDEX.map(([href, vi, en, more]) => [href, english ? en || vi : vi, more, folded(`${vi} ${en} ${more}`)]);
  field.addEventListener("input", () => {
    const asked = words(field.value);
    const found = asked.length ? entries.filter(entry => has(entry[3], asked)).slice(0, MOST) : [];
    list.replaceChildren(...found.map(([href, title, more]) => {
      const row = document.createElement("li"), link = document.createElement("a"), small = document.createElement("small");
      link.href = field.dataset.root + href;
      link.textContent = title;
      small.textContent = more;
      row.append(link, small);
      return row;
    }));
    if (asked.length && !found.length) list.textContent = field.dataset.none;
  });
}
