/* The member's ballot: what was chosen is sealed here, on this device, and leaves it only sealed. */

import { freshPair, seal, toHex } from "./hpke.js";
import { digest, enclose, written } from "./paper.js";
import { someWords } from "./words.js";

const form = document.querySelector("[data-ballot]");

/* Whether this browser can seal, found by doing it once; without it the page says how to vote on paper. */
async function isAble() {
  if (!window.isSecureContext || !window.crypto?.subtle) return false;
  try {
    const { publicKey } = await freshPair();
    await seal(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)), new Uint8Array(1), new Uint8Array(1));
    return true;
  } catch {
    return false;
  }
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { Accept: "application/json", "Content-Type": "application/json" } });
  if (answer.redirected) throw new Error(form.dataset.signedOut);
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.detail || form.dataset.failed);
  return told;
}

/* The definition must be the one whose hash stands on the page: that is what the members compared. */
async function frozen() {
  const { definition } = await ask(form.dataset.definition);
  if ((await digest("cv1.poll", definition)) !== form.dataset.pollHash) throw new Error(form.dataset.notFrozen);
  return definition.sealed;
}

function choices() {
  return Array.from(form.querySelectorAll("[data-part]"), (part) => ({ part: Number(part.dataset.part), choice: choiceOf(part) }));
}

function choiceOf(part) {
  if (part.dataset.kind === "yes-no") return part.querySelector("input:checked")?.value ?? null;
  if (part.dataset.kind === "choose") return chosen(part);
  return ranked(part);
}

function chosen(part) {
  const picked = Array.from(part.querySelectorAll("input:checked"), (box) => Number(box.value)).sort((one, other) => one - other);
  const most = Number(part.dataset.k || part.querySelectorAll("input").length);
  const least = part.dataset.exactly && picked.length ? Math.min(most, part.querySelectorAll("input").length) : 0;
  return picked.length > most || picked.length < least ? null : picked;
}

function ranked(part) {
  const groups = new Map();
  for (const select of part.querySelectorAll("select")) {
    if (select.value) groups.set(Number(select.value), [...(groups.get(Number(select.value)) ?? []), Number(select.dataset.option)]);
  }
  return [...groups.keys()].sort((one, other) => one - other).map((place) => groups.get(place).sort((one, other) => one - other));
}

function say(words, kind) {
  const place = form.querySelector("[data-message]");
  place.hidden = !words;
  place.className = `notice notice--${kind}`;
  place.replaceChildren(Object.assign(document.createElement("div"), { textContent: words }));
  if (words) place.scrollIntoView({ block: "nearest" });
}

async function send(given, request) {
  const { pad, layers, publication } = await frozen();
  const words = publication === "tracked" ? someWords(given.length) : given.map(() => null);
  const parts = await Promise.all(given.map(async ({ part, choice }, place) => ({
    part,
    envelope: toHex(await enclose(written(form.dataset.pollHash, part, choice, pad, words[place]), layers, form.dataset.pollHash, part)),
  })));
  await ask(form.dataset.cast, { method: "POST", body: JSON.stringify({ poll_hash: form.dataset.pollHash, request, parts }) });
  return words.filter(Boolean);
}

async function submit(event) {
  event.preventDefault();
  const given = choices();
  const open = given.find(({ choice }) => choice === null);
  if (open) {
    const part = form.querySelector(`[data-part="${open.part}"]`);
    say(part.dataset.kind === "yes-no" ? form.dataset.incomplete : part.querySelector("legend").textContent, "bad");
    part.querySelector("input")?.focus();
    return;
  }
  const button = form.querySelector("[data-send]");
  button.disabled = true;
  say(form.dataset.sealing, "");
  try {
    const request = toHex(crypto.getRandomValues(new Uint8Array(16)));
    const words = await patiently(() => send(given, request));
    form.reset();
    if (words.length) remember(given, words);
    else location.assign(form.dataset.receipt);
  } catch (error) {
    say(error.message, "bad");
    button.disabled = false;
  }
}

/* A line that drops for a moment: the same request again has the same answer, so nothing is counted twice. */
async function patiently(attempt) {
  for (const wait of [500, 1500, 4000]) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  throw new Error(form.dataset.offline);
}

/* With words beside the ballots the words are shown once, here; the server never has them before the opening. */
function remember(given, words) {
  const list = document.querySelector("[data-words]");
  list.hidden = false;
  list.querySelector("ol").replaceChildren(...given.map(({ part }, place) => {
    const line = document.createElement("li");
    line.value = part || place + 1;
    line.textContent = words[place];
    return line;
  }));
  form.hidden = true;
  list.querySelector("h2").focus();
}

if (form && (await isAble())) {
  document.querySelector("[data-unable]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", submit);
}
