// The states of the models, anew every few seconds while somebody looks.

const nav = document.getElementById("models");
const offline = document.getElementById("offline");
const EVERY = 3000;

const here = () => nav.querySelector("[aria-current]");
// Of a long row of models, the one that the page is of is in sight.
if (here()) nav.scrollLeft = here().offsetLeft - nav.offsetLeft - 16;

async function look() {
  try {
    const answer = await fetch(nav.dataset.parts);
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.text());
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  }
}

function show(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").body;
  if (fresh.innerHTML.trim() === nav.innerHTML.trim()) return;
  const focused = nav.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const before = here()?.className;
  nav.replaceChildren(...fresh.childNodes);
  if (focused) nav.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  const now = here()?.className;
  if (now === before) return;
  // A page without a form gets one as soon as the model can be described.
  if (now === "loaded" && document.querySelector("[data-waiting]")) location.reload();
  document.dispatchEvent(new CustomEvent("state", { detail: now }));
}

setInterval(() => document.visibilityState === "visible" && look(), EVERY);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
