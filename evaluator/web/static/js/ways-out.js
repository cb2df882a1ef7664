/* The ways out of a dossier: one key opens each, also when the sheet is signed; Ctrl+Enter in its small form sends it. */

const types = (element) => element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || types(document.activeElement)) return;
  const out = document.querySelector(`details[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!out) return;
  event.preventDefault();
  out.open = true;
  out.scrollIntoView({ block: "nearest" });
  out.querySelector("textarea").focus();
});

for (const area of document.querySelectorAll("details[data-key] textarea")) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      area.form.requestSubmit();
    }
  });
}
