// Searches the index of this language as one types: every word must occur, accents and capitals do not matter.
const field = document.getElementById("sought");
const results = document.getElementById("results");
const count = document.getElementById("count");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let index = null;

async function load() {
  index ??= (await (await fetch(field.dataset.index)).json()).map((entry) => [...entry, plain(entry.slice(1).join(" "))]);
}

async function search() {
  await load();
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  const found = words.length ? index.filter((entry) => words.every((word) => entry[4].includes(word))) : [];
  count.textContent = words.length ? field.dataset.found.replace("{count}", found.length) : "";
  results.replaceChildren(...found.slice(0, 50).map(([href, id, text, citation]) => {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href, textContent: id });
    item.append(link, ` ${text} `, Object.assign(document.createElement("span"), { className: "quiet", textContent: citation }));
    return item;
  }));
}

field.addEventListener("input", search);
