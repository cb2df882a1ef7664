// Counts the letters of each section while it is typed; the page works without.

function show(area) {
  const line = document.getElementById(`${area.id}-length`);
  const length = [...area.value.trim()].length;
  line.querySelector("[data-count]").textContent = length.toLocaleString(document.documentElement.lang);
  line.classList.toggle("is-long", length > Number(line.dataset.advised));
}

for (const area of document.querySelectorAll(".wording textarea")) {
  area.addEventListener("input", () => show(area));
  show(area);
}
