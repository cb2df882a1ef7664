// Keeps the draft of a dossier two seconds after the last key, and shows what the shares add up to.
// Without it the Save button does the same.
const form = document.querySelector("form[data-autosave]");
const status = form.querySelector("[data-save-status]");
const version = form.querySelector("[name=version]");
const total = form.querySelector("[data-share-total]");
let waiting = 0;
let saving = false;
let again = false;

function addUp() {
  const shares = [...form.querySelectorAll("[data-share]")].map((each) => Math.round(parseFloat(each.value.replace(",", ".")) * 100) || 0);
  const sum = shares.reduce((one, other) => one + other, 0);
  total.hidden = false;
  total.querySelector("span").textContent = (sum / 100).toLocaleString(document.documentElement.lang);
  total.classList.toggle("is-bad", sum !== 10000);
}

async function save() {
  if (saving) { again = true; return; }
  saving = true;
  const data = new FormData(form);
  data.delete("file");
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (answer.ok) {
      version.value = said.version;
      const at = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      status.textContent = `${form.dataset.savedWords} ${at}`;
      status.classList.remove("is-bad");
      if (!again) form.dispatchEvent(new Event("saved"));
    } else {
      status.textContent = said.detail || form.dataset.failedWords;
      status.classList.add("is-bad");
    }
  } catch {
    status.textContent = form.dataset.offlineWords;
    status.classList.add("is-bad");
    again = true;
  }
  saving = false;
  if (again) { again = false; wait(); }
}

function wait() {
  clearTimeout(waiting);
  waiting = setTimeout(save, 2000);
}

form.addEventListener("input", (event) => {
  if (event.target.type !== "file") wait();
  addUp();
});
form.addEventListener("submit", () => clearTimeout(waiting));
addUp();
