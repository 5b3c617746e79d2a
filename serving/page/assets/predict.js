// The result follows the inputs: what moves is tried, what is sent is a prediction. Answers that were overtaken are dropped.

const form = document.getElementById("inputs");
const parts = ["result", "why", "curve"].map((part) => document.getElementById(part));
const whatIf = document.getElementById("what-if-card");
// For who listens, and for who has the form before them and the answer below it.
const [said, now] = ["said", "now"].map((line) => document.getElementById(line));
const WAIT = 120;
// A form hands its inputs out by name, before anything of its own: features may be called as they like.
const POINT = form.getAttribute("data-point");
const field = (name) => document.querySelector(`[data-field="${CSS.escape(name)}"]`);

let timer = 0;
let asked = 0;
let request = null;
// Whether what is to be asked again is a prediction that somebody pressed for.
let pressed = false;
// Sliders move faster than answers come: one is tried at a time, then the newest.
let [moving, trying, newer] = [0, false, false];

async function ask(tried) {
  clearTimeout(timer);
  clearTimeout(moving);
  // What is overtaken is given up, but for a prediction: it may have been kept already.
  request?.abort();
  request = tried ? new AbortController() : null;
  [pressed, moving, trying, newer] = [false, 0, tried, false];
  const number = ++asked;
  const body = new URLSearchParams(new FormData(form));
  if (tried) body.set(".tried", "1");
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${form.getAttribute("action")}/result`, { method: "POST", body, signal: request?.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const card = page.querySelector("[data-entry]");
    if (card && !tried) document.dispatchEvent(new CustomEvent("predicted", { detail: JSON.parse(card.dataset.entry) }));
    if (number === asked) show(page, tried);
  } catch (reason) {
    if (number === asked && reason.name !== "AbortError") away(tried);
  }
  if (number !== asked) return;
  form.removeAttribute("aria-busy");
  trying = false;
  if (newer) moved();
}

function moved() {
  clearTimeout(timer);
  if (trying) newer = true;
  else moving ||= setTimeout(() => ask(true), WAIT);
}

function again(tried, seconds) {
  pressed = !tried;
  timer = setTimeout(() => ask(tried), seconds * 1000);
}

// What moved the result before, and what would be, is not about these inputs.
function troubled(...nodes) {
  parts[0].replaceChildren(...nodes);
  parts[1].hidden = whatIf.hidden = true;
  said.textContent = "";
  now.textContent = parts[0].querySelector("strong")?.textContent ?? "";
}

function away(tried) {
  troubled(document.getElementById("page-away").content.cloneNode(true));
  again(tried, 3);
}

function show(answer, tried) {
  const fresh = (part) => answer.querySelector(`[data-part="${part}"]`);
  if (!fresh("result")) {
    // A form from long ago says so; anything else comes from something in between.
    const trouble = answer.querySelector("[data-trouble]");
    if (trouble) troubled(trouble);
    else away(tried);
    return;
  }
  const problems = [...fresh("result").querySelectorAll("[data-problem]")];
  if (problems.some((one) => !field(one.dataset.problem))) {
    // The model has an input now that this form has not.
    location.search = String(new URLSearchParams([...new FormData(form)].filter(([name]) => !name.startsWith("."))));
    return;
  }
  const trouble = fresh("result").querySelector("[data-trouble]");
  const before = parts[0].querySelector("[data-trouble]");
  mark(fresh("result"));
  const card = fresh("result").querySelector("[data-entry]");
  if (card) {
    for (const part of parts) part.replaceChildren(...fresh(part.id).childNodes);
    parts[1].hidden = false;
    whatIf.hidden = parts[2].childElementCount === 0;
    said.textContent = now.textContent = card.dataset.said;
    carry(card.dataset.query);
  } else {
    troubled(...fresh("result").childNodes);
  }
  // On a telephone the answer is below the button; who reads on while it is asked again is left alone.
  if (!tried && !(trouble && before)) parts[0].scrollIntoView({ block: "nearest" });
  // A field to mend is for people; the rest is asked again.
  const seconds = Number(trouble?.dataset.retry);
  if (seconds) again(tried, seconds);
}

// Each field says what is wrong with it.
function mark(result) {
  for (const field of form.querySelectorAll("[data-field]")) {
    const wrong = result.querySelector(`[data-problem="${CSS.escape(field.dataset.field)}"] span`);
    field.querySelector("[name]").toggleAttribute("aria-invalid", false);
    if (wrong) field.querySelector("[name]").setAttribute("aria-invalid", "true");
    field.querySelector(".problem").textContent = wrong?.textContent ?? "";
    field.classList.toggle("beyond", Boolean(result.querySelector(`[data-outside="${CSS.escape(field.dataset.field)}"]`)));
  }
}

// The address carries the inputs, and so do the links to other languages.
function carry(query) {
  history.replaceState(null, "", `?${query}`);
  for (const link of document.querySelectorAll(".languages a")) link.search = query;
}

function together(field, from) {
  const [slider, box] = [field.querySelector("[type=range]"), field.querySelector("[type=text]")];
  if (!slider || !box) return;
  const thousands = POINT === "." && /^-?[1-9]\d{0,2}(,\d{3})+(\.|$)/.test(box.value);
  if (from === slider) box.value = slider.value.replace(".", POINT);
  else slider.value = box.value.replace(/\s/g, "").replaceAll(",", thousands ? "" : ".");
}

form.addEventListener("input", (event) => {
  const field = event.target.closest("[data-field]");
  if (field) together(field, event.target);
  moved();
});
document.getElementById("curve-of").addEventListener("change", () => ask(true));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(false);
});
document.getElementById("reset").addEventListener("click", () => {
  for (const box of form.querySelectorAll("[data-begins]")) {
    box.value = box.dataset.begins;
    together(box.closest("[data-field]"), box);
  }
  ask(true);
});
// Browsers lend the clipboard to pages over https, and to their own machine.
document.documentElement.toggleAttribute("data-clipboard", Boolean(navigator.clipboard));
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(location.href);
  button.textContent = button.dataset.copy;
});
document.addEventListener("state", (event) => {
  if (event.detail === "loaded" && parts[0].querySelector("[data-retry]")) ask(!pressed);
});
