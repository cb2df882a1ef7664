// Keeps the progress of long work current; slower the longer it takes. Without it the page refreshes itself.
const box = document.querySelector("[data-work]");
let pause = 1000;

async function look() {
  try {
    const answer = await fetch(box.dataset.work, { headers: { Accept: "application/json" } });
    const work = await answer.json();
    const bar = box.querySelector("progress");
    if (work.state === "done" || work.state === "failed") {
      location.reload();
      return;
    }
    if (bar && work.total) {
      bar.max = work.total;
      bar.value = work.done;
      box.querySelector(".progress__words span").textContent = work.message;
      box.querySelector(".progress__words b").textContent = work.done.toLocaleString(document.documentElement.lang);
    }
  } catch {
    // The line is down for a moment; the work goes on without us.
  }
  pause = Math.min(pause * 1.2, 5000);
  setTimeout(look, pause);
}

setTimeout(look, pause);
