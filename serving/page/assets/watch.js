// What is known of the model, anew every few seconds while somebody looks. Only what changed is replaced, and what was unfolded
// stays so.

const watch = document.getElementById("watch");
const language = document.documentElement.lang;
const EVERY = 10000;

const parts = () => watch.querySelectorAll("[data-part]");
const known = new Map([...parts()].map((part) => [part.dataset.part, part.innerHTML]));

// The hour of the place where somebody looks.
function local(part) {
  for (const time of part.querySelectorAll("time")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.textContent = moment.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  }
}

function replace(part, fresh) {
  if (known.get(part.dataset.part) === fresh.innerHTML) return;
  known.set(part.dataset.part, fresh.innerHTML);
  const folded = new Map([...part.querySelectorAll("details")].map((one) => [one.id, one.open]));
  const focused = part.contains(document.activeElement) ? document.activeElement.closest("details")?.id : null;
  part.replaceChildren(...fresh.childNodes);
  local(part);
  for (const one of part.querySelectorAll("details")) one.open = folded.get(one.id) ?? one.open;
  if (focused) document.getElementById(focused)?.querySelector("summary").focus();
}

async function look() {
  try {
    const answer = await fetch(watch.dataset.parts);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts()) {
      const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (now) replace(part, now);
    }
  } catch {
    // The head of the page says that the connection is lost.
  }
}

for (const part of parts()) local(part);
setInterval(() => document.visibilityState === "visible" && look(), EVERY);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
document.addEventListener("state", look);
