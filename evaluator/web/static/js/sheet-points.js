/* Reading and writing the points of a sheet on the page. The server decides; this only shows it at once. */

const language = document.documentElement.lang;
const hundred = 100;

/** Read what was typed as hundredths: 8,5 and 8.5 are 850; null when it is empty or no number. */
export function read(text) {
  const match = /^\s*(\d{1,12})(?:[.,](\d{1,2}))?\s*$/.exec(text);
  return match ? Number(match[1]) * hundred + Number((match[2] ?? "0").padEnd(2, "0")) : null;
}

/** Write hundredths with as many decimals as needed, and the reader's decimal sign. */
export function write(points) {
  return (points / hundred).toLocaleString(language, { maximumFractionDigits: 2, useGrouping: false });
}

export function criteriaOf(form) {
  return [...form.querySelectorAll("[data-criterion]")].map((box) => new Criterion(box));
}

class Criterion {
  constructor(box) {
    this.box = box;
    this.key = box.dataset.criterion;
    this.kind = box.dataset.kind;
    this.input = box.querySelector("input.criterion__points, textarea");
    this.radios = [...box.querySelectorAll("input[type=radio]")];
    this.quick = [...box.querySelectorAll("button.quick")];
    this.least = Number(box.dataset.least);
    this.most = box.dataset.most === "" ? Infinity : Number(box.dataset.most);
    this.step = Number(box.dataset.step);
    this.share = Number(box.dataset.share);
    this.floor = box.dataset.floor === "" ? null : Number(box.dataset.floor);
    this.isRequired = box.dataset.required === "1";
    this.rove();
  }

  /** What stands here as it is sent: a text. */
  text() {
    if (this.radios.length) return this.radios.find((each) => each.checked)?.value ?? "";
    return this.input.value.trim();
  }

  /** The points given, in hundredths; null while nothing valid stands here. Comments and quantities have none. */
  value() {
    if (this.radios.length) {
      const chosen = this.radios.find((each) => each.checked);
      return chosen ? Number(chosen.dataset.worth) : null;
    }
    if (this.kind === "comment" || this.kind === "quantity") return this.text() === "" ? null : 0;
    const points = read(this.input.value);
    const isGood = points !== null && points >= this.least && points <= this.most && (points - this.least) % this.step === 0;
    return isGood ? points : null;
  }

  mark(points) {
    this.input.value = write(points);
    this.say("");
    this.show();
  }

  move(by) {
    const points = read(this.input?.value ?? "");
    const next = points === null ? this.least : points + by * this.step;
    this.mark(Math.min(Math.max(next, this.least), this.most));
  }

  /** Mark what a digit stands for; false when it stands for nothing here. */
  press(digit) {
    const button = this.quick.find((each) => each.dataset.digit === digit);
    if (button) this.mark(Number(button.dataset.points));
    const radio = this.radios.find((each) => each.dataset.digit === digit);
    if (radio) radio.checked = true;
    return Boolean(button || radio);
  }

  focus({ quietly = false } = {}) {
    const target = this.quick.find((each) => each.tabIndex === 0) ?? this.radios.find((each) => each.checked) ?? this.radios[0] ?? this.input;
    target.focus({ preventScroll: quietly });
    if (!quietly) this.box.scrollIntoView({ block: "nearest" });
  }

  /** The marks of a criterion are one stop of the Tab key. */
  rove() {
    const chosen = this.quick.find((each) => each.getAttribute("aria-pressed") === "true") ?? this.quick[0];
    for (const button of this.quick) button.tabIndex = button === chosen ? 0 : -1;
  }

  show() {
    const points = this.value();
    for (const button of this.quick) {
      const isChosen = points !== null && points >= Number(button.dataset.from) && points <= Number(button.dataset.to);
      button.setAttribute("aria-pressed", String(isChosen));
    }
    this.rove();
    const badge = this.box.querySelector("[data-floor-badge]");
    if (badge) tone(badge, points === null ? "quiet" : points >= this.floor ? "good" : "bad");
  }

  say(message) {
    const error = this.box.querySelector("[data-error]");
    error.hidden = !message;
    error.querySelector("span").textContent = message;
    if (message) this.input?.setAttribute("aria-invalid", "true");
    else this.input?.removeAttribute("aria-invalid");
  }
}

export function tone(badge, name) {
  for (const each of ["good", "bad", "care", "quiet"]) badge.classList.toggle(`badge--${each}`, each === name);
}

/** Show total, floors and what is missing, in the bar that is always in sight. */
export function showStanding(criteria, form) {
  let total = 0;
  for (const criterion of criteria) {
    criterion.show();
    total += (criterion.value() ?? 0) * criterion.share;
  }
  const bar = document.querySelector(".bar");
  const hasQuantity = criteria.some((each) => each.kind === "quantity");
  if (!hasQuantity) bar.querySelector("[data-total]").textContent = write(Math.round(total));
  const pass = bar.querySelector("[data-pass]");
  if (pass && !hasQuantity) tone(pass, total >= Number(pass.dataset.pass) ? "good" : "quiet");
  showFloors(criteria, bar.querySelector("[data-floors]"));
  const left = criteria.filter((each) => each.isRequired && each.value() === null && !inAlternatives(each)).length;
  const missing = bar.querySelector("[data-missing]");
  missing.textContent = left ? form.dataset.left.replace("{num}", left) : form.dataset.complete;
  tone(missing, left ? "care" : "good");
}

function inAlternatives(criterion) {
  return criterion.box.dataset.oneOf !== undefined;
}

function showFloors(criteria, badge) {
  if (!badge) return;
  const own = criteria.filter((each) => each.floor !== null);
  if (own.length !== Number(badge.dataset.floors)) return; // floors of groups: the server counts them
  const met = own.filter((each) => each.value() !== null && each.value() >= each.floor).length;
  const missed = own.some((each) => each.value() !== null && each.value() < each.floor);
  badge.querySelector("[data-floors-met]").textContent = met;
  tone(badge, missed ? "bad" : met === own.length ? "good" : "quiet");
}
