/* One key per criterion: a digit marks the criterion in focus and moves on. */

export function bindKeys(form, criteria, { changed, keepNow }) {
  const remark = form.elements.remark;

  function goOn(from) {
    const next = criteria[criteria.indexOf(from) + 1];
    if (next) next.focus();
    else remark?.focus();
  }

  function current() {
    return criteria.find((each) => each.box.contains(document.activeElement));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(document.querySelector("[form=sheet][value=sign]"));
      return;
    }
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      keepNow();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = document.activeElement;
    const types = focused?.matches("textarea, select, input:not([type=radio])");
    const criterion = current();
    if (criterion && (event.key === "ArrowUp" || event.key === "ArrowDown") && criterion.input?.matches(".criterion__points")) {
      event.preventDefault();
      criterion.move(event.key === "ArrowUp" ? 1 : -1);
      criterion.quick.find((each) => each.tabIndex === 0 && !types)?.focus();
      changed();
      return;
    }
    if (types) {
      if (event.key === "Enter" && focused.matches(".criterion__points")) {
        event.preventDefault(); // Enter goes on; only Ctrl+Enter signs
        goOn(criterion);
      }
      return;
    }
    if (/^[0-9]$/.test(event.key)) {
      const target = criterion ?? criteria.find((each) => each.value() === null);
      if (target?.press(event.key)) {
        event.preventDefault();
        changed();
        goOn(target);
      }
      return;
    }
    if (event.key === "?") document.getElementById("keys").togglePopover();
  });
}
