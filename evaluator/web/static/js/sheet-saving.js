/* The draft: kept on the server within two seconds of the last key, and on this device while the line is down. */

const pause = 1200;
const longestPause = 30000;

export function keepDraft(form, criteria, refresh) {
  const address = form.dataset.sheet;
  const box = `sheet:${address}`;
  const version = form.elements.version;
  let timer = 0;
  let wait = pause;
  let underway = null;
  let isStopped = false;
  let restored = ""; // what this page took back from the device
  let kept = JSON.stringify(given());

  function given() {
    return { points: Object.fromEntries(criteria.map((each) => [each.key, each.text()])), remark: form.elements.remark?.value ?? "" };
  }

  function tell(words, state = "") {
    for (const place of document.querySelectorAll("[data-status]")) {
      place.textContent = words;
      place.dataset.state = state;
    }
  }

  function remember(text, isSent = false) {
    try {
      if (text) localStorage.setItem(box, JSON.stringify({ version: version.value, text, isSent }));
      else localStorage.removeItem(box);
    } catch {
      // A full or forbidden store: the server's copy must do.
    }
  }

  function later() {
    const text = JSON.stringify(given());
    if (isStopped || text === kept) return;
    remember(text);
    clearTimeout(timer);
    timer = setTimeout(now, pause);
  }

  async function now() {
    clearTimeout(timer);
    const text = JSON.stringify(given());
    if (isStopped || underway || text === kept) return;
    tell(form.dataset.saving);
    underway = send(text).catch(() => {
      tell(form.dataset.offline, "bad");
      wait = Math.min(wait * 2, longestPause);
      timer = setTimeout(now, wait);
    });
    await underway;
    underway = null;
    if (JSON.stringify(given()) !== text) later();
  }

  async function send(text) {
    const answer = await fetch(address, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ ...JSON.parse(text), version: Number(version.value || 0) }),
      keepalive: true,
    });
    if (answer.redirected || answer.status >= 500) throw new Error("no line");
    const told = await answer.json();
    if (answer.ok) {
      accept(told, text);
    } else if (answer.status === 422) {
      refuse(told);
    } else if (await wasOurOwn()) {
      setTimeout(now, 0); // the save of the page before this one arrived late: go on from it
    } else {
      isStopped = true; // signed, closed, or changed in another window: nothing is overwritten
      message(told.detail, "bad");
      tell("", "");
    }
  }

  /* A page that is left sends its draft as it goes; the next one may be drawn before that arrives. */
  async function wasOurOwn() {
    if (!restored) return false;
    const there = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
    const ours = JSON.parse(restored);
    const same = (one, other) => (one ?? "") === (other ?? "");
    if (!same(there.remark, ours.remark) || !criteria.every((each) => same(there.points?.[each.key], ours.points[each.key]))) return false;
    version.value = there.version;
    kept = "";
    restored = "";
    return true;
  }

  function accept(told, text) {
    version.value = told.version;
    kept = text;
    wait = pause;
    remember(text, true); // a page that was asked for before this may still show what stood there earlier
    for (const criterion of criteria) criterion.say("");
    const time = new Date(told.saved_at).toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
    tell(form.dataset.saved.replace("{time}", time));
    if (criteria.some((each) => each.kind === "quantity")) {
      document.querySelector(".bar [data-total]").textContent = Number(told.total).toLocaleString(document.documentElement.lang);
    }
  }

  function refuse(told) {
    for (const criterion of criteria) criterion.say((told.fields?.[criterion.key] ?? []).join(" "));
    tell(told.detail, "bad");
  }

  function message(words, kind) {
    const place = form.querySelector("[data-message]");
    place.hidden = false;
    place.className = `notice notice--${kind}`;
    place.replaceChildren(Object.assign(document.createElement("div"), { textContent: words }));
    place.scrollIntoView({ block: "nearest" });
  }

  function put(text) {
    const { points, remark } = JSON.parse(text);
    for (const criterion of criteria) {
      if (criterion.radios.length) for (const radio of criterion.radios) radio.checked = radio.value === points[criterion.key];
      else criterion.input.value = points[criterion.key] ?? "";
    }
    if (form.elements.remark) form.elements.remark.value = remark;
    refresh();
  }

  /* What could not be sent last time comes back, if nobody changed the sheet since. */
  function restore() {
    let stored = null;
    try {
      stored = JSON.parse(localStorage.getItem(box) ?? "null");
    } catch {
      return;
    }
    if (stored?.isSent && Number(stored.version) > Number(version.value)) { // this page is older than the last save
      version.value = stored.version;
      kept = stored.text;
      put(stored.text);
    } else if (stored && !stored.isSent && stored.version === version.value && stored.text !== kept) {
      restored = stored.text;
      put(stored.text);
      message(form.dataset.restored, "care");
      later();
    } else {
      remember("");
    }
  }

  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (underway) { // the version of the sheet is about to change: wait for it
      event.preventDefault();
      underway.then(() => form.requestSubmit(event.submitter));
      return;
    }
    isStopped = true;
  });
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") now(); });
  restore();
  return { later, now };
}
