/* The score sheet: quick marks, the running total, keys, a draft that is kept by itself. Works without all of it. */

import { bindKeys } from "./sheet-keys.js";
import { criteriaOf, showStanding } from "./sheet-points.js";
import { keepDraft } from "./sheet-saving.js";

const form = document.getElementById("sheet");
const criteria = criteriaOf(form);
const refresh = () => showStanding(criteria, form);
const draft = keepDraft(form, criteria, refresh);

for (const criterion of criteria) {
  for (const button of criterion.quick) {
    button.addEventListener("click", () => {
      criterion.mark(Number(button.dataset.points));
      refresh();
      draft.later();
    });
  }
}
form.addEventListener("input", () => { refresh(); draft.later(); });
bindKeys(form, criteria, { changed: () => { refresh(); draft.later(); }, keepNow: draft.now });
refresh();

/* The keyboard starts at the first criterion that is still empty, unless the page came back with errors. */
if (matchMedia("(hover: hover) and (width >= 60rem)").matches && !form.querySelector(".error-summary")) {
  (criteria.find((each) => each.value() === null) ?? criteria[0])?.focus({ quietly: true });
}
