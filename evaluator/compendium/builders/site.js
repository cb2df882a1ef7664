"use strict";
const fold = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
const words = document.getElementById("words");
const field = document.getElementById("field");
const found = document.getElementById("found");
const parts = [...document.querySelectorAll(".part")];
document.querySelector(".search").hidden = false;

// Every word must be found; marks do not matter.
function search() {
  const wanted = fold(words.value).split(/\s+/).filter(Boolean);
  let count = 0;
  for (const part of parts) {
    const open = field.value === "" || field.value === part.dataset.part;
    let shown = 0;
    for (const line of part.querySelectorAll("li")) {
      const match = open && wanted.every((word) => line.dataset.words.includes(word));
      line.hidden = !match;
      shown += match ? 1 : 0;
    }
    part.hidden = shown === 0;
    count += shown;
  }
  found.textContent = count ? String(count) : found.dataset.nothing;
}
found.dataset.nothing = {{ words.nothing|tojson }};
document.querySelector(".search").addEventListener("submit", (event) => event.preventDefault());
words.addEventListener("input", search);
field.addEventListener("change", search);
